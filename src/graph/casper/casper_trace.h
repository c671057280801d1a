// CASPER's answer for one trace, id for id, quirks included. For comparing with results that others got with it; the
// plain repair modes do better (docs/design/0003-repair.md names each difference).
//
// Source: docc-lab/casper trace_builder.py (ICPE'24), as it behaves with pandas 1.5.3 and all four modes run
// together, which is how its published oracles were made: rebuild takes the ids below a context-propagation error out
// of the work list of the others. Its answer depends on the order of rows.
//
// Cost: quadratic in the ids of a trace in the worst case, as the original's. No state between traces; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::graph {

enum class CasperYear : uint8_t { k2021, k2022 };

// A row as pandas reads it. A view without data is missing (NaN).
struct CasperRow {
  std::string_view rpcid, um, rpctype, dm;
  double rt = 0;  // NaN: missing
};

// A row that a mode keeps: `source` is the row whose other columns go with it.
struct CasperKept {
  static constexpr uint32_t kInserted = 0xFFFFFFFFu;
  std::string rpcid;
  std::string um, dm;
  uint32_t source = kInserted;
};

struct CasperAnswer {
  std::vector<CasperKept> rpcid, accurate, partial, rebuild;
  bool propagation_error = false;
  bool data_loss = false;
  bool crashed = false;  // the original raises an exception: its answer is nothing
};

CasperAnswer CasperTrace(std::span<const CasperRow> rows, CasperYear year);

// True for the words that pandas reads as missing in any column.
bool CasperMissing(std::string_view text);

}  // namespace plumbago::graph
