// The main job: inputs in, a report out.
//
// Every analysis is observed in up to four variants at once: over the undamaged traces, and over
// the damaged ones as written (`none`), rebuilt, and in the mode that was asked for. Undamaged
// traces look the same in every mode, so they are built and observed once; merging the variants
// afterwards gives each headline under none, accurate and rebuild (statistics T3) for the price of
// the damaged traces alone.
#pragma once

#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "base/result.h"
#include "document/document.h"
#include "engine/read_rows.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct CharacteriseOptions {
  ReadOptions read;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  std::vector<std::string> only;  // ids of analyses; empty: all
  std::vector<std::string> skip;
};

struct Characterised {
  document::Document document;
  bool interrupted = false;  // partial
};

// Errors: as ReadAllRows; kUsage for an analysis that is not known.
Result<Characterised> Characterise(const CharacteriseOptions& options);

// The analyses that `only` and `skip` leave; kUsage names what is not known. `completeness` is
// always known.
Result<std::vector<const analysis::AnyAnalysis*>> ChooseAnalyses(
    const std::vector<std::string>& only, const std::vector<std::string>& skip);

// The engine's own section, described like an analysis.
extern const analysis::Description kCompletenessDescription;

}  // namespace plumbago::engine
