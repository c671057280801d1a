#include "engine/trace_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <span>
#include <utility>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/strong_id.h"
#include "base/worker_threads.h"
#include "engine/clock_offsets.h"
#include "engine/link_rows.h"
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
    for (const auto& writer : rows.writers) links_ |= writer->links() != 0;
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
    std::vector<const char*>().swap(sorted_);
    std::vector<model::AttributeId>().swap(attributes_);
    visitor_.Release();
  }

  void VisitRows(const model::TraceId& id, std::span<const char* const> packed) {
    // Without links, which is the rule, nobody looks at each row for one.
    if (links_ && std::any_of(packed.begin(), packed.end(), PackedIsLink)) [[unlikely]] {
      VisitLinked(id, packed);
      return;
    }
    Unpack(packed);
    visitor_.Visit(id, views_);
  }

  // The links behind the rows.
  void VisitLinked(const model::TraceId& id, std::span<const char* const> packed) {
    sorted_.assign(packed.begin(), packed.end());
    const auto links = std::stable_partition(sorted_.begin(), sorted_.end(),
                                             [](const char* row) { return !PackedIsLink(row); });
    Unpack(sorted_);
    const auto count = static_cast<size_t>(links - sorted_.begin());
    const std::span<const graph::Row> all(views_);
    visitor_.VisitLinked(id, all.first(count), all.subspan(count));
  }

  void Unpack(std::span<const char* const> packed) {
    calls_.resize(std::max(calls_.size(), packed.size()));
    views_.resize(packed.size());
    const model::NameRanks& ranks = rows_.ranks;
    const bool translate = !ranks.services.empty();
    attributes_at_.clear();
    for (size_t i = 0; i < packed.size(); ++i) {
      model::Call& call = calls_[i];
      const size_t size = UnpackRow(packed[i], call, views_[i].path);
      views_[i].call = &call;
      views_[i].attributes = {};
      if (call.attributes != 0 && !look_) attributes_at_.emplace_back(i, packed[i] + size);
      if (clocks_ == nullptr && !translate) continue;
      if (translate) Translate(ranks, call);
      if (clocks_ != nullptr) PutClockRight(call);
    }
    if (!attributes_at_.empty()) GiveAttributes();
  }

  // To each row its own. Names in it are translated before: of the service it depends what is left
  // out.
  void GiveAttributes() {
    size_t count = 0;
    for (const auto& [row, end] : attributes_at_) count += calls_[row].attributes;
    if (attributes_.size() < count) attributes_.resize(count);
    const std::vector<uint32_t>& ranks = rows_.ranks.attributes;
    model::AttributeId* at = attributes_.data();
    for (const auto& [row, end] : attributes_at_) {
      const model::Call& call = calls_[row];
      const size_t bytes = call.attributes * sizeof *at;
      std::memcpy(at, end - bytes, bytes);
      const std::span<model::AttributeId> ids(at, call.attributes);
      at += ids.size();
      views_[row].attributes = ids;
      if (ranks.empty()) continue;
      const model::ServiceId writer = call.side == model::Side::kClient ? call.caller : call.callee;
      if (rows_.names->attribute_keys.some_left_out() &&
          rows_.names->attribute_keys.ServiceLeftOut(Index(writer))) {
        ids[0] = model::kNoAttribute;
        views_[row].attributes = ids.first(1);
        continue;
      }
      for (model::AttributeId& id : ids) {
        TranslateName(ranks, id);
        if (rows_.names->MayBeLeftOut(id)) [[unlikely]]
          id = rows_.names->Kept(writer, id);
      }
    }
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
    if (call.side != kLinkSide) ++rows_shifted;
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
  std::vector<const char*> sorted_;
  std::vector<std::pair<size_t, const char*>> attributes_at_;  // row, where its ids end
  std::vector<model::AttributeId> attributes_;                 // of all rows of the trace
  bool links_ = false;                                         // there are span links
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
