#include "analysis/edge_times.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "analysis/floor_divide.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

constexpr int64_t kBlockNs = TimeBlocks::kSeconds * 1'000'000'000;

}  // namespace

TimeBlocks::Block& TimeBlocks::At(int64_t index) {
  // Calls come nearly in order: the place is at the end or close to it.
  auto at = blocks_.end();
  while (at != blocks_.begin() && std::prev(at)->index >= index) --at;
  if (at == blocks_.end() || at->index != index) {
    at = blocks_.insert(at, Block{});
    at->index = index;
  }
  return *at;
}

void TimeBlocks::Coarsen(uint8_t level) {
  const uint8_t shift = level - level_;
  level_ = level;
  std::vector<Block> coarse;
  for (Block& block : blocks_) {
    block.index >>= shift;
    if (coarse.empty() || coarse.back().index != block.index) {
      coarse.push_back(std::move(block));
      continue;
    }
    coarse.back().calls += block.calls;
    coarse.back().errors += block.errors;
    coarse.back().latency_ns.Merge(block.latency_ns);
  }
  blocks_ = std::move(coarse);
}

void TimeBlocks::Fit() {
  while (blocks_.size() > kMost && level_ < kLevels) Coarsen(level_ + 1);
}

void TimeBlocks::Add(int64_t start_ns, int64_t latency_ns, bool error) {
  Block& block = At(FloorDivide(start_ns, kBlockNs) >> level_);
  ++block.calls;
  block.errors += error;
  block.latency_ns.Add(latency_ns);
  Fit();
}

void TimeBlocks::Merge(const TimeBlocks& other) {
  if (other.level_ > level_) Coarsen(other.level_);
  for (const Block& from : other.blocks_) {
    Block& into = At(from.index >> (level_ - other.level_));
    into.calls += from.calls;
    into.errors += from.errors;
    into.latency_ns.Merge(from.latency_ns);
  }
  Fit();
}

// Level, number of blocks, and of each: its index (the first as it is, the others less the one
// before), errors, sketch. Its calls are those that the sketch counts.
void TimeBlocks::Save(std::string& out) const {
  out.push_back(static_cast<char>(level_));
  statistics::AppendVarint(out, blocks_.size());
  int64_t last = 0;
  for (const Block& block : blocks_) {
    statistics::AppendSigned(out, block.index - last);
    last = block.index;
    statistics::AppendVarint(out, block.errors);
    block.latency_ns.Save(out);
  }
}

bool TimeBlocks::Load(statistics::StateReader& in) {
  blocks_.clear();
  const std::string_view level = in.Bytes(1);
  if (level.empty() || static_cast<uint8_t>(level[0]) > kLevels) return false;
  level_ = static_cast<uint8_t>(level[0]);
  const uint64_t count = in.Varint();
  if (count == 0 || (count > kMost && level_ < kLevels)) return false;
  constexpr int64_t kFurthest = std::numeric_limits<int64_t>::max() / kBlockNs + 1;
  int64_t last = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Block block;
    const int64_t step = in.Signed();
    if (!in.ok() || step > 2 * kFurthest || step < -kFurthest || (i > 0 && step <= 0)) return false;
    block.index = last + step;
    if (block.index > kFurthest || block.index < -kFurthest) return false;
    last = block.index;
    block.errors = in.Varint();
    if (!block.latency_ns.Load(in)) return false;
    block.calls = block.latency_ns.count();
    if (block.calls == 0 || block.errors > block.calls) return false;
    blocks_.push_back(std::move(block));
  }
  return in.ok();
}

void EdgeTimes::Record::set_key(const std::array<uint32_t, 3>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  kind = static_cast<model::Kind>(key[2]);
}

size_t EdgeTimes::Table::KeyHash::operator()(const std::array<uint32_t, 3>& key) const {
  uint64_t hash = (uint64_t{key[0]} << 32 | key[1]) * 0x9E3779B97F4A7C15ull;
  hash = (hash ^ (hash >> 32)) + key[2];
  hash *= 0xD6E8FEB86659FD93ull;
  return hash ^ (hash >> 32);
}

void EdgeTimes::Table::Add(const graph::CallGraph& graph) {
  for (const graph::TraceCall& call : graph.calls) {
    if (!call.seen().known() || call.start_ns() == model::kNoTime) continue;
    const std::array<uint32_t, 3> key{Index(call.caller), Index(call.callee),
                                      static_cast<uint32_t>(call.kind)};
    const auto [at, added] = index_.try_emplace(key, static_cast<uint32_t>(records_.size()));
    if (added) records_.emplace_back().set_key(key);
    records_[at->second].times.Add(call.start_ns(), call.latency_ns(),
                                   call.status == model::Status::kError);
    ++calls_;
  }
}

void EdgeTimes::Table::Merge(Table&& from) {
  Freeze();
  from.Freeze();
  runs_.Take(std::move(from.runs_));
}

size_t EdgeTimes::Table::allocated() const {
  // A call adds at most one block, or one bucket of a sketch; either grows by doubling.
  constexpr size_t kCallBytes = 48;
  constexpr size_t kRecordBytes = 32;  // of the index
  return records_.capacity() * sizeof(Record) + records_.size() * (kRecordBytes + 144) +
         std::min<size_t>(calls_ * kCallBytes, records_.size() * size_t{16'000}) +
         runs_.allocated();
}

void EdgeTimes::Table::Freeze() {
  if (records_.empty()) return;
  const size_t bytes = allocated() - runs_.allocated();
  std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
    return statistics::PackKey(a.key()) < statistics::PackKey(b.key());
  });
  runs_.Add(std::make_shared<statistics::MemoryRun<Record>>(std::exchange(records_, {}), bytes));
  index_ = {};
  calls_ = 0;
}

const Description EdgeTimes::kDescription = {
    .id = "edge-times",
    .title = "Edges over time",
    .question = "When was each edge how slow?",
    .needs = "caller, callee, kind, start, duration",
    .source = "Plumbago: blocks of time for comparisons (T11); quantiles by DDSketch (VLDB'19)",
};

void EdgeTimes::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  state.edges.Add(graph);
}

document::Section EdgeTimes::Conclude(const State&, const Facts&) { return {}; }

}  // namespace plumbago::analysis
