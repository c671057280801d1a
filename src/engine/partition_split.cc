#include "engine/partition_split.h"

#include "base/interrupt.h"
#include "engine/packed_row.h"
#include "formats/block_source.h"

namespace plumbago::engine {
namespace {

constexpr size_t kGather = 64u << 10;
static_assert(kGather + kPackedMost <= kMostExtent);

class Splitter {
 public:
  Splitter(unsigned shift, SpillFile& spill) : shift_(shift), spill_(spill) {}

  Result<void> Add(std::string_view piece) {
    const char* in = piece.data();
    const char* const end = in + piece.size();
    while (in != end) {
      const model::TraceId trace = PackedTrace(in);
      const size_t to = trace.Hash() >> shift_ & (kSplitParts - 1);
      const size_t size = PackedSize(in);
      Count(parts[to], trace, PackedOrigin(in));
      gathered_[to].append(in, size);
      if (gathered_[to].size() >= kGather) RETURN_IF_ERROR(Write(to));
      in += size;
    }
    return {};
  }
  Result<void> Finish() {
    for (size_t to = 0; to < kSplitParts; ++to) RETURN_IF_ERROR(Write(to));
    return {};
  }

  std::array<RowPart, kSplitParts> parts;

 private:
  static void Count(RowPart& part, const model::TraceId& trace, const model::Origin& origin) {
    if (part.count++ == 0) {
      part.trace = trace;
      part.first = origin;
      return;
    }
    part.one_trace = part.one_trace && trace == part.trace;
    if (formats::BlockSource::Before(origin, part.first)) part.first = origin;
  }
  Result<void> Write(size_t to) {
    std::string& bytes = gathered_[to];
    if (bytes.empty()) return {};
    ASSIGN_OR_RETURN(const uint64_t offset, spill_.Append(bytes));
    parts[to].rows.spilled.push_back({offset, bytes.size()});
    parts[to].rows.bytes += bytes.size();
    bytes.clear();
    return {};
  }

  unsigned shift_;
  SpillFile& spill_;
  std::array<std::string, kSplitParts> gathered_;
};

}  // namespace

Result<std::array<RowPart, kSplitParts>> SplitRows(const RowPieces& rows, unsigned shift,
                                                   SpillFile& spill, bool keep) {
  Splitter splitter(shift, spill);
  for (const std::string_view piece : rows.resident) {
    if (Interrupted()) return Fail(ErrorKind::kInterrupted, "interrupted");
    RETURN_IF_ERROR(splitter.Add(piece));
  }
  std::string buffer;
  for (const Extent& extent : rows.spilled) {
    if (Interrupted()) return Fail(ErrorKind::kInterrupted, "interrupted");
    buffer.resize(extent.size);
    RETURN_IF_ERROR(spill.ReadAt(extent.offset, buffer.data(), extent.size));
    RETURN_IF_ERROR(splitter.Add(buffer));
    if (!keep) spill.Discard(extent.offset, extent.size);
  }
  RETURN_IF_ERROR(splitter.Finish());
  return std::move(splitter.parts);
}

}  // namespace plumbago::engine
