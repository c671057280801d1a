// Writes a workload of functions as the Azure release of 2019 has it (a file a day: invocations by
// minute, durations, memory), and a log of executions of some of it as the release of 2021 has one.
//
// Applications are made in blocks, on all threads, and written in order: the same bytes for any
// number of threads. Memory: a block of 32 applications a thread (10 MB or so).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "generate/functions/invocations_truth.h"
#include "generate/functions/workload_shape.h"

namespace plumbago::generate::functions {

enum class Table : uint8_t { kInvocations, kDurations, kMemory, kLog };

// Takes text of a table's day (0 for kLog), in order, the header first. Calls for different (table,
// day) may come from different threads at once, those for the same one never do.
using TableSink = std::function<Result<void>(Table table, uint32_t day, std::string_view text)>;

// Errors: the sink's. When `stop` says so what is written is partial (`interrupted`).
Result<InvocationsTruth> GenerateInvocations(const WorkloadShape& shape,
                                             const InvocationOptions& options,
                                             const TableSink& sink,
                                             const std::function<bool()>& stop);

}  // namespace plumbago::generate::functions
