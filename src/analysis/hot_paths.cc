#include "analysis/hot_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/keep_first.h"
#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "analysis/whole_ticks.h"
#include "base/int128.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

using Entry = HotPaths::Entry;
using Hash = HotPaths::Hash;
using Path = HotPaths::Path;
using State = HotPaths::State;
using Open = State::Open;

constexpr uint64_t kTooDeep = 0x6D6F7265'62656C6Full;  // in place of a service's hash
constexpr double kGain = 0.10;                         // what is taken for a service optimised

uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 32)) * 0xD6E8FEB86659FD93ull;
  return value ^ (value >> 32);
}

Open Below(const Open& above, uint64_t service) {
  return {Mix((above.high + service) * 0x9E3779B97F4A7C15ull),
          Mix((above.low ^ service) * 0xC2B2AE3D27D4EB4Full + 0x165667B19E3779F9ull)};
}

Hash HashOf(const Open& path) {
  return {static_cast<uint32_t>(path.high >> 32), static_cast<uint32_t>(path.high),
          static_cast<uint32_t>(path.low)};
}

uint64_t ServiceHash(State& state, model::ServiceId service, const model::Names* names) {
  const uint32_t id = Index(service);
  if (id >= state.service_hashes.size()) {
    state.service_hashes.resize(std::max<size_t>(id + 1, state.service_hashes.size() * 2));
  }
  uint64_t& hash = state.service_hashes[id];
  if (hash == 0) hash = names == nullptr ? Mix(id + 1ull) : names->services.Hash(id);
  return hash;
}

int64_t Nanoseconds(UInt128 ns) {
  return static_cast<int64_t>(std::min<UInt128>(ns, std::numeric_limits<int64_t>::max()));
}

// The paths with most own time, spelled out.
struct Found {
  struct Line {
    Path path;
    std::string text;
  };
  std::vector<Line> lines;
  uint64_t paths = 0;
  UInt128 top_ns = 0;  // own time of the ten hottest

  Found(const State& state, const Facts& facts) {
    const size_t most =
        facts.headline_only ? 10 : std::clamp<size_t>(facts.table_rows, 10, HotPaths::kTold);
    state.paths.ForEach([&](const Path& path) { Add(path, most); });
    std::sort(lines.begin(), lines.end(), Hotter);
    for (size_t i = 0; i < std::min<size_t>(10, lines.size()); ++i) {
      top_ns += lines[i].path.self_ns.sum();
    }
    if (!facts.headline_only) Spell(state, *facts.names);
  }

 private:
  // Among equals the key decides: the name of the last service, then the hash of the texts.
  static bool Hotter(const Line& a, const Line& b) {
    const UInt128 x = a.path.self_ns.sum();
    const UInt128 y = b.path.self_ns.sum();
    return x != y ? x > y : a.path.key() < b.path.key();
  }

  void Add(const Path& path, size_t most) {
    ++paths;
    // Of most paths the sum alone tells that they are not kept: no copy.
    if (lines.size() == most && path.self_ns.sum() < lines.front().path.self_ns.sum()) return;
    KeepFirst(lines, Line{path, {}}, most, Hotter);
  }

  // A reading of the records finds the level above of all lines.
  void Spell(const State& state, const model::Names& names) {
    std::map<Hash, std::optional<Path>> above;  // what is known of the paths above
    for (const Line& line : lines) {
      if (line.path.depth > 0) above.try_emplace(line.path.above);
    }
    for (bool missing = !above.empty(); missing;) {
      std::vector<Hash> more;
      bool found = false;
      state.paths.ForEach([&](const Path& path) {
        const auto at = above.find(path.hash);
        if (at == above.end() || at->second) return;
        at->second = path;
        found = true;
        if (path.depth > 0 && !above.contains(path.above)) more.push_back(path.above);
      });
      for (const Hash& hash : more) above.try_emplace(hash);
      missing = found && !more.empty();
    }
    std::map<Hash, std::string> entries;
    state.entries.ForEach([&](const Entry& entry) {
      entries[entry.hash] = std::string(names.Text(entry.operation));
    });
    for (Line& line : lines) {
      std::vector<std::string> parts;
      std::optional<Path> path = line.path;
      for (uint32_t level = 0; path && level <= HotPaths::kDeepest; ++level) {
        parts.push_back(path->depth == HotPaths::kDeepest ? "..."
                                                          : NameOf(names.Text(path->service), ""));
        if (path->depth == 0) {
          const auto entry = entries.find(path->above);
          parts.push_back(entry == entries.end() || entry->second.empty() ? "(entry)"
                                                                          : entry->second);
          break;
        }
        const auto next = above.find(path->above);
        path = next == above.end() ? std::nullopt : next->second;
      }
      std::reverse(parts.begin(), parts.end());
      line.text = fmt::format("{}", fmt::join(parts, " > "));
    }
  }
};

