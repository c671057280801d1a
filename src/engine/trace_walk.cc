#include "engine/trace_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/strong_id.h"
#include "base/worker_threads.h"
#include "engine/clock_offsets.h"
#include "engine/packed_row.h"
#include "engine/partition_split.h"
#include "engine/trace_groups.h"
#include "engine/translate_name.h"

namespace plumbago::engine {
namespace {

// One thread's walk through the partitions that it takes.
class Walker {
 public:
  // `look`: rows stay for whoever comes after.
  Walker(ReadRows& rows, TraceVisitor& visitor, std::mutex& large, bool look)
      : rows_(rows), visitor_(visitor), large_(large), look_(look) {
    if (!look && rows.clocks && rows.clocks->found()) clocks_ = &rows.clocks->ahead_ns;
  }

  Result<void> Partition(size_t partition) {
    RowPieces pieces;
    for (const auto& writer : rows_.writers) writer->Collect(partition, pieces);
    RETURN_IF_ERROR(Walk(pieces, 64 - kPartitionBits));
    if (Interrupted()) return {};
    if (!look_) {
      for (const auto& writer : rows_.writers) writer->Release(partition);
    }
    return visitor_.EndPartition(partition);
  }

  // A piece of records that belong to no trace.
  Result<void> Loose(const RowPieces& piece) {
    views_of_pieces_ = piece.resident;
    RETURN_IF_ERROR(Read(piece.spilled));
    LooseReader reader(rows_.ranks);
    for (const std::string_view view : views_of_pieces_) reader.Read(view, visitor_);
    return visitor_.EndPartition(kPartitions);
  }

  model::DamageCounts damage;
  uint64_t rows_left_out = 0;
  uint64_t rows_shifted = 0;

 private:
  // `bits`: of the hash that tell these rows' traces apart.
  Result<void> Walk(const RowPieces& pieces, unsigned bits) {
    if (pieces.bytes <= rows_.plan.partition) return Visit(pieces);
    // What was split before is ours alone.
    const bool keep = look_ && bits == 64 - kPartitionBits;
    bits -= kSplitBits;
    ASSIGN_OR_RETURN(auto parts, SplitRows(pieces, bits, *rows_.spill, keep));
    for (RowPart& part : parts) {
      if (part.count == 0) continue;
      if (part.one_trace || bits == 0) {
        if (!part.one_trace || TooLarge(part.count, part.rows.bytes)) {
          LeaveOut(part.trace, part.count, part.rows.bytes, part.first);
        } else {
          RETURN_IF_ERROR(Visit(part.rows));
        }
      } else {
        RETURN_IF_ERROR(Walk(part.rows, bits));
      }
      part = {};
    }
    return {};
  }

  Result<void> Visit(const RowPieces& pieces) {
    views_of_pieces_ = pieces.resident;
    RETURN_IF_ERROR(Read(pieces.spilled));
    groups_.Load(views_of_pieces_);
    for (size_t i = 0; i < groups_.traces(); ++i) {
      if ((i & 255) == 0 && Interrupted()) return {};
      Trace(groups_.trace(i), groups_.rows(i));
    }
    return {};
  }

  Result<void> Read(const std::vector<Extent>& extents) {
    size_t size = 0;
    for (const Extent& extent : extents) size += extent.size;
    if (size == 0) return {};
    if (size > buffer_bytes_) {
      buffer_.reset();
      buffer_ = std::make_unique_for_overwrite<char[]>(size);
      buffer_bytes_ = size;
    }
    char* at = buffer_.get();
    for (const Extent& extent : extents) {
      RETURN_IF_ERROR(rows_.spill->ReadAt(extent.offset, at, extent.size));
      at += extent.size;
    }
    views_of_pieces_.emplace_back(buffer_.get(), size);
    return {};
  }

  bool TooLarge(uint64_t rows, uint64_t bytes) const {
    return rows * kWorkingBytesPerRow + bytes > rows_.plan.largest_trace;
  }

  void Trace(const model::TraceId& id, std::span<const char* const> packed) {
    const uint64_t working = packed.size() * kWorkingBytesPerRow;
    if (working <= rows_.plan.large_trace) {
      VisitRows(id, packed);
      return;
    }
    uint64_t bytes = 0;
    model::Origin first = PackedOrigin(packed.front());
    for (const char* row : packed) {
      bytes += PackedSize(row);
      const model::Origin origin = PackedOrigin(row);
      if (formats::BlockSource::Before(origin, first)) first = origin;
    }
    if (TooLarge(packed.size(), bytes)) {
      LeaveOut(id, packed.size(), bytes, first);
      return;
    }
    const std::lock_guard lock(large_);
    VisitRows(id, packed);
    std::vector<model::Call>().swap(calls_);
    std::vector<graph::Row>().swap(views_);
    visitor_.Release();
  }

