#include "generate/generate_traces.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "generate/row_writer.h"
#include "generate/trace_walk.h"

namespace plumbago::generate {
namespace {

// So many traces that do not fit in the rows that are left are passed over before the rest is
// filled with traces of one row.
constexpr uint32_t kTries = 256;

// Blocks are made by all threads and handed on in order, twice: a block is settled (its rows are
// accounted for, and those of later slices handed over), and then, once encoded, written. A thread
// keeps its block through all of it, so there is no queue: while one waits for its turn the other
// encodes or makes.
class Generation {
 public:
  Generation(const System& system, const TraceOptions& options, const formats::Encoder& encoder,
             const TextSink& sink, const std::function<bool()>& stop, const EdgeCover* cover,
             const Selection* selection)
      : system_(system),
        options_(options),
        encoder_(encoder),
        sink_(sink),
        stop_(stop),
        cover_(cover),
        selection_(selection),
        rows_left_(options.rows),
        reserved_(cover == nullptr ? 0 : cover->rows()) {}

  Result<Truth> Run() {
    std::string header;
    encoder_.Header(header);
    RETURN_IF_ERROR(sink_(header));
    unsigned threads = options_.threads;
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { Work(); });
    Work();
    for (std::thread& other : others) other.join();
    if (error_) return tl::unexpected(std::move(*error_));
    return std::move(*truth_);
  }

 private:
  void Work() {
    Truth truth(system_, options_);
    TraceWalk walk(system_, options_, cover_);
    walk.Select(selection_);
    RowWriter writer(encoder_, system_.names(), options_.order);
    TraceBlock block;
    std::string text;
    std::vector<const RowArena*> arenas;
    for (;;) {
      uint64_t index;
      {
        std::lock_guard lock(mutex_);
        if (Over(next_)) break;
        index = next_++;
      }
      walk.MakeBlock(index, {}, block);

      std::vector<RowArena> carried;
      {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return settled_ == index || Over(index); });
        if (Over(index)) break;
        carried = Settle(walk, block);
        turn_.notify_all();
      }
      Account(block, truth);

      arenas.clear();
      for (const RowArena& arena : carried) arenas.push_back(&arena);
      arenas.push_back(&block.own);
      text.clear();
      writer.Write(arenas, static_cast<int64_t>(index) * walk.slice_ms(), walk.slice_ms(), text);

      std::unique_lock lock(mutex_);
      turn_.wait(lock, [&] { return written_ == index || error_; });
      if (error_) break;
      lock.unlock();
      Result<void> status = sink_(text);
      if (status && stop_ && stop_()) {
        status = Fail(ErrorKind::kInterrupted, "interrupted; the rows written so far are whole");
      }
      if (status && last_ == index) status = Finish(walk, writer, text);
      lock.lock();
      if (!status) error_ = std::move(status.error());
      ++written_;
      turn_.notify_all();
    }
    std::lock_guard lock(mutex_);
    if (truth_) {
      truth_->Merge(std::move(truth));
    } else {
      truth_ = std::move(truth);
    }
  }

  // Under the lock: whether block `index` is beyond the end.
  bool Over(uint64_t index) const { return error_ || index > last_; }

  // Under the lock, in the order of blocks: accounts for the block's rows, thinning it if they are
  // more than are left, and hands its later rows on. Returns what earlier blocks left for its
  // slice.
  std::vector<RowArena> Settle(TraceWalk& walk, TraceBlock& block) {
    if (filling_ || block.rows - block.cover_rows > rows_left_ - reserved_) {
      const std::vector<Take> takes = ChooseTakes(block);
      walk.MakeBlock(block.index, takes, block);
    }
    rows_left_ -= block.rows;
    reserved_ -= block.cover_rows;
    if (rows_left_ == 0) last_ = block.index;
    for (size_t k = 0; k < block.later.size(); ++k) {
      if (block.later[k].rows.empty()) continue;
      pending_[block.index + 1 + k].push_back(std::move(block.later[k]));
    }
    std::vector<RowArena> carried;
    if (const auto at = pending_.find(block.index); at != pending_.end()) {
      carried = std::move(at->second);
      pending_.erase(at);
    }
    ++settled_;
    return carried;
  }

  // Which traces of the block to keep, so that the rows come out exactly.
  std::vector<Take> ChooseTakes(const TraceBlock& block) {
    std::vector<Take> takes(block.traces.size(), Take::kSkip);
    uint64_t left = rows_left_ - reserved_;
    for (size_t i = 0; i < takes.size(); ++i) {
      if (block.traces[i].take == Take::kSkip) continue;  // not selected
      if (block.traces[i].cover) takes[i] = Take::kWhole;
      if (block.traces[i].cover || left == 0) continue;
      const uint64_t rows = block.traces[i].rows;
      if (rows <= left) {
        takes[i] = Take::kWhole;
        left -= rows;
        continue;
      }
      filling_ = true;
      if (++passed_ > kTries) {
        takes[i] = Take::kMinimal;
        --left;
      }
    }
    return takes;
  }

  static void Account(TraceBlock& block, Truth& truth) {
    truth.AddCounts(block.counts);
    truth.AddEdgeCalls(block.edge_calls);
    truth.AddHits(std::move(block.hits));
    truth.AddPlanted(block.planted);
    block.hits.clear();
    truth.SetWindow(block.first_ms, block.last_ms);
    for (const TraceTally& trace : block.traces) {
      if (trace.take == Take::kSkip) continue;
      truth.AddTrace(trace.entry, trace.calls, trace.services, trace.depth);
    }
  }

  // After the last block: the rows of its traces and earlier ones that lie in slices beyond it.
  Result<void> Finish(const TraceWalk& walk, RowWriter& writer, std::string& text) {
    std::vector<const RowArena*> arenas;
    for (const auto& [slice, rest] : pending_) {
      arenas.clear();
      for (const RowArena& arena : rest) arenas.push_back(&arena);
      text.clear();
      writer.Write(arenas, static_cast<int64_t>(slice) * walk.slice_ms(), walk.slice_ms(), text);
      RETURN_IF_ERROR(sink_(text));
    }
    pending_.clear();
    return {};
  }

  const System& system_;
  const TraceOptions& options_;
  const formats::Encoder& encoder_;
  const TextSink& sink_;
  const std::function<bool()>& stop_;
  const EdgeCover* const cover_;
  const Selection* const selection_;

  std::mutex mutex_;
  std::condition_variable turn_;
  uint64_t next_ = 0;               // block to make
  uint64_t settled_ = 0;            // blocks before it are settled
  uint64_t written_ = 0;            // blocks before it are written
  uint64_t last_ = UINT64_MAX - 1;  // the block that holds the last trace
  uint64_t rows_left_;
  uint64_t reserved_;  // of them: for cover traces that are still to come
  bool filling_ = false;
  uint32_t passed_ = 0;
  std::map<uint64_t, std::vector<RowArena>> pending_;  // by slice, earlier blocks first
  std::optional<Error> error_;
  std::optional<Truth> truth_;
};

}  // namespace