// Services with most own time.
struct ServiceTime {
  model::ServiceId id;
  uint64_t self_us;
  GroupedSums<8> groups;
};

std::vector<ServiceTime> Hottest(const State& state) {
  std::vector<ServiceTime> all;
  state.services.ForEach([&](model::ServiceId id, const HotPaths::Service& service) {
    all.push_back({id, service.self_us.Total(), service.self_us});
  });
  std::stable_sort(all.begin(), all.end(), [](const ServiceTime& a, const ServiceTime& b) {
    return a.self_us > b.self_us;
  });
  return all;
}

document::Table PathsTable(const Found& found, const State& state, const Facts& facts) {
  document::Table table;
  table.id = "hot_paths";
  table.title = "Paths with most own time";
  table.key = true;
  table.columns = {
      {"path", "path", Unit::kNone, "operation of the entry, then services, one below the other"},
      {"calls", "calls", Unit::kCount, "of the last service, on this path"},
      {"self_total", "own time, total", Unit::kNanoseconds,
       "of the last service on this path, without what it waited for"},
      {"share", "share", Unit::kShare, "of the own time of all calls that are waited for"},
      {"self_p50", "own time, p50", Unit::kNanoseconds, "of a call"},
  };
  const size_t rows = std::min(found.lines.size(), facts.table_rows);
  table.more_rows = found.paths - rows;
  for (const Found::Line& line : std::span(found.lines).first(rows)) {
    const auto p50 = WholeTicks(line.path.self_ns.Quantile(0.5), facts.tick_ns);
    table.rows.push_back(
        RowOf(line.text, line.path.calls, Nanoseconds(line.path.self_ns.sum()),
              Share(static_cast<uint64_t>(line.path.self_ns.sum() / 1000), state.self_us), p50));
  }
  return table;
}

document::Table ServicesTable(const std::vector<ServiceTime>& services, const State& state,
                              const Facts& facts) {
  document::Table table;
  table.id = "hot_services";
  table.title = "Services with most own time";
  table.columns = {
      {"service", "service", Unit::kNone, "by all paths"},
      {"self_total", "own time, total", Unit::kNanoseconds, "without what it waited for"},
      {"share", "share", Unit::kShare, "of the own time of all calls"}};
  const size_t rows = std::min(services.size(), facts.table_rows);
  table.more_rows = services.size() - rows;
  for (const ServiceTime& service : std::span(services).first(rows)) {
    table.rows.push_back(RowOf(NameOf(facts.names->Text(service.id), ""), service.self_us * 1000,
                               Share(service.self_us, state.self_us)));
  }
  return table;
}

