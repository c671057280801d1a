#include "engine/clock_offsets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

#include "base/strong_id.h"

namespace plumbago::engine {
namespace {

using model::InstanceId;
using model::kNoTime;

constexpr uint64_t kFewest = 10;
// Less than that is the tick of clocks and of rounding.
constexpr int64_t kLeastSkewNs = 20'000;

uint64_t WayKey(InstanceId from, InstanceId to) { return uint64_t{Index(from)} << 32 | Index(to); }

bool Timed(const model::Call& call) {
  return call.start_ns != kNoTime && call.duration_ns != kNoTime;
}

}  // namespace

void ClockLearner::Smallest::Add(int64_t value) {
  ++count_;
  if (values_.size() == kExtremes && value >= values_.back()) return;
  values_.insert(std::upper_bound(values_.begin(), values_.end(), value), value);
  if (values_.size() > kExtremes) values_.pop_back();
}

void ClockLearner::Smallest::Merge(const Smallest& other) {
  count_ += other.count_;
  std::vector<int64_t> all(values_.size() + other.values_.size());
  std::merge(values_.begin(), values_.end(), other.values_.begin(), other.values_.end(),
             all.begin());
  all.resize(std::min(all.size(), kExtremes));
  values_ = std::move(all);
}

int64_t ClockLearner::Smallest::Bound() const {
  return values_[std::min<uint64_t>(count_ / 500, values_.size() - 1)];
}

void ClockLearner::Visit(const model::TraceId&, std::span<const graph::Row> rows) {
  clients_.clear();
  for (const graph::Row& row : rows) {
    const model::Call& call = *row.call;
    if (call.side == model::Side::kClient && call.span != 0 && Timed(call) &&
        call.caller_instance != model::kNoInstance && call.kind != model::Kind::kMessage) {
      clients_.push_back({call.span, &call});
    }
  }
  if (clients_.empty()) return;
  std::sort(clients_.begin(), clients_.end(),
            [](const Client& a, const Client& b) { return a.span < b.span; });
  for (const graph::Row& row : rows) {
    const model::Call& server = *row.call;
    if (server.side != model::Side::kServer || !Timed(server) ||
        server.callee_instance == model::kNoInstance || server.kind == model::Kind::kMessage) {
      continue;
    }
    // Its client has the id of its parent, or its own (Zipkin). An id that stands for several tells
    // nothing.
    const Client* found = nullptr;
    for (const uint64_t id : {server.span, server.parent_span}) {
      const auto [first, last] =
          std::equal_range(clients_.begin(), clients_.end(), Client{id, nullptr},
                           [](const Client& a, const Client& b) { return a.span < b.span; });
      if (last - first == 1) found = &*first;
      if (found != nullptr) break;
    }
    if (found == nullptr || found->call->caller_instance == server.callee_instance) continue;
    const model::Call& client = *found->call;
    OneWay& way = ways_[WayKey(client.caller_instance, server.callee_instance)];
    way.starts.Add(server.start_ns - client.start_ns);
    way.early += server.start_ns < client.start_ns ? 1 : 0;
    way.ends.Add(client.start_ns + client.duration_ns - server.start_ns - server.duration_ns);
  }
}

void ClockLearner::Merge(ClockLearner&& other) {
  for (auto& [key, way] : other.ways_) {
    OneWay& mine = ways_[key];
    mine.starts.Merge(way.starts);
    mine.ends.Merge(way.ends);
    mine.early += way.early;
  }
}

// A clock that is off for a part of the data only makes a part of the servers begin too early.
bool ClockLearner::NearlyAllEarly(const OneWay& way) {
  return way.early * 10 >= way.starts.count() * 9;
}

ClockPair ClockLearner::Judge(uint64_t key, const OneWay* there, const OneWay* back) {
  ClockPair pair;
  pair.a = Id<InstanceId>(static_cast<uint32_t>(key >> 32));
  pair.b = Id<InstanceId>(static_cast<uint32_t>(key));
  pair.calls_ab = there == nullptr ? 0 : there->starts.count();
  pair.calls_ba = back == nullptr ? 0 : back->starts.count();
  const bool both = pair.calls_ab >= kFewest && pair.calls_ba >= kFewest;
  if (both) {
    pair.high_ns = there->starts.Bound();
    pair.low_ns = -back->starts.Bound();
  } else if (pair.calls_ab >= kFewest) {
    pair.high_ns = there->starts.Bound();
    pair.low_ns = -there->ends.Bound();
  } else if (pair.calls_ba >= kFewest) {
    pair.high_ns = back->ends.Bound();
    pair.low_ns = -back->starts.Bound();
  } else {
    return pair;
  }
  const bool consistent = pair.low_ns <= pair.high_ns;
  // What beginnings tell: a server that began before its client sent.
  const int64_t too_early = std::max(pair.calls_ab >= kFewest ? -there->starts.Bound() : INT64_MIN,
                                     pair.calls_ba >= kFewest ? -back->starts.Bound() : INT64_MIN);
  if (consistent && (pair.low_ns > kLeastSkewNs || pair.high_ns < -kLeastSkewNs)) {
    pair.state = ClockPair::State::kSkewed;
    pair.difference_ns = pair.low_ns + (pair.high_ns - pair.low_ns) / 2;
  } else if (too_early <= kLeastSkewNs) {
    pair.state = ClockPair::State::kFits;
  } else if (both || !NearlyAllEarly(pair.calls_ab >= kFewest ? *there : *back)) {
    pair.state = ClockPair::State::kDrifts;
  } else {
    // Servers that end late say nothing of the clock; the least that puts causes first.
    pair.state = ClockPair::State::kSkewed;
    pair.difference_ns = pair.calls_ab >= kFewest ? pair.high_ns : pair.low_ns;
  }
  return pair;
}

namespace {

bool Known(const ClockPair& pair) {
  return pair.state == ClockPair::State::kSkewed || pair.state == ClockPair::State::kFits;
}

// The most frequent pairs first; ties by names.
auto ByCalls(const ClockPair& pair) {
  return std::tuple(~(pair.calls_ab + pair.calls_ba), pair.a, pair.b);
}

// How far each host is ahead: hosts hang together by the pairs that are known, the most frequent
// first, and the host with the most calls of those that hang together is right.
std::vector<int64_t> TieTogether(const std::vector<ClockPair>& pairs, size_t instances) {
  std::vector<const ClockPair*> known;
  std::vector<uint64_t> calls(instances, 0);
  for (const ClockPair& pair : pairs) {
    calls[Index(pair.a)] += pair.calls_ab + pair.calls_ba;
    calls[Index(pair.b)] += pair.calls_ab + pair.calls_ba;
    if (Known(pair)) known.push_back(&pair);
  }
  std::sort(known.begin(), known.end(),
            [](const ClockPair* x, const ClockPair* y) { return ByCalls(*x) < ByCalls(*y); });
  // Trees that are joined, the smaller into the larger; `ahead` within each.
  std::vector<uint32_t> tree(instances);
  std::vector<std::vector<uint32_t>> members(instances);
  std::vector<int64_t> ahead(instances, 0);
  for (uint32_t i = 0; i < instances; ++i) {
    tree[i] = i;
    members[i] = {i};
  }
  for (const ClockPair* pair : known) {
    const uint32_t a = Index(pair->a), b = Index(pair->b);
    uint32_t keep = tree[a], join = tree[b];
    if (keep == join) continue;
    int64_t shift = ahead[a] + pair->difference_ns - ahead[b];
    if (members[keep].size() < members[join].size()) {
      std::swap(keep, join);
      shift = -shift;
    }
    for (const uint32_t host : members[join]) {
      tree[host] = keep;
      ahead[host] += shift;
    }
    members[keep].insert(members[keep].end(), members[join].begin(), members[join].end());
    members[join].clear();
  }
  const auto rank = [&calls](uint32_t host) { return std::tuple(~calls[host], host); };
  for (const std::vector<uint32_t>& hosts : members) {
    if (hosts.size() < 2) continue;
    const uint32_t right = *std::min_element(
        hosts.begin(), hosts.end(), [&](uint32_t x, uint32_t y) { return rank(x) < rank(y); });
    const int64_t base = ahead[right];
    for (const uint32_t host : hosts) ahead[host] -= base;
  }
  return ahead;
}

// A server begins before its client sent, though the clocks are put right.
bool StillTooEarly(const ClockPair& pair, const std::vector<int64_t>& ahead) {
  if (pair.state == ClockPair::State::kFew) return false;
  if (pair.state == ClockPair::State::kDrifts) return true;
  const int64_t difference = ahead[Index(pair.b)] - ahead[Index(pair.a)];
  return (pair.calls_ab >= kFewest && difference > pair.high_ns + kLeastSkewNs) ||
         (pair.calls_ba >= kFewest && difference < pair.low_ns - kLeastSkewNs);
}

}  // namespace

std::vector<ClockPair> ClockLearner::Pairs() const {
  std::map<uint64_t, std::pair<const OneWay*, const OneWay*>> both_ways;
  for (const auto& [key, way] : ways_) {
    const uint64_t turned = key << 32 | key >> 32;
    if (key < turned) {
      both_ways[key].first = &way;
    } else {
      both_ways[turned].second = &way;
    }
  }
  std::vector<ClockPair> pairs;
  pairs.reserve(both_ways.size());
  for (const auto& [key, ways] : both_ways) pairs.push_back(Judge(key, ways.first, ways.second));
  std::sort(pairs.begin(), pairs.end(), [](const ClockPair& x, const ClockPair& y) {
    return std::tuple(x.state, ByCalls(x)) < std::tuple(y.state, ByCalls(y));
  });
  return pairs;
}

ClockOffsets ClockLearner::Solve(size_t instances) const {
  ClockOffsets offsets;
  offsets.pairs = Pairs();
  const bool skewed =
      !offsets.pairs.empty() && offsets.pairs.front().state == ClockPair::State::kSkewed;
  std::vector<int64_t> ahead =
      skewed ? TieTogether(offsets.pairs, instances) : std::vector<int64_t>(instances, 0);
  for (const int64_t ns : ahead) offsets.hosts_shifted += ns != 0 ? 1 : 0;
  for (const ClockPair& pair : offsets.pairs) {
    offsets.remaining += StillTooEarly(pair, ahead) ? 1 : 0;
  }
  if (offsets.hosts_shifted > 0) offsets.ahead_ns = std::move(ahead);
  return offsets;
}

Result<bool> LearnClocks(ReadRows& read, bool show_progress) {
  if (!read.two_sided) return true;
  std::vector<ClockLearner> learners(read.plan.threads);
  std::vector<TraceVisitor*> visitors;
  visitors.reserve(learners.size());
  for (ClockLearner& learner : learners) visitors.push_back(&learner);
  ASSIGN_OR_RETURN(const bool all, LookAtTraces(read, visitors, show_progress));
  if (!all) return false;
  for (size_t i = 1; i < learners.size(); ++i) learners[0].Merge(std::move(learners[i]));
  read.clocks = std::make_shared<ClockOffsets>(learners[0].Solve(read.names->instances.size()));
  return true;
}

std::string ClockText(const ClockPair& pair, const model::Names& names) {
  const bool b_ahead = pair.difference_ns > 0;
  return fmt::format("{} is {:.3g} ms ahead of {}: {} calls there, {} back",
                     names.Text(b_ahead ? pair.b : pair.a),
                     static_cast<double>(std::abs(pair.difference_ns)) / 1e6,
                     names.Text(b_ahead ? pair.a : pair.b), pair.calls_ab, pair.calls_ba);
}

}  // namespace plumbago::engine