Result<GeneratedTraces> GenerateTraces(const TraceOptions& options, const Shape& shape,
                                       const formats::Encoder& encoder, const TextSink& sink,
                                       const std::function<bool()>& stop,
                                       const Selection* selection) {
  if (options.rows == 0) return Fail(ErrorKind::kUsage, "--rows must be at least 1");
  if (options.services < 10 || options.services > 10'000'000) {
    return Fail(ErrorKind::kUsage,
                fmt::format("--services is from 10 to 10000000, not {}", options.services));
  }
  if (options.edges > kMaxEdges) {
    return Fail(ErrorKind::kUsage,
                fmt::format("--edges is at most {}, not {}", kMaxEdges, options.edges));
  }
  Shape planted = shape;
  if (options.edges > 0) {
    planted.edges_per_service =
        std::min(planted.edges_per_service, EdgeCover::GrownEdges(options) / options.services);
  }
  auto system = std::make_unique<const System>(planted, options.services, options.seed,
                                               static_cast<uint32_t>(options.edges));
  std::optional<EdgeCover> cover;
  if (options.edges > 0) {
    ASSIGN_OR_RETURN(cover, EdgeCover::Make(*system, options));
  }
  ASSIGN_OR_RETURN(Truth truth, Generation(*system, options, encoder, sink, stop,
                                           cover ? &*cover : nullptr, selection)
                                    .Run());
  return GeneratedTraces{std::move(system), std::move(truth)};
}

Result<GeneratedTraces> GenerateTraces(const TraceOptions& options, const TextSink& sink,
                                       const std::function<bool()>& stop) {
  if (options.format == nullptr) return Fail(ErrorKind::kUsage, "no format to write");
  ASSIGN_OR_RETURN(const auto encoder, options.format->Write());
  if (options.format->name() == "alibaba-2021" &&
      (options.plants.cpu > 0 || options.plants.clusters > 0)) {
    return Fail(ErrorKind::kUsage,
                "--plant cpu= and clusters= need traces that name instances, and alibaba-2021 does "
                "not: --to alibaba-2022 or csv");
  }
  if (options.plants.cpu > 0 && !options.resources) {
    return Fail(ErrorKind::kUsage,
                "--plant cpu= follows a load that is told by --resources alone: give that, too");
  }
  return GenerateTraces(options, ShapeFor(options), *encoder, sink, stop);
}

}  // namespace plumbago::generate
