// How a run shares out the memory that it may use.
//
// The budget is what --memory says; the whole process (code, names, mapped pages) stays below twice
// that, as measured from outside. Shares of the budget:
//
//   resident rows   0.30   rows that wait in memory; what is beyond goes to the spill file
//   states          0.25   what analyses have learnt, all threads together
//   partitions      0.25   rows of one partition and their grouping, all threads together
//   largest trace   0.70   the working memory of one trace. Only one large trace is worked on at a
//                          time, and few inputs have any: this is on top, and within twice the
//                          budget
//   the rest        0.20   blocks of input, decompression ahead, caches of names
//
// Shares that decide what is in the answer (largest_trace) depend on the budget alone, not on the
// number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago::engine {

inline constexpr uint64_t kLeastBudget = 64u << 20;

// All but `threads` in bytes.
struct MemoryPlan {
  uint64_t budget = 0;
  unsigned threads = 1;      // at most those asked for; each needs about 20 MB
  size_t block_bytes = 0;    // of input, one a thread
  size_t ahead_bytes = 0;    // decompressed ahead of parsing, all threads together
  size_t chunk_bytes = 0;    // of a partition's rows; each thread has an open one a partition
  size_t resident_rows = 0;  // all threads together
  size_t states = 0;         // all threads together
  size_t partition = 0;      // rows that a thread groups at once; a larger partition is split
  size_t largest_trace = 0;  // working memory; a larger trace is counted and left out
  size_t large_trace = 0;    // from here on one at a time, and its memory is given back
};

MemoryPlan PlanMemory(uint64_t budget, unsigned threads);

// Half of what is free: the least of what the system says is available and what the control groups
// (v1 and v2) of this process leave; at least kLeastBudget.
uint64_t DefaultBudget();

// "64M", "1.5G", "300000000": K, M, G, T are powers of 1024. Errors (kUsage): not a size; below
// kLeastBudget.
Result<uint64_t> ParseSize(std::string_view text);
// "64M", "1.5G": as ParseSize takes it, rounded to three digits.
std::string SizeText(uint64_t bytes);

}  // namespace plumbago::engine
