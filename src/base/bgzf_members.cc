// Finds gzip members (RFC 1952) that tell their size in the extra field "BC", as bgzip writes them.
#include <algorithm>

#include "base/file_kind.h"
#include "base/frame_format.h"
#include "base/frame_window.h"
#include "base/gzip_stream.h"

namespace plumbago {

namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kRunText = 1 << 20;
constexpr uint64_t kMostText = 64 << 10;  // of a member
constexpr size_t kFixedHeader = 12;       // up to the extra field
constexpr size_t kTrailer = 8;            // checksum and size of the text

struct Member {
  uint64_t end = 0;
  uint64_t text = 0;
};

// The size of the whole member by its header; 0: it does not tell.
uint64_t MemberBytes(std::string_view head) {
  constexpr unsigned char kExtra = 4;
  if (!head.starts_with("\x1F\x8B\x08"sv) || head.size() < kFixedHeader) return 0;
  if ((static_cast<unsigned char>(head[3]) & kExtra) == 0) return 0;
  const uint64_t extra_bytes = LittleEndian(head.substr(10), 2);
  std::string_view extra = head.substr(kFixedHeader, static_cast<size_t>(extra_bytes));
  while (extra.size() >= 4) {
    const uint64_t field_bytes = LittleEndian(extra.substr(2), 2);
    if (extra.starts_with("BC"sv) && field_bytes == 2 && extra.size() >= 6) {
      const uint64_t bytes = LittleEndian(extra.substr(4), 2) + 1;
      return bytes < kFixedHeader + extra_bytes + kTrailer ? 0 : bytes;
    }
    extra.remove_prefix(std::min(extra.size(), static_cast<size_t>(4 + field_bytes)));
  }
  return 0;
}

std::optional<Member> FindMember(FrameWindow& window, uint64_t begin) {
  const std::string_view head = window.At(begin, kFixedHeader);
  if (head.size() < kFixedHeader) return std::nullopt;
  const auto extra_bytes = static_cast<size_t>(LittleEndian(head.substr(10), 2));
  const uint64_t bytes = MemberBytes(window.At(begin, kFixedHeader + extra_bytes));
  if (bytes == 0) return std::nullopt;
  const std::string_view size = window.At(begin + bytes - 4, 4);
  if (size.size() < 4) return std::nullopt;
  const Member member{begin + bytes, LittleEndian(size, 4)};
  if (member.text > kMostText) return std::nullopt;
  return member;
}

class Members final : public FrameFormat {
 public:
  std::optional<FrameRun> Scan(const BytesAt& bytes, uint64_t begin, size_t most) const override {
    FrameWindow window(bytes);
    FrameRun run{begin, begin, 0, 0};
    while (run.end < bytes.size() && run.text_bytes < kRunText && run.end - begin < kRunText) {
      const std::optional<Member> member = FindMember(window, run.end);
      if (!member || member->end - begin > most || run.text_bytes + member->text > most) break;
      run.end = member->end;
      run.text_bytes += static_cast<size_t>(member->text);
    }
    if (run.end == begin) return std::nullopt;
    return run;
  }
  std::unique_ptr<FrameDecoder> Open(std::unique_ptr<ByteStream> source,
                                     std::string file) const override {
    return std::make_unique<GzipStream>(std::move(source), std::move(file));
  }
};

}  // namespace

const FrameFormat& BgzfMembers() {
  static const Members members;
  return members;
}

const FrameFormat* FindFrameFormat(std::string_view head) {
  switch (DetectKind(head)) {
    case FileKind::kZstd:
      return &ZstdFrames();
    case FileKind::kGzip:
      return MemberBytes(head) > 0 ? &BgzfMembers() : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace plumbago