document::Finding OptimiseFirst(const std::vector<ServiceTime>& services, const Found& found,
                                const State& state, const Facts& facts) {
  document::Finding finding;
  finding.id = "hot-paths";
  finding.method =
      "Own time of each call: its time without the union of its synchronous callees' times; summed "
      "by service and by path from the entry. Messages and all below them are left out.";
  finding.source = "Plumbago; own time as in CRISP, ATC'22; statistics.md T9";
  if (services.empty()) {
    finding.claim = "Where requests spend their time cannot be told";
    finding.reason = state.ready_made > 0 ? "ready-made graphs tell no times"
                                          : "no call whose own time is known";
    return finding;
  }
  GroupedSums<8> top;
  std::string list;
  const size_t first = std::min(HotPaths::kToOptimise, services.size());
  for (size_t i = 0; i < first; ++i) {
    top.Merge(services[i].groups);
    const double share = Share(services[i].self_us, state.self_us).value_or(0);
    list += fmt::format("{}{} ({})",
                        i == 0           ? ""
                        : i + 1 == first ? " and "
                                         : ", ",
                        NameOf(facts.names->Text(services[i].id), ""), PercentText(share));
    finding.evidence.push_back(
        {NameOf(facts.names->Text(services[i].id), ""), Unit::kShare, share});
  }
  const double share = Share(top.Total(), state.self_us).value_or(0);
  finding.claim = fmt::format("{} of the time that requests take is own time of {} service{}: {}",
                              PercentText(share), first, first == 1 ? "" : "s", list);
  finding.advice = found.lines.empty()
                       ? "Optimise these first."
                       : fmt::format("Optimise these first; most time lies on the path {}.",
                                     found.lines.front().text);
  const double gain = static_cast<double>(top.Total()) * 1000 * kGain;
  finding.effect.name = "time saved at most by a tenth less own time, over all traces read";
  finding.effect.unit = Unit::kNanoseconds;
  finding.effect.value = gain;
  finding.assumptions = {
      fmt::format("these services need {:.0f} % less own time than now", kGain * 100),
      "an upper bound: own time counts in full, even if something else was waited for meanwhile"};
  const std::optional<statistics::Bounds> bounds = top.Interval(state.traces);
  if (!bounds) {
    finding.reason = "too few traces for an interval";
    return finding;
  }
  finding.effect.low = bounds->low * 1000 * kGain;
  finding.effect.high = bounds->high * 1000 * kGain;
  finding.effect.interval = "95 %, jackknife over 8 groups of traces";
  finding.verdict = Verdict::kSupported;
  finding.saves_ns = gain;
  return finding;
}

}  // namespace

const Description HotPaths::kDescription = {
    .id = "hot-paths",
    .title = "Hot paths",
    .question = "On which paths of calls do requests spend their time?",
    .needs = "trace, parent (path or span), caller, callee, start, duration",
    .source = "Plumbago; own time as in CRISP, ATC'22; statistics.md T9",
};

void HotPaths::Entry::set_key(const std::array<uint32_t, 4>& key) {
  operation = Id<model::OperationId>(key[0]);
  hash = {key[1], key[2], key[3]};
}

bool HotPaths::Entry::Load(statistics::StateReader& in) {
  requests = in.Varint();
  return in.ok();
}

void HotPaths::Path::set_key(const std::array<uint32_t, 4>& key) {
  service = Id<model::ServiceId>(key[0]);
  hash = {key[1], key[2], key[3]};
}

void HotPaths::Path::Merge(const Path& other) {
  calls += other.calls;
  // The same for all records of a key, but for one that has not been counted into.
  above = std::max(above, other.above);
  depth = std::max(depth, other.depth);
  self_ns.Merge(other.self_ns);
}

void HotPaths::Path::Save(std::string& out) const {
  for (const uint32_t part : above) statistics::AppendVarint(out, part);
  statistics::AppendVarint(out, depth);
  statistics::AppendVarint(out, calls);
  self_ns.Save(out);
}

bool HotPaths::Path::Load(statistics::StateReader& in) {
  bool ok = true;
  const auto narrow = [&](uint32_t& value) {
    const uint64_t wide = in.Varint();
    value = static_cast<uint32_t>(wide);
    ok = ok && value == wide;
  };
  for (uint32_t& part : above) narrow(part);
  narrow(depth);
  calls = in.Varint();
  return ok && depth <= kDeepest && self_ns.Load(in) && self_ns.count() <= calls && in.ok();
}

