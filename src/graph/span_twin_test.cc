// Calls from spans, held against planted truth and against a twin that follows the definitions of
// docs/design/0012 by recursion and by looking at everything.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "graph/testing/random_spans.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

using model::Kind;
using model::Side;
using testing::PlainSpan;
using testing::TrueCall;
using testing::TrueTrace;

std::string Ns(int64_t ns) { return ns == model::kNoTime ? "-" : fmt::format("{}", ns); }

// A call and all below it as text, siblings sorted: equal for equal trees.
std::string TreeText(const std::string& own, std::vector<std::string> below) {
  std::sort(below.begin(), below.end());
  std::string text = own + "(";
  for (const std::string& one : below) text += one;
  return text + ")";
}

std::string GraphText(const CallGraph& graph, const model::Names& names, bool self) {
  std::vector<std::vector<std::string>> below(graph.calls.size());
  std::vector<std::string> roots;
  for (size_t i = graph.calls.size(); i-- > 0;) {
    const TraceCall& call = graph.calls[i];
    std::string own =
        fmt::format("{}>{} {}+{} {}+{} {}", names.Text(call.caller), names.Text(call.callee),
                    Ns(call.client.start_ns), Ns(call.client.duration_ns), Ns(call.server.start_ns),
                    Ns(call.server.duration_ns), call.rows == 0 ? "lost" : "");
    if (self) own += Ns(call.self_ns);
    std::vector<std::string>& into = call.parent == kNone ? roots : below[call.parent];
    into.push_back(TreeText(own, below[i]));
  }
  return TreeText("", roots);
}

// Own time by looking at each nanosecond.
int64_t SelfTime(const TrueTrace& trace, size_t index) {
  const TrueCall& call = trace.calls[index];
  const int64_t begin = call.has_server ? call.server_start : call.client_start;
  const int64_t end = call.has_server ? call.server_end : call.client_end;
  std::vector<bool> busy(static_cast<size_t>(end - begin));
  for (const TrueCall& below : trace.calls) {
    if (below.parent != index) continue;
    const int64_t from = below.has_client ? below.client_start : below.server_start;
    const int64_t to = below.has_client ? below.client_end : below.server_end;
    for (int64_t t = std::max(begin, from); t < std::min(end, to); ++t)
      busy[static_cast<size_t>(t - begin)] = true;
  }
  return std::count(busy.begin(), busy.end(), false);
}

std::string TrueText(const TrueTrace& trace) {
  std::vector<std::vector<std::string>> below(trace.calls.size());
  std::vector<std::string> roots;
  for (size_t i = trace.calls.size(); i-- > 0;) {
    const TrueCall& c = trace.calls[i];
    const std::string own = fmt::format(
        "{}>{} {}+{} {}+{} {}", c.caller, c.callee, c.has_client ? Ns(c.client_start) : "-",
        c.has_client ? Ns(c.client_end - c.client_start) : "-",
        c.has_server ? Ns(c.server_start) : "-",
        c.has_server ? Ns(c.server_end - c.server_start) : "-", SelfTime(trace, i));
    std::vector<std::string>& into = c.parent == UINT32_MAX ? roots : below[c.parent];
    into.push_back(TreeText(own, below[i]));
  }
  return TreeText("", roots);
}

TEST(SpanTwin, PlantedCallsComeBack) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    const bool marked = seed % 2 == 0;
    TrueTrace truth = testing::RandomTrace(random, marked, seed % 3 == 0);
    std::shuffle(truth.spans.begin(), truth.spans.end(), random);
    testing::SpanRows rows;
    testing::AddRows(truth.spans, rows);
    TraceBuilder builder(rows.names);
    model::DamageCounts damage;
    ASSERT_TRUE(builder.Load({}, rows.rows, damage)) << seed;
    CallGraph graph;
    ASSERT_TRUE(builder.Build(RepairMode::kRebuild, graph));
    ASSERT_EQ(GraphText(graph, rows.names, true), TrueText(truth)) << seed;
    EXPECT_EQ(graph.repairs.folded, truth.folded) << seed;
    const auto paired =
        std::count_if(truth.calls.begin(), truth.calls.end(),
                      [](const TrueCall& c) { return c.has_client && c.has_server; });
    EXPECT_EQ(graph.repairs.sides_inferred, marked ? 0 : paired) << seed;
    std::set<std::string> services;
    for (const TrueCall& call : truth.calls) services.insert(call.callee);
    EXPECT_EQ(graph.nodes.size(), services.size()) << seed;
    if (!truth.sequential) continue;
    // One thing at a time: what the calls took themselves, and the ways between client and server,
    // are the root's time.
    int64_t sum = 0;
    for (const TraceCall& call : graph.calls) {
      sum += call.self_ns;
      if (call.client.known() && call.server.known())
        sum += call.client.duration_ns - call.server.duration_ns;
    }
    EXPECT_EQ(sum, graph.calls[0].server.duration_ns) << seed;
  }
}

