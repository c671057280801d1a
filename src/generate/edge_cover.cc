#include "generate/edge_cover.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/int128.h"

namespace plumbago::generate {

using model::Kind;

namespace {

constexpr uint64_t kEdgesPerService = 400;
constexpr uint32_t kUsual = 20'000;

uint32_t RowsOf(Kind kind) {
  return kind == Kind::kRpc || kind == Kind::kHttp || kind == Kind::kOther ? 2 : 1;
}

}  // namespace

uint32_t ServicesFor(uint64_t edges) {
  const double sparse = static_cast<double>(edges) / Shape().edges_per_service;
  if (sparse < kUsual) return std::max(10u, static_cast<uint32_t>(sparse));
  return static_cast<uint32_t>(std::clamp<uint64_t>(edges / kEdgesPerService, kUsual, 10'000'000));
}

double EdgeCover::GrownEdges(const TraceOptions& options) {
  constexpr double kGrown = 1.8, kTail = 1.05;  // rows an edge
  const double rows = 0.9 * static_cast<double>(options.rows);
  return std::max(0.0, (rows - kTail * static_cast<double>(options.edges)) / (kGrown - kTail));
}

Result<EdgeCover> EdgeCover::Make(const System& system, const TraceOptions& options) {
  if (system.edge_count() < options.edges) {
    return Fail(ErrorKind::kUsage,
                fmt::format("--edges: {} services hold at most {} edges here, not {}",
                            options.services, system.edge_count(), options.edges));
  }
  EdgeCover cover;
  cover.system_ = &system;
  cover.salt_ = MixSeeds(options.seed, 4);
  const uint64_t grown_entries = system.entries().size() - system.tail_entries();
  const uint64_t tail = system.tail_callees().size();
  cover.traces_ = grown_entries + system.tail_chunks().size();
  uint64_t grown_rows = grown_entries;
  for (size_t i = 0; i < system.sites().size(); ++i) {
    if ((system.cover()[i] & kCoverCall) != 0) grown_rows += RowsOf(system.sites()[i].kind);
  }
  const uint64_t least = grown_rows + system.tail_chunks().size() + tail;
  if (least > options.rows) {
    const uint64_t most = grown_rows < options.rows
                              ? system.edges().size() + (options.rows - grown_rows) * 24 / 25
                              : options.rows / 2;
    return Fail(ErrorKind::kUsage,
                fmt::format("--edges {0} needs {1} rows or more here, not {2}: with --rows {2} "
                            "about {3} edges can be reached",
                            options.edges, least, options.rows, most / 100 * 100));
  }
  // Messages become rpc: not for more than half of what is left, nor of the callees that could.
  const uint64_t spare = (options.rows - least) / 2;
  const auto could = static_cast<uint64_t>(std::count_if(
      system.tail_callees().begin(), system.tail_callees().end(),
      [&](uint32_t callee) { return system.services()[callee].role == Role::kStateless; }));
  const double share =
      could == 0 ? 0 : std::min(0.5, static_cast<double>(spare) / static_cast<double>(could));
  cover.rpc_below_ = static_cast<uint64_t>(share * 0.98 * 18446744073709549568.0);
  cover.rows_ = least;
  for (uint32_t i = 0; i < tail; ++i) cover.rows_ += RowsOf(cover.KindOf(i)) - 1;
  if (cover.rows_ > options.rows) {  // a few rows: chance went over them
    cover.rpc_below_ = 0;
    cover.rows_ = least;
  }

  // How many ordinary traces the other rows make, a tenth less: then the cover ends before they do.
  double calls = 1;
  for (const Edge& edge : system.edges()) calls += edge.expected;
  cover.ordinary_ =
      static_cast<uint64_t>(0.9 * static_cast<double>(options.rows - cover.rows_) / (1.35 * calls));
  cover.stride_ = static_cast<uint64_t>(static_cast<double>(cover.traces_) * 0.618) | 1;
  while (std::gcd(cover.stride_, cover.traces_) != 1) cover.stride_ += 2;
  return cover;
}

std::optional<uint64_t> EdgeCover::NumberOf(uint64_t index) const {
  const auto before = [this](uint64_t i) {
    return static_cast<uint64_t>(UInt128{i} * traces_ / (traces_ + ordinary_));
  };
  const uint64_t number = before(index);
  if (number >= traces_ || before(index + 1) == number) return std::nullopt;
  return static_cast<uint64_t>(UInt128{number} * stride_ % traces_);
}

model::Kind EdgeCover::KindOf(uint32_t index) const {
  switch (system_->services()[system_->tail_callees()[index]].role) {
    case Role::kCache:
      return Kind::kCache;
    case Role::kDatabase:
      return Kind::kDatabase;
    case Role::kStateless:
      break;
  }
  return IsRpc(index) ? Kind::kRpc : Kind::kMessage;
}

}  // namespace plumbago::generate