void HotPaths::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) return;
  const uint64_t trace = graph.trace.Hash();
  state.traces.Add(trace, 1);
  const model::OperationId operation =
      graph.entry != model::kNoOperation ? graph.entry : calls[0].operation;
  const uint64_t entry_hash = facts.names == nullptr
                                  ? Mix(Index(operation) + 1ull)
                                  : facts.names->operations.Hash(Index(operation));
  const Open entry = Below({}, entry_hash);
  const Hash entry_key = HashOf(entry);
  ++state.entries[{Index(operation), entry_key[0], entry_key[1], entry_key[2]}].requests;
  state.open.resize(std::max<size_t>(state.open.size(), kDeepest + 1));
  state.visits.clear();
  for (const graph::TraceCall& call : calls) {
    if (call.depth >= state.waited.size()) state.waited.resize(call.depth + 1u);
    const bool waited =
        (call.depth == 0 || state.waited[call.depth - 1u]) && !model::IsAsynchronous(call.kind);
    state.waited[call.depth] = waited;
    const uint32_t depth = std::min<uint32_t>(call.depth, kDeepest);
    const Open& above = depth == 0 ? entry : state.open[depth - 1];
    const bool too_deep = depth == kDeepest;
    Open& path = state.open[depth];
    path = Below(above, too_deep ? kTooDeep : ServiceHash(state, call.callee, facts.names));
    if (!waited) {
      ++state.asynchronous;
      if (call.self_ns > 0) state.asynchronous_us += static_cast<uint64_t>(call.self_ns) / 1000;
      continue;
    }
    state.deeper += too_deep;
    state.visits.push_back({HashOf(path), HashOf(above), too_deep ? 0 : Index(call.callee), depth,
                            call.callee, call.self_ns});
    state.services.Prefetch(call.callee);
  }
  state.calls += state.visits.size();
  state.paths.ForEachOf(
      state.visits.size(),
      [&state](size_t i) {
        const State::Visit& visit = state.visits[i];
        return std::array{visit.service, visit.hash[0], visit.hash[1], visit.hash[2]};
      },
      [&state, trace](size_t i, Path& record) {
        const State::Visit& visit = state.visits[i];
        if (record.calls++ == 0) {
          record.above = visit.above;
          record.depth = visit.depth;
        }
        if (visit.self_ns < 0) {
          ++state.without_self;
          return;
        }
        record.self_ns.Add(visit.self_ns);
        const uint64_t us = static_cast<uint64_t>(visit.self_ns) / 1000;
        state.self_us += us;
        if (visit.callee != model::kNoService) state.services[visit.callee].self_us.Add(trace, us);
      });
}

document::Section HotPaths::Conclude(const State& state, const Facts& facts) {
  const Found found(state, facts);
  document::Section section;
  section
      .AddHeadline("paths", "different paths of calls", Unit::kCount,
                   static_cast<double>(found.paths))
      .total = true;
  section
      .AddHeadline("top_10_share", "own time on the ten hottest paths", Unit::kShare,
                   Share(static_cast<uint64_t>(found.top_ns / 1000), state.self_us))
      .key = true;
  const std::vector<ServiceTime> services = Hottest(state);
  uint64_t top = 0;
  for (size_t i = 0; i < std::min(kToOptimise, services.size()); ++i) top += services[i].self_us;
  section
      .AddHeadline("top_3_services_share", "own time of the three hottest services", Unit::kShare,
                   Share(top, state.self_us))
      .key = true;
  section.AddHeadline("asynchronous_share", "own time below messages, of all", Unit::kShare,
                      Share(state.asynchronous_us, state.asynchronous_us + state.self_us));
  if (facts.headline_only) return section;
  section.findings.push_back(OptimiseFirst(services, found, state, facts));
  section.tables.push_back(PathsTable(found, state, facts));
  section.tables.push_back(ServicesTable(services, state, facts));
  section.computed = fmt::format(
      "Own time of {} calls that are waited for, summed by path: the operation of the entry and "
      "the "
      "services below it, {} at most, then \"...\" ({} calls). {} calls have no own time. Apart: "
      "{} "
      "calls that are messages or below one{}.",
      state.calls, kDeepest, state.deeper, state.without_self, state.asynchronous,
      state.ready_made > 0 ? fmt::format("; {} traces of ready-made graphs", state.ready_made)
                           : "");
  return section;
}

}  // namespace plumbago::analysis
