#include "generate/trace_walk.h"

#include <algorithm>
#include <limits>

namespace plumbago::generate {

using model::Kind;
using model::Side;

namespace {

constexpr float kMaxRepeats = 4'000;
// Calls for which no edge exists: an entry's.
constexpr uint32_t kNoEdge = 0xFFFFFFFFu;

bool IsRemote(Kind kind) {
  return kind == Kind::kRpc || kind == Kind::kHttp || kind == Kind::kOther;
}

}  // namespace

TraceWalk::TraceWalk(const System& system, const TraceOptions& options, const EdgeCover* cover)
    : system_(system),
      shape_(system.shape()),
      options_(options),
      load_(options.seed, shape_.cpu),
      cover_(cover),
      meter_(system),
      damage_(options.damage.any()),
      slice_ms_(static_cast<int64_t>(shape_.traces_per_block * 1000 / shape_.traces_per_second)),
      stamps_(system.services().size()) {}

void TraceWalk::MakeBlock(uint64_t index, const std::vector<Take>& takes, TraceBlock& block) {
  block_ = &block;
  const uint32_t traces = shape_.traces_per_block;
  const int64_t first_us = static_cast<int64_t>(index) * slice_ms_ * 1000;
  out_.BeginBlock(block, index,
                  options_.order == Order::kTrace ? std::numeric_limits<int64_t>::max()
                                                  : first_us + slice_ms_ * 1000,
                  slice_ms_ * 1000);
  // Births: a Poisson process, given how many there are, is as many uniform times in order.
  Random births(MixSeeds(options_.seed, ~index));
  births_.resize(traces);
  for (int64_t& birth : births_) {
    birth = first_us + static_cast<int64_t>(births.Unit() * static_cast<double>(slice_ms_ * 1000));
  }
  std::sort(births_.begin(), births_.end());
  // Traces that are taken or not by order are not asked for again.
  meter_on_ = takes.empty() && (measure_ || selection_ != nullptr);
  balance_.Clear();
  for (uint32_t i = 0; i < traces; ++i) {
    MakeTrace(index * traces + i, births_[i], takes.empty() ? Take::kWhole : takes[i]);
  }
}

void TraceWalk::MakeTrace(uint64_t trace, int64_t birth_us, Take take) {
  TraceTally tally;
  tally.take = take;
  if (take == Take::kSkip) {
    block_->traces.push_back(tally);
    return;
  }
  random_ = Random(MixSeeds(options_.seed, 2 * trace));
  damage_random_ = Random(MixSeeds(options_.seed, 2 * trace + 1));
  take_ = take;
  if (meter_on_) {
    out_.SetMark();
    meter_.Begin();
  }
  ++stamp_;
  rows_ = calls_ = services_ = depth_ = 0;
  in_cycle_ = false;

  tally.entry = system_.DrawEntry(random_);
  covering_ = false;
  if (cover_ != nullptr) {
    if (const auto number = cover_->NumberOf(trace)) {
      const size_t grown = system_.entries().size() - system_.tail_entries();
      covering_ = expand_ = tally.cover = true;
      chunk_ = *number < grown ? nullptr : &system_.tail_chunks()[*number - grown];
      tally.entry = chunk_ != nullptr ? chunk_->entry : static_cast<uint32_t>(*number);
    }
  }
  const Entry& entry = system_.entries()[tally.entry];
  out_.BeginTrace({MakeId(trace, birth_us, tally.entry), entry.online_service, trace});
  // The id is made when the request arrives, its first record a moment later.
  const uint64_t bits = random_.Next();
  const int64_t start_us = birth_us + static_cast<int64_t>((bits & 0xFF) * (bits & 0x700) >> 8);
  uint32_t path_size = PutComponent(0, 0);
  if (covering_) {
    path_size = PutComponent(path_size, 1);  // one row
  } else if (take == Take::kWhole && random_.Unit() >= shape_.root_is_zero) {
    path_size = PutComponent(path_size, 1);
    if (random_.Unit() >= shape_.root_is_second) path_size = PutComponent(path_size, 1);
  }
  MakeCall(entry.interface, kNoEdge, Kind::kHttp, Caller(), start_us, path_size, 0);

  if (meter_on_) {
    const TraceFeatures features = meter_.End(out_.counts_at_mark(), block_->counts);
    if (measure_) block_->features.push_back(features);
    if (selection_ != nullptr && !covering_ &&
        !selection_->Keep(trace, features, balance_, random_)) {
      out_.GoBack();
      tally.take = Take::kSkip;
      block_->traces.push_back(tally);
      return;
    }
  }
  if (meter_on_) meter_.Keep();
  tally.rows = rows_;
  tally.calls = calls_;
  tally.services = services_;
  tally.depth = depth_;
  block_->rows += rows_;
  if (covering_) block_->cover_rows += rows_;
  block_->counts.rows += rows_;
  block_->counts.calls += calls_;
  ++block_->counts.traces;
  block_->counts.traces_with_cycle += in_cycle_;
  block_->traces.push_back(tally);
}

TraceWalk::CallResult TraceWalk::MakeCall(uint32_t index, uint32_t edge, Kind kind,
                                          const Caller& caller, int64_t start_us,
                                          uint32_t path_size, uint32_t depth) {
  const Interface& interface = system_.interfaces()[index];
  const Service& service = system_.services()[interface.service];
  const bool entry = edge == kNoEdge;
  const bool remote = IsRemote(kind);
  Counts& counts = block_->counts;
  ++calls_;
  depth_ = std::max(depth_, depth);
  ++counts.calls_by_kind[static_cast<size_t>(kind)];
  if (caller.stateless && service.role == Role::kStateless) {
    ++counts.stateless_by_kind[static_cast<size_t>(kind)];
  }
  if (stamps_[interface.service] != stamp_) {
    stamps_[interface.service] = stamp_;
    ++services_;
  }

  const uint64_t bits = random_.Next();
  Caller self;
  self.service = service.name;
  self.stateless = service.role == Role::kStateless;
  if (service.pods > 0) DrawPod(service, static_cast<uint32_t>(bits >> 32), caller, self);

  // The way there and back.
  int64_t there_us = 0, back_us = 0;
  if (remote) {
    const double u = static_cast<double>(bits & 0xFFFF) / 65536;
    const double both = u < shape_.network_none
                            ? 60 + 200 * u
                            : shape_.network_median * system_.network().Draw(bits >> 16);
    there_us = static_cast<int64_t>(both * (0.3 + 0.4 * static_cast<double>(bits >> 26 & 63) / 64));
    back_us = static_cast<int64_t>(both) - there_us;
  } else if (kind == Kind::kMessage) {
    there_us = static_cast<int64_t>(shape_.queue_median * system_.network().Draw(bits >> 16));
  }
  if (shape_.clusters > 0 && remote && !entry && self.cluster != caller.cluster) {
    there_us += kAcrossUs / 2;
    back_us += kAcrossUs / 2;
  }
  const int64_t server_start_us = start_us + there_us;

  // Who writes: both sides of a remote call, the consumer of a message, the client of a store. An
  // entry behind another proxy is written by the service only.
  const bool zero = path_size == 1;
  const bool client_row = entry ? zero && take_ == Take::kWhole : kind != Kind::kMessage;
  const bool server_row = entry || remote || kind == Kind::kMessage;
  const uint32_t metered = meter_on_ ? meter_.AddCall(interface.service, edge, depth) : 0;
  RowRecord row;
  row.caller = caller.service;
  row.callee = service.name;
  if (shape_.instances || kind == Kind::kRpc || kind == Kind::kHttp) {
    row.operation = interface.operation;
  }
  row.caller_pod = caller.pod;
  row.callee_pod = self.pod;
  row.kind = kind;
  if (entry && zero) row.flags = kRowFromUser;
  if (shape_.planted) row.flags |= fail_next_ ? kRowAnswered | kRowFailed : kRowAnswered;
  fail_next_ = false;
  const std::string_view path(path_, path_size);
  BlockRows::RowRef client, server;
  if (client_row) {
    row.side = Side::kClient;
    client = out_.Put(row, start_us, path);
  }
  if (server_row) {
    row.side = Side::kServer;
    server = out_.Put(row, server_start_us, path);
  }

  bool hit_missing = false, hit_propagation = false;
  if (damage_ && take_ == Take::kWhole) {
    hit_missing = !entry && damage_random_.Chance(options_.damage.missing);
    hit_propagation = damage_random_.Chance(options_.damage.propagation);
  }

  RunResult run;
  if (service.role == Role::kStateless && take_ == Take::kWhole) {
    run = covering_ ? RunCover(interface, self, server_start_us, path_size, depth)
                    : Run(interface, self, server_start_us, path_size, depth, hit_propagation);
  } else {
    run.end_us = server_start_us + static_cast<int64_t>(static_cast<float>(interface.work_us) *
                                                        system_.storage().Draw(bits >> 40) *
                                                        Slowdown(self.pod, server_start_us));
  }
  const int64_t client_end_us = run.end_us + back_us;

  if (meter_on_) {
    const int64_t served_us = server_row ? run.end_us : client_end_us;
    const int64_t from_us = server_row ? server_start_us : start_us;
    const int32_t served_ms = Milliseconds(served_us) - Milliseconds(from_us);
    // The only row of a call passes for the caller's where rows do not tell sides: in the 2022
    // release that of a message, in the 2021 release one of no duration, whose sign would tell.
    const bool passes = shape_.instances ? kind == Kind::kMessage : served_ms == 0 && !entry;
    meter_.EndCall(metered, served_ms - run.covered_ms, client_row || passes);
  }
  if (hit_propagation && run.callees >= 2) {
    ++counts.propagation_callers;
    counts.propagation_rows += run.callee_rows;
    AddHit(Hit::kPropagation, path_size);
  }
  bool lose_client = false, lose_server = false;
  if (hit_missing) {
    if (run.callees > 0) {
      lose_client = lose_server = true;
      ++counts.missing_calls;
      counts.missing_call_rows += uint64_t{client_row} + uint64_t{server_row};
      counts.orphaned_calls += run.callees;
      AddHit(Hit::kMissing, path_size);
    } else if (client_row && server_row) {
      lose_client = damage_random_.Chance(0.5);
      lose_server = !lose_client;
      ++counts.one_sided_calls;
    }
  }
  CallResult result;
  const DamageShares* const damage = damage_ && take_ == Take::kWhole ? &options_.damage : nullptr;
  if (client_row) {
    result.rows += out_.Finish(client, client_end_us, lose_client, damage, damage_random_);
  }
  if (server_row) {
    result.rows += out_.Finish(server, run.end_us, lose_server, damage, damage_random_);
  }
  rows_ += result.rows;

  const bool seen_by_client = client_row;
  const int32_t duration_ms = seen_by_client
                                  ? Milliseconds(client_end_us) - Milliseconds(start_us)
                                  : Milliseconds(run.end_us) - Milliseconds(server_start_us);
  if (client_row && server_row) {
    ++counts.two_row_calls;
    if (duration_ms == Milliseconds(run.end_us) - Milliseconds(server_start_us))
      ++counts.no_network;
  }
  if (!entry) block_->edge_calls.push_back({edge, duration_ms});

  if (kind == Kind::kMessage) {
    result.resume_us = start_us + 40 + static_cast<int64_t>(bits >> 56);  // handed to the queue
  } else {
    result.resume_us = client_end_us;
    if (!entry) siblings_.Add(start_us, client_end_us, kind == Kind::kRpc);
  }
  return result;
}

void TraceWalk::DrawPod(const Service& service, uint32_t bits, const Caller& caller,
                        Caller& self) const {
  uint32_t pod;
  if (shape_.clusters > 0 && service.role != Role::kStateless && caller.pod != model::kNoInstance) {
    // Pods are in the clusters in turn.
    const uint32_t here = (service.pods - caller.cluster + shape_.clusters - 1) / shape_.clusters;
    pod = caller.cluster + shape_.clusters * static_cast<uint32_t>((uint64_t{bits} * here) >> 32);
  } else {
    pod = static_cast<uint32_t>((uint64_t{bits} * service.pods) >> 32);
  }
  self.pod = Id<model::InstanceId>(service.first_pod + pod);
  if (shape_.clusters > 0) self.cluster = pod % shape_.clusters;
}

TraceWalk::RunResult TraceWalk::Run(const Interface& interface, const Caller& self,
                                    int64_t start_us, uint32_t path_size, uint32_t depth,
                                    bool share_id) {
  uint64_t bits = random_.Next();
  const auto own_us =
      static_cast<int64_t>(static_cast<float>(interface.work_us) * system_.work().Draw(bits >> 40) *
                           Slowdown(self.pod, start_us));
  RunResult result;
  result.end_us = start_us + own_us;
  if (interface.sites == 0 || static_cast<double>(bits & 0xFFFF) >= shape_.expands * 65536) {
    return result;
  }
  const int64_t calls_start_us = start_us + own_us / 2;
  const int64_t gap_us = own_us / 2 / (interface.sites + 1);
  const size_t mark = siblings_.size();
  int64_t now_us = calls_start_us;     // of the sequence
  int64_t latest_us = calls_start_us;  // of lanes
  uint32_t turn = 0;
  bool backwards = false;
  if (interface.plan == Plan::kShuffled) {
    turn = random_.Below(interface.sites);
    backwards = random_.Chance(0.5);
  }
  for (uint32_t s = 0; s < interface.sites; ++s) {
    uint32_t place = s;
    if (interface.plan == Plan::kShuffled) {
      place = (turn + (backwards ? interface.sites - s : s)) % interface.sites;
    }
    const Site& site = system_.sites()[interface.first_site + place];
    bits = random_.Next();
    if (site.share != 0xFFFF && (bits & 0xFFFF) >= site.share) continue;
    uint32_t repeats = 1;
    if (site.repeat == Repeat::kFew) {
      repeats = 2 + static_cast<uint32_t>((bits >> 16 & 0xFF) * 3 / 256);
    } else if (site.repeat == Repeat::kHeavy) {
      float drawn = system_.loop().Draw(bits >> 16);
      if ((bits >> 16) % kDraws == kDraws - 1) {
        // The tail of a Pareto distribution is one again.
        drawn = drawn * system_.loop().Draw(bits >> 32) / system_.loop().value[0];
      }
      repeats = static_cast<uint32_t>(std::min(drawn, kMaxRepeats));
    } else if (site.repeat == Repeat::kPlanted) {
      repeats = kPlantedRepeatsLeast + random_.Below(kPlantedRepeatsMore);
    }
    if (interface.plan == Plan::kLanes) now_us = calls_start_us + 15 * s;
    uint32_t failed = 0, attempts = 0;
    if (site.plant == Plant::kRetry) {
      // Each attempt but the last may fail; one that failed is followed by another.
      while (failed + 1 < kPlantedAttempts && random_.Chance(kPlantedFailure)) ++failed;
      repeats = failed + 1;
    }
    for (uint32_t r = 0;
         r < repeats && calls_ < shape_.max_calls && services_ < shape_.max_services; ++r) {
      if (interface.plan == Plan::kScatter) now_us = calls_start_us + 12 * result.callees;
      ++result.callees;
      uint64_t number = share_id ? 1 : result.callees;
      if (site.kind == Kind::kMessage && !share_id && number < 3300) {
        number = MessageNumber(number);
      }
      fail_next_ = r < failed;
      ++attempts;
      const CallResult call = MakeCall(site.interface, site.edge, site.kind, self, now_us,
                                       PutComponent(path_size, number), depth + 1);
      result.callee_rows += call.rows;
      if (r > 0) ++block_->counts.repeated_calls;
      latest_us = std::max(latest_us, call.resume_us);
      now_us = call.resume_us + (repeats > 3 ? 10 : gap_us);
    }
    if (site.plant != Plant::kNone && attempts > 0) {
      in_cycle_ |= site.plant == Plant::kWeakCycle || site.plant == Plant::kStrongCycle;
      block_->planted.push_back({interface.first_site + place, attempts, failed});
    }
  }
  if (interface.plan == Plan::kSequence || interface.plan == Plan::kShuffled) latest_us = now_us;
  result.covered_ms = siblings_.Count(mark, interface.plan, block_->counts);
  siblings_.Cut(mark);
  result.end_us = latest_us + own_us - own_us / 2;
  return result;
}

TraceWalk::RunResult TraceWalk::RunCover(const Interface& interface, const Caller& self,
                                         int64_t start_us, uint32_t path_size, uint32_t depth) {
  const auto own_us = static_cast<int64_t>(static_cast<float>(interface.work_us) *
                                           system_.work().Draw(random_.Next() >> 40));
  RunResult result;
  result.end_us = start_us + own_us / 2;
  if (expand_) {
    const size_t mark = siblings_.size();
    if (depth == 0 && chunk_ != nullptr) {
      for (uint32_t i = chunk_->first; i < chunk_->first + chunk_->edges; ++i) {
        const auto edge = static_cast<uint32_t>(system_.edges().size() + i);
        MakeCoverCall(system_.LeafOf(system_.tail_callees()[i]), edge, cover_->KindOf(i), self,
                      path_size, depth, result);
      }
    } else {
      for (uint32_t s = interface.first_site; s < interface.first_site + interface.sites; ++s) {
        const uint8_t flags = system_.cover()[s];
        if ((flags & kCoverCall) == 0) continue;
        expand_ = (flags & kCoverExpand) != 0;
        const Site& site = system_.sites()[s];
        MakeCoverCall(site.interface, site.edge, site.kind, self, path_size, depth, result);
      }
    }
    result.covered_ms = siblings_.Count(mark, Plan::kSequence, block_->counts);
    siblings_.Cut(mark);
  }
  result.end_us += own_us - own_us / 2;
  return result;
}

void TraceWalk::MakeCoverCall(uint32_t interface, uint32_t edge, Kind kind, const Caller& self,
                              uint32_t path_size, uint32_t depth, RunResult& result) {
  ++result.callees;
  const uint64_t number = kind == Kind::kMessage ? MessageNumber(result.callees) : result.callees;
  const CallResult call = MakeCall(interface, edge, kind, self, result.end_us,
                                   PutComponent(path_size, number), depth + 1);
  result.callee_rows += call.rows;
  result.end_us = call.resume_us + 10;
}

uint64_t TraceWalk::MessageNumber(uint64_t number) {
  return 11'000'000 + number * 1'000'003 + random_.Below(1'000'003);
}

// model::EncodePath's code, without going through text.
uint32_t TraceWalk::PutComponent(uint32_t path_size, uint64_t number) {
  char* at = path_ + path_size;
  if (number < 0xF0) {
    *at = static_cast<char>(number);
    return path_size + 1;
  }
  uint32_t bytes = 1;
  while (bytes < 8 && number >> (8 * bytes) != 0) ++bytes;
  *at++ = static_cast<char>(0xF0 + bytes - 1);
  for (uint32_t i = bytes; i-- > 0;) *at++ = static_cast<char>(number >> (8 * i));
  return path_size + 1 + bytes;
}

void TraceWalk::AddHit(Hit::Kind kind, uint32_t path_size) {
  // The first few of a block are enough for the first few of the run.
  if (block_->hits.size() >= 2 * kNamedHits) return;
  const auto same = std::count_if(block_->hits.begin(), block_->hits.end(),
                                  [kind](const Hit& hit) { return hit.kind == kind; });
  if (static_cast<size_t>(same) >= kNamedHits) return;
  block_->hits.push_back({out_.trace().index, out_.trace().id,
                          model::PathText(model::PathView(path_, path_size)), kind});
}

model::TraceId TraceWalk::MakeId(uint64_t trace, int64_t birth_us, uint32_t entry) {
  model::TraceId id;
  if (shape_.instances) {
    id.form = model::TraceForm::kPrefixed;
    id.hi = uint64_t{0xF0} << 56;
    id.lo = 10'000'000'000 + Scramble(trace + (options_.seed & 0xFFFF), 34);
    return id;
  }
  // 8 hex digits of an address, 13 decimal ones of a time, 4 of a counter, a letter, 4 hex digits
  // of a process.
  const uint64_t host = MixBits(entry * 4 + random_.Below(4) + 1);
  const uint64_t address = 0x0b000000 | (host & 0xFFFFFF);
  uint64_t time = static_cast<uint64_t>(shape_.epoch_ms + birth_us / 1000);
  uint64_t digits = 0;
  for (int i = 0; i < 13; ++i) {
    digits |= (time % 10) << (4 * i);
    time /= 10;
  }
  uint64_t counter = 1000 + trace % 9000, counter_digits = 0;
  for (int i = 0; i < 4; ++i) {
    counter_digits |= (counter % 10) << (4 * i);
    counter /= 10;
  }
  const uint64_t last = counter_digits << 20 | uint64_t{0xe} << 16 | (host >> 24 & 0xFFFF);
  id.form = model::TraceForm::kHex;
  id.hi = uint64_t{30} << 56 | address << 24 | digits >> 28;
  id.lo = digits << 36 | last;
  return id;
}

}  // namespace plumbago::generate
