// Where the time of requests goes in fast and in slow ones: the merged critical path of each entry
// operation, by bands of the entry's latency.
//
// A band is cut by quantiles, and a cell of latencies (4 % wide) belongs where its middle request
// does: sums are exact, borders are those of cells.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "analysis/critical_path.h"
#include "document/document.h"
#include "model/names.h"

namespace plumbago::analysis {

class PathsByLatency {
 public:
  static constexpr size_t kBands = 4;     // to the median, p90, p99, and beyond
  static constexpr size_t kPictures = 3;  // entries with a figure: those with most time

  // `names` must outlive this.
  PathsByLatency(const CriticalPath::State& state, const model::Names& names);

  // Shares of each band's time; entries with most time first.
  document::Table Table(size_t rows) const;
  // Mean time of a request, by band, stacked from what has most of it.
  std::vector<document::Figure> Figures() const;

 private:
  using Entry = std::array<uint32_t, 2>;  // service, operation
  struct Bands {
    std::map<uint32_t, size_t> of_cell;
    std::array<uint64_t, kBands> requests{}, ns{};
    uint64_t all_ns = 0;

    explicit Bands(const LatencyCells& latencies);
  };
  struct Line {
    Entry entry;
    model::ServiceId service;
    model::OperationId operation;
    uint64_t entry_ns = 0;  // of all requests of the entry
    uint64_t total = 0;
    std::array<uint64_t, kBands> ns{};
  };

  std::string EntryName(const Entry& entry) const;
  document::Figure FigureOf(std::span<const Line> lines) const;

  const model::Names& names_;
  std::map<Entry, Bands> bands_;
  std::vector<Line> lines_;  // by entry, most time first
};

}  // namespace plumbago::analysis