  void VisitRows(const model::TraceId& id, std::span<const char* const> packed) {
    calls_.resize(std::max(calls_.size(), packed.size()));
    views_.resize(packed.size());
    const model::NameRanks& ranks = rows_.ranks;
    const bool translate = !ranks.services.empty();
    for (size_t i = 0; i < packed.size(); ++i) {
      model::Call& call = calls_[i];
      UnpackRow(packed[i], call, views_[i].path);
      views_[i].call = &call;
      if (clocks_ == nullptr && !translate) continue;
      if (translate) Translate(ranks, call);
      if (clocks_ != nullptr) PutClockRight(call);
    }
    visitor_.Visit(id, views_);
  }

  static void Translate(const model::NameRanks& ranks, model::Call& call) {
    TranslateName(ranks.services, call.caller);
    TranslateName(ranks.services, call.callee);
    TranslateName(ranks.operations, call.operation);
    TranslateName(ranks.operations, call.entry);
    TranslateName(ranks.instances, call.caller_instance);
    TranslateName(ranks.instances, call.callee_instance);
  }

  // By the clock of whoever wrote the row.
  void PutClockRight(model::Call& call) {
    const model::InstanceId host =
        call.side == model::Side::kClient ? call.caller_instance : call.callee_instance;
    const int64_t ahead = (*clocks_)[Index(host)];
    if (ahead == 0 || call.start_ns == model::kNoTime || call.span == 0) return;
    call.start_ns -= ahead;
    ++rows_shifted;
  }

  void LeaveOut(const model::TraceId& id, uint64_t rows, uint64_t bytes,
                const model::Origin& first) {
    rows_left_out += rows;
    if (!damage.WantsExample(model::Damage::kTooLargeTrace, first)) {
      damage.Add(model::Damage::kTooLargeTrace);
      return;
    }
    damage.Add(model::Damage::kTooLargeTrace,
               model::Example{
                   first,
                   0,
                   fmt::format("trace {} has {} rows, which need about {}; --memory {} allows "
                               "a trace of {}",
                               id.Text(), rows, BytesText(rows * kWorkingBytesPerRow + bytes),
                               SizeText(rows_.plan.budget), BytesText(rows_.plan.largest_trace)),
                   {}});
  }

  ReadRows& rows_;
  TraceVisitor& visitor_;
  std::mutex& large_;
  const bool look_;
  const std::vector<int64_t>* clocks_ = nullptr;  // of hosts, where some are put right
  std::unique_ptr<char[]> buffer_;
  size_t buffer_bytes_ = 0;
  std::vector<std::string_view> views_of_pieces_;
  TraceGroups groups_;
  std::vector<model::Call> calls_;
  std::vector<graph::Row> views_;
};

// The loose records of all readers, a piece each.
std::vector<RowPieces> LoosePieces(const ReadRows& rows) {
  RowPieces all;
  for (const auto& writer : rows.writers) writer->loose().Collect(all);
  std::vector<RowPieces> pieces;
  pieces.reserve(all.resident.size() + all.spilled.size());
  for (const std::string_view view : all.resident) pieces.push_back({{view}, {}, view.size()});
  for (const Extent& extent : all.spilled) pieces.push_back({{}, {extent}, extent.size});
  return pieces;
}

Result<bool> Walk(ReadRows& rows, std::span<TraceVisitor* const> visitors, const char* what,
                  bool look, bool show_progress) {
  const std::vector<RowPieces> loose = look ? std::vector<RowPieces>() : LoosePieces(rows);
  const size_t steps = kPartitions + loose.size();
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex large;
  std::mutex merging;
  uint64_t rows_shifted = 0;
  Progress progress(what, steps, show_progress, Progress::Unit::kItems);
  Result<void> done =
      RunOnThreads(static_cast<unsigned>(visitors.size()), [&](unsigned thread) -> Result<void> {
        Walker walker(rows, *visitors[thread], large, look);
        Result<void> status;
        while (status && !stop && !Interrupted()) {
          const size_t step = next.fetch_add(1);
          if (step >= steps) break;
          status =
              step < kPartitions ? walker.Partition(step) : walker.Loose(loose[step - kPartitions]);
          progress.Update(step + 1);
        }
        if (!status) stop = true;
        if (look) return status;
        const std::lock_guard lock(merging);
        rows.damage.Merge(walker.damage);
        rows.rows_left_out += walker.rows_left_out;
        rows_shifted += walker.rows_shifted;
        return status;
      });
  progress.Finish();
  if (rows_shifted > 0) {
    rows.damage.Add(model::Damage::kClockSkew, rows_shifted - 1);
    rows.damage.Add(
        model::Damage::kClockSkew,
        model::Example{{}, 0, ClockText(rows.clocks->pairs.front(), *rows.names), "clocks"});
  }
  if (Interrupted()) return false;
  if (!done) return tl::unexpected(std::move(done.error()));
  return true;
}

}  // namespace

Result<bool> WalkTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                        bool show_progress) {
  return Walk(rows, visitors, "building graphs", false, show_progress);
}

Result<bool> LookAtTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                          bool show_progress) {
  return Walk(rows, visitors, "comparing clocks", true, show_progress);
}

}  // namespace plumbago::engine
