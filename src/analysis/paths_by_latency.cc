#include "analysis/paths_by_latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;

constexpr std::array<double, PathsByLatency::kBands> kBandEnds = {0.5, 0.9, 0.99, 1};
constexpr size_t kParts = 7;  // of a bar; the rest is one more

}  // namespace

PathsByLatency::Bands::Bands(const LatencyCells& latencies) {
  const auto all = static_cast<double>(latencies.requests());
  double below = 0;
  for (const LatencyCells::Cell& cell : latencies.cells()) {
    const double middle = (below + static_cast<double>(cell.requests) / 2) / all;
    size_t band = 0;
    while (band + 1 < kBands && middle > kBandEnds[band]) ++band;
    of_cell[cell.cell] = band;
    requests[band] += cell.requests;
    ns[band] += cell.ns;
    all_ns += cell.ns;
    below += static_cast<double>(cell.requests);
  }
}

PathsByLatency::PathsByLatency(const CriticalPath::State& state, const model::Names& names)
    : names_(names) {
  state.entries.ForEach([&](const CriticalPath::Entry& entry) {
    bands_.emplace(entry.key(), Bands(entry.requests));
  });
  state.parts.ForEach([&](const CriticalPath::Part& part) {
    const Entry entry{Index(part.entry_service), Index(part.entry)};
    const auto at = bands_.find(entry);
    if (at == bands_.end()) return;
    Line line{entry, part.service, part.operation, at->second.all_ns};
    for (const LatencyCells::Cell& cell : part.own.cells()) {
      const auto band = at->second.of_cell.find(cell.cell);
      if (band == at->second.of_cell.end()) continue;
      line.ns[band->second] += cell.ns;
      line.total += cell.ns;
    }
    lines_.push_back(line);
  });
  // Stable: among equals the names decide.
  std::stable_sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
    if (a.entry_ns != b.entry_ns) return a.entry_ns > b.entry_ns;
    return a.entry != b.entry ? a.entry < b.entry : a.total > b.total;
  });
}

std::string PathsByLatency::EntryName(const Entry& entry) const {
  return NameOf(names_.Text(Id<model::ServiceId>(entry[0])),
                names_.Text(Id<model::OperationId>(entry[1])));
}

document::Table PathsByLatency::Table(size_t rows) const {
  document::Table table;
  table.id = "critical_path_by_latency";
  table.title = "Time on the critical path, by latency of the request";
  table.columns = {
      {"entry", "entry", Unit::kNone, "service and operation that the request came to"},
      {"service", "service", Unit::kNone, "that was at work"},
      {"operation", "operation", Unit::kNone, "of its span"},
      {"total", "total", Unit::kNanoseconds, "on the paths of this entry"},
      {"p0_50", "fastest half", Unit::kShare, "of the time of these requests"},
      {"p50_90", "p50 to p90", Unit::kShare, "of the time of these requests"},
      {"p90_99", "p90 to p99", Unit::kShare, "of the time of these requests"},
      {"p99_100", "slowest 1 %", Unit::kShare, "of the time of these requests"},
      {"requests", "requests", Unit::kCount, "of this entry, all"},
  };
  const size_t shown = std::min(lines_.size(), rows);
  table.more_rows = lines_.size() - shown;
  for (const Line& line : std::span(lines_).first(shown)) {
    const Bands& of = bands_.at(line.entry);
    std::array<std::optional<double>, kBands> shares;
    uint64_t requests = 0;
    for (size_t b = 0; b < kBands; ++b) {
      shares[b] = Share(line.ns[b], of.ns[b]);
      requests += of.requests[b];
    }
    table.rows.push_back(RowOf(EntryName(line.entry), NameOf(names_.Text(line.service), ""),
                               names_.Text(line.operation), line.total, shares[0], shares[1],
                               shares[2], shares[3], requests));
  }
  return table;
}

document::Figure PathsByLatency::FigureOf(std::span<const Line> lines) const {
  constexpr std::array<const char*, kBands> kNames = {"fastest half", "p50 to p90", "p90 to p99",
                                                      "slowest 1 %"};
  const Bands& of = bands_.at(lines.front().entry);
  document::Figure figure;
  figure.title = "Where a request's time goes, fast and slow: " + EntryName(lines.front().entry);
  figure.kind = document::FigureKind::kStackedBars;
  figure.x = {"latency of the request", Unit::kNone, false};
  figure.y = {"mean of a request", Unit::kNanoseconds, false};
  std::vector<size_t> bands;  // that have requests
  for (size_t b = 0; b < kBands; ++b) {
    if (of.requests[b] == 0) continue;
    bands.push_back(b);
    figure.labels.emplace_back(kNames[b]);
  }
  const auto add = [&](std::string name, const std::array<uint64_t, kBands>& ns) {
    document::Series series;
    series.name = std::move(name);
    for (size_t i = 0; i < bands.size(); ++i) {
      const size_t b = bands[i];
      series.points.push_back({static_cast<double>(i),
                               static_cast<double>(ns[b]) / static_cast<double>(of.requests[b])});
    }
    figure.series.push_back(std::move(series));
  };
  const size_t named = lines.size() <= kParts + 1 ? lines.size() : kParts;
  for (const Line& line : lines.first(named))
    add(NameOf(names_.Text(line.service), names_.Text(line.operation)), line.ns);
  if (named < lines.size()) {
    std::array<uint64_t, kBands> rest{};
    for (const Line& line : lines.subspan(named)) {
      for (size_t b = 0; b < kBands; ++b) rest[b] += line.ns[b];
    }
    add(fmt::format("{} more operations", lines.size() - named), rest);
  }
  return figure;
}

std::vector<document::Figure> PathsByLatency::Figures() const {
  std::vector<document::Figure> figures;
  for (size_t i = 0; i < lines_.size() && figures.size() < kPictures;) {
    size_t end = i + 1;
    while (end < lines_.size() && lines_[end].entry == lines_[i].entry) ++end;
    figures.push_back(FigureOf(std::span(lines_).subspan(i, end - i)));
    figures.back().id = fmt::format("path_by_latency_{}", figures.size());
    figures.back().key = figures.size() == 1;
    i = end;
  }
  return figures;
}

}  // namespace plumbago::analysis
