// The folders in which Grafana Tempo keeps its blocks: which of the files below the inputs are to
// be read, and once.
//
// A block is a folder with data.parquet and meta.json. Left out, each with a sentence:
//   - blocks whose meta.json is meta.compacted.json (merged into another block) or
//   meta.deleted.json
//   - a block that is there again: same tenant, id and size (the live store keeps copies)
//   - pieces of the write-ahead log (folders UUID+TENANT+VERSION): spans that reach a block later
// What else Tempo keeps there (meta.json, index, bloom filters, work.json, ...) is no data and is
// left out without a word. Files that were named one by one are read, whatever stands beside them.
#pragma once

#include <string>
#include <vector>

#include "base/input_files.h"

namespace plumbago::store {

// As formats::InputFilter.
void FilterTempoFolders(std::vector<InputFile>& files, std::vector<std::string>& skipped);

}  // namespace plumbago::store
