// The tables beside generated traces: how busy each instance and each host was, minute by minute,
// and in which cluster each instance lies.
//
//   for (const ResourceTable& table : TablesFor(options)) { open BesideName(table.name); ... }
//   RETURN_IF_ERROR(WriteTable(table, system, options.seed, truth.last_ms(), sink));
//
// Instances of all services of the system, from the start of the data to its last row; a row a
// minute. Costs 0.1 us a value; memory: a batch.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/format.h"
#include "generate/generate_traces.h"
#include "generate/system.h"
#include "generate/trace_options.h"

namespace plumbago::generate {

struct ResourceTable {
  enum What : uint8_t { kResources, kNodes, kPlaces } what = kResources;
  std::string_view name;  // "resources", "nodes", "places": part of the file's name
  std::unique_ptr<formats::Encoder> encoder;
};

// The tables that the options ask for, in the release's own layout where it has one.
// Errors: kUsage if the format has none.
Result<std::vector<ResourceTable>> TablesFor(const TraceOptions& options);

// Writes one of a placed system. Errors: the sink's.
Result<void> WriteTable(const ResourceTable& table, const System& system, uint64_t seed,
                        int64_t last_ms, const TextSink& sink);

}  // namespace plumbago::generate
