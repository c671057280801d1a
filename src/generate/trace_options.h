// What is asked of the trace generator.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "formats/format.h"

namespace plumbago::generate {

enum class Order : uint8_t {
  kTime,   // rows by their time, traces mixed, as in the archives
  kTrace,  // one trace after another, by birth
};
Result<Order> ParseOrder(std::string_view text);  // "time", "trace"

// How much is broken on purpose; each between 0 and 0.5.
struct DamageShares {
  double duplicates = 0;  // of rows: written twice
  double missing = 0;  // of calls below the entry: a call with callees loses all its rows, a call
                       // without callees one of its two (one that has only one row keeps it)
  double propagation = 0;  // of calls with two callees or more: all callees get the same id
  double malformed = 0;    // of rows: a line that is no row stands in its place
  bool any() const { return duplicates > 0 || missing > 0 || propagation > 0 || malformed > 0; }
};
// "duplicates=0.02,missing=0.01": any of the four, each at most once.
Result<DamageShares> ParseDamage(std::string_view text);

// What an analysis is to find, planted on purpose. Where anything is planted, there is nothing of
// the kinds that are not: no loops, cycles, parallel or failing calls come about by chance. Shares
// between 0 and 0.5.
struct Plants {
  double parallel = 0;     // of interfaces with two call sites or more: make them side by side
  double independent = 0;  // of the others: one after the other, in another order each time
  double n_plus_1 = 0;     // of call sites that lead to a leaf: called 5 to 44 times in a row
  double retry = 0;   // of call sites: a fifth of the calls fails and is made again, up to 3 in all
  double cycles = 0;  // of interfaces below an entry: call the service that called them
  double cpu = 0;     // own work takes so much longer for a point of the host's CPU; to 0.05
  uint32_t clusters = 0;  // instances lie in so many clusters, calls across take longer; 2 to 64
  bool given = false;     // something was asked for, be it 0
  bool any() const {
    return given || parallel + independent + n_plus_1 + retry + cycles + cpu > 0 || clusters > 0;
  }
};
// "parallel=0.3,n-plus-1=0.01": any of the seven, each at most once.
Result<Plants> ParsePlants(std::string_view text);

struct TraceOptions {
  uint64_t rows = 0;  // exactly so many data rows, damaged ones included; at least 1
  uint64_t seed = 1;
  uint32_t services = 20'000;  // of the system; 10 to 10,000,000
  uint64_t edges = 0;          // plant exactly so many distinct edges; 0: as they come
  Order order = Order::kTime;
  DamageShares damage;
  Plants plants;
  bool resources = false;                   // spread over an hour, beside tables of resources
  const formats::Format* format = nullptr;  // its name chooses the release's shape and names
  unsigned threads = 0;                     // 0: as many as the machine has
};

}  // namespace plumbago::generate