// The twin. Spans are numbered by content; everything is found by looking at all of them.
class Twin {
 public:
  Twin(std::vector<PlainSpan> rows, bool rebuilt, const model::Names& names)
      : rebuilt_(rebuilt), names_(names) {
    std::sort(rows.begin(), rows.end(),
              [](const PlainSpan& a, const PlainSpan& b) { return Order(a) < Order(b); });
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const PlainSpan& row : rows) spans_.push_back({row, kNone});
    for (uint32_t n = 0; n < spans_.size(); ++n) spans_[n].parent = ParentOf(n);
    for (uint32_t n = 0; n < spans_.size(); ++n) OpenCircle(n);
    recorded_ = static_cast<uint32_t>(spans_.size());
  }

  std::string Text() {
    std::vector<std::string> roots;
    if (rebuilt_) AddLost();
    for (uint32_t n = 0; n < spans_.size(); ++n) {
      if (spans_[n].parent == kNone) Collect(n, roots);
    }
    return TreeText("", roots);
  }

 private:
  struct Span {
    PlainSpan row;
    uint32_t parent;
    bool lost = false;    // stands for one without rows
    bool orphan = false;  // its parent is such a one
    bool cut = false;     // a circle was opened here
  };

  static std::tuple<uint64_t, Side, int64_t, int64_t, Kind, uint64_t, std::string, std::string>
  Order(const PlainSpan& s) {
    return {s.id, s.side, s.start, -s.duration, s.kind, s.parent, s.service, s.peer};
  }

  static std::string Owner(const PlainSpan& s) {
    return s.side == Side::kClient && s.service.empty() ? s.peer : s.service;
  }
  static std::string NamedCaller(const PlainSpan& s) {
    return s.side == Side::kClient ? s.service : s.peer;
  }

  std::vector<uint32_t> WithId(uint64_t id) const {
    std::vector<uint32_t> found;
    for (uint32_t n = 0; n < spans_.size(); ++n) {
      if (id != 0 && spans_[n].row.id == id && !spans_[n].lost) found.push_back(n);
    }
    return found;
  }
  // Of the spans of an id the only client's, if all others are servers'.
  uint32_t ClientOf(const std::vector<uint32_t>& same) const {
    uint32_t client = kNone;
    for (const uint32_t n : same) {
      if (spans_[n].row.side == Side::kUnknown) return kNone;
      if (spans_[n].row.side == Side::kServer) continue;
      if (client != kNone) return kNone;
      client = n;
    }
    return same.size() > 1 ? client : kNone;
  }

  uint32_t ParentOf(uint32_t n) {
    const PlainSpan& row = spans_[n].row;
    const std::vector<uint32_t> same = WithId(row.id);
    const uint32_t half = ClientOf(same);
    if (half != kNone && half != n) return half;
    if (row.parent == 0) return kNone;
    std::vector<uint32_t> candidates = WithId(row.parent);
    spans_[n].orphan = candidates.empty();
    const uint32_t client = ClientOf(candidates);
    std::erase(candidates, client);
    if (candidates.size() > 1) std::erase(candidates, n);
    uint32_t best = kNone;
    const auto misfit = [&](uint32_t c) {
      const PlainSpan& above = spans_[c].row;
      const std::string caller = NamedCaller(row);
      const int64_t out = std::max<int64_t>(0, above.start - row.start) +
                          std::max<int64_t>(0, row.start - above.end());
      return std::tuple(!caller.empty() && caller != Owner(above), out, above.duration);
    };
    for (const uint32_t c : candidates) {
      if (best == kNone || (rebuilt_ && misfit(c) < misfit(best))) best = c;
    }
    return best;
  }

  void OpenCircle(uint32_t n) {
    std::vector<uint32_t> way{n};
    while (spans_[way.back()].parent != kNone && way.size() <= spans_.size() + 1) {
      way.push_back(spans_[way.back()].parent);
      if (way.back() != n) continue;
      const uint32_t first = *std::min_element(way.begin(), way.end(), [&](uint32_t a, uint32_t b) {
        return std::tuple(spans_[a].row.start, a) < std::tuple(spans_[b].row.start, b);
      });
      spans_[first].parent = kNone;
      spans_[first].cut = true;
      circles_ = true;
      return;
    }
  }

  void AddLost() {
    std::vector<uint32_t> entries, orphans;
    for (uint32_t n = 0; n < recorded_; ++n) {
      const Span& span = spans_[n];
      if (span.parent != kNone) continue;
      if (span.orphan) orphans.push_back(n);
      if (span.row.parent == 0 && !span.cut) entries.push_back(n);
    }
    if (entries.empty() && orphans.size() == 1 && !circles_) {
      spans_[orphans[0]].orphan = false;
      return;
    }
    std::map<uint64_t, uint32_t> lost;
    for (const uint32_t n : orphans) {
      const uint64_t id = spans_[n].row.parent;
      if (!lost.contains(id)) {
        lost[id] = static_cast<uint32_t>(spans_.size());
        Span stand;
        stand.lost = true;
        stand.parent = entries.size() == 1 ? entries[0] : kNone;
        spans_.push_back(stand);
      }
      Span& stand = spans_[lost[id]];
      spans_[n].parent = lost[id];
      const std::string name =
          NamedCaller(spans_[n].row).empty() && spans_[n].row.side == Side::kClient
              ? Owner(spans_[n].row)
              : NamedCaller(spans_[n].row);
      if (name.empty()) continue;
      if (stand.row.service.empty() || Hash(name) < Hash(stand.row.service))
        stand.row.service = name;
    }
  }
  uint64_t Hash(const std::string& name) const {
    return names_.services.Hash(Index(const_cast<model::Names&>(names_).Service(name)));
  }

  std::vector<uint32_t> Children(uint32_t n) const {
    std::vector<uint32_t> found;
    for (uint32_t c = 0; c < spans_.size(); ++c) {
      if (spans_[c].parent == n) found.push_back(c);
    }
    return found;
  }
  bool SameService(uint32_t n) const {
    return spans_[n].parent != kNone && Owner(spans_[n].row) == Owner(spans_[spans_[n].parent].row);
  }

  // Names a queue, and no service, as its caller.
  static bool IsConsumer(const PlainSpan& s) {
    return s.side == Side::kServer && s.kind == Kind::kMessage;
  }
  // What its service does with a message that the span above took.
  bool OfTakenMessage(uint32_t n) const {
    return SameService(n) && IsConsumer(spans_[n].row) && IsConsumer(spans_[spans_[n].parent].row);
  }

  // Begins a call into its service.
  bool IsServer(uint32_t n) const {
    const Span& span = spans_[n];
    if (OfTakenMessage(n)) return false;
    if (span.row.side == Side::kServer) return true;
    if (span.row.side == Side::kUnknown) return !SameService(n);
    if (span.parent != kNone) return false;
    const bool paired = FirstServer(n) != kNone;
    return paired ? Children(n).size() != 1 : Reaches(n);
  }
  uint32_t FirstServer(uint32_t n) const {
    uint32_t best = kNone;
    for (const uint32_t c : Children(n)) {
      if (spans_[c].lost || !IsServer(c)) continue;
      const auto rank = [&](uint32_t i) {
        return std::tuple(
            !(spans_[i].row.id == spans_[n].row.id && ClientOf(WithId(spans_[i].row.id)) == n),
            spans_[i].row.start, i);
      };
      if (best == kNone || rank(c) < rank(best)) best = c;
    }
    return best;
  }
  // The server's half of the call that `n` is the client's half of.
  uint32_t ServerOf(uint32_t n) const {
    if (spans_[n].lost || IsServer(n)) return kNone;
    const uint32_t server = FirstServer(n);
    if (server == kNone || spans_[n].row.side == Side::kClient) return server;
    if (OfTakenMessage(n)) return kNone;
    const PlainSpan& outer = spans_[n].row;
    const PlainSpan& inner = spans_[server].row;
    const int64_t slack = std::min<int64_t>(2'000'000, outer.duration / 2);
    const bool inferred = Children(n).size() == 1 && !SameService(server) &&
                          outer.kind != Kind::kInternal && inner.start >= outer.start - slack &&
                          inner.end() <= outer.end() + slack;
    return inferred ? server : kNone;
  }
  bool Reaches(uint32_t n) const {
    for (const uint32_t c : Children(n)) {
      if (IsServer(c)) return true;
      if (SameService(c) && (ServerOf(c) != kNone || Reaches(c))) return true;
    }
    return false;
  }
  bool InsideClient(uint32_t n) const {
    for (uint32_t at = n; SameService(at) && !IsServer(at); at = spans_[at].parent) {
      const uint32_t above = spans_[at].parent;
      if (IsClientAlone(above)) return true;
      if (IsServer(above)) return false;
    }
    return false;
  }
  bool IsClientAlone(uint32_t n) const {
    return !IsServer(n) && spans_[n].row.side == Side::kClient && ServerOf(n) == kNone &&
           !Reaches(n) && !InsideClient(n);
  }

  static std::string Times(const PlainSpan* span) {
    return span == nullptr ? "-+-" : Ns(span->start) + "+" + Ns(span->duration);
  }
  std::string Caller(uint32_t client, uint32_t server) const {
    if (client != kNone) {
      const std::string named = server == kNone ? "" : NamedCaller(spans_[server].row);
      const std::string owner = Owner(spans_[client].row);
      const bool queue = server != kNone && IsConsumer(spans_[server].row);
      return !named.empty() && ((!rebuilt_ && !queue) || owner.empty()) ? named : owner;
    }
    const PlainSpan& row = spans_[server].row;
    const std::string named = row.side == Side::kClient ? "" : NamedCaller(row);
    const uint32_t above = spans_[server].parent;
    const std::string by_link = above == kNone ? "" : Owner(spans_[above].row);
    if (by_link.empty()) return named;
    if (IsConsumer(row)) return by_link == Owner(row) && !named.empty() ? named : by_link;
    return !rebuilt_ && !named.empty() ? named : by_link;
  }

  // Adds the calls that are made at or below `n`, as text.
  void Collect(uint32_t n, std::vector<std::string>& into) {
    const PlainSpan& row = spans_[n].row;
    const bool server = IsServer(n);
    const uint32_t other = ServerOf(n);
    const bool alone = IsClientAlone(n);
    std::vector<std::string> below;
    if (server) {
      for (const uint32_t c : Children(n)) Collect(c, below);
      const std::string own =
          fmt::format("{}>{} -+- {} {}", Caller(kNone, n), Owner(row),
                      spans_[n].lost ? "-+-" : Times(&row), spans_[n].lost ? "lost" : "");
      into.push_back(TreeText(own, below));
    } else if (other != kNone) {
      for (const uint32_t c : Children(other)) Collect(c, below);
      const PlainSpan& served = spans_[other].row;
      into.push_back(TreeText(
          fmt::format("{}>{} {} {} ", Caller(n, other), Owner(served), Times(&row), Times(&served)),
          below));
      for (const uint32_t c : Children(n)) {
        if (c != other) Collect(c, into);
      }
    } else if (alone) {
      std::string callee = row.service.empty() ? "" : row.peer;
      bool found = false;
      for (const uint32_t c : Children(n)) {
        Collect(c, SameService(c) ? into : below);
        if (!SameService(c) && !std::exchange(found, true)) callee = Owner(spans_[c].row);
      }
      into.push_back(
          TreeText(fmt::format("{}>{} {} -+- ", Owner(row), callee, Times(&row)), below));
    } else {
      for (const uint32_t c : Children(n)) Collect(c, into);
    }
  }

  bool rebuilt_;
  const model::Names& names_;
  std::vector<Span> spans_;
  uint32_t recorded_ = 0;
  bool circles_ = false;
};

TEST(SpanTwin, DamagedTracesAreWhatTheDefinitionsSay) {
  uint32_t damaged = 0;
  for (uint64_t seed = 0; seed < 8000; ++seed) {
    std::mt19937_64 random(seed);
    TrueTrace truth = testing::RandomTrace(random, seed % 3 != 0, false);
    testing::DamageSpans(random, truth.spans);
    std::shuffle(truth.spans.begin(), truth.spans.end(), random);
    testing::SpanRows rows;
    testing::AddRows(truth.spans, rows);
    TraceBuilder builder(rows.names);
    model::DamageCounts damage;
    damaged += builder.Load({}, rows.rows, damage) ? 0 : 1;
    for (const RepairMode mode : {RepairMode::kNone, RepairMode::kRebuild}) {
      CallGraph graph;
      ASSERT_TRUE(builder.Build(mode, graph));
      Twin twin(truth.spans, mode == RepairMode::kRebuild, rows.names);
      ASSERT_EQ(GraphText(graph, rows.names, false), twin.Text())
          << seed << " " << RepairModeName(mode);
    }
  }
  EXPECT_GT(damaged, 2000u);
}

}  // namespace
}  // namespace plumbago::graph
