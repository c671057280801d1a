#include "engine/clock_section.h"

#include <algorithm>
#include <span>
#include <string>

namespace plumbago::engine {

using document::Unit;

namespace {

const char* StateText(ClockPair::State state) {
  switch (state) {
    case ClockPair::State::kFits:
      return "fits";
    case ClockPair::State::kSkewed:
      return "skewed";
    case ClockPair::State::kDrifts:
      return "drifts";
    case ClockPair::State::kFew:
      break;
  }
  return "few calls";
}

}  // namespace

void AddClocks(const ClockOffsets& clocks, const model::Names& names, size_t rows,
               document::Section& section) {
  if (clocks.pairs.empty()) return;
  section
      .AddHeadline("clock_pairs", "pairs of hosts whose clocks can be compared", Unit::kCount,
                   static_cast<double>(clocks.pairs.size()))
      .total = true;
  section
      .AddHeadline("clocks_shifted", "hosts whose clock was put right", Unit::kCount,
                   static_cast<double>(clocks.hosts_shifted))
      .total = true;
  section
      .AddHeadline("clocks_remaining", "pairs whose servers still begin before their clients",
                   Unit::kCount, static_cast<double>(clocks.remaining))
      .total = true;
  document::Table table{
      "clocks",
      "Clocks of hosts, by the calls between them",
      {{"a", "host", Unit::kNone, "one"},
       {"b", "other host", Unit::kNone, "the other"},
       {"calls_ab", "calls there", Unit::kCount,
        "from the first to the other, both sides recorded"},
       {"calls_ba", "calls back", Unit::kCount, "from the other to the first"},
       {"low", "ahead at least", Unit::kNanoseconds, "of the other's clock to the first's"},
       {"high", "ahead at most", Unit::kNanoseconds, "likewise"},
       {"taken", "taken", Unit::kNanoseconds, "0 where nothing is shifted"},
       {"state", "state", Unit::kNone,
        "fits, skewed, drifts (bounds exclude each other), few calls"}},
      {},
      false};
  const size_t shown = std::min(rows, clocks.pairs.size());
  for (const ClockPair& pair : std::span(clocks.pairs).first(shown)) {
    const bool few = pair.state == ClockPair::State::kFew;
    const auto bound = [few](int64_t ns) {
      return few ? document::Cell() : document::Cell(static_cast<int64_t>(ns));
    };
    table.rows.push_back({std::string(names.Text(pair.a)), std::string(names.Text(pair.b)),
                          static_cast<int64_t>(pair.calls_ab), static_cast<int64_t>(pair.calls_ba),
                          bound(pair.low_ns), bound(pair.high_ns), bound(pair.difference_ns),
                          std::string(StateText(pair.state))});
  }
  table.more_rows = clocks.pairs.size() - shown;
  section.tables.push_back(std::move(table));
}

}  // namespace plumbago::engine
