// Finds Zstandard frames by their headers (RFC 8878, section 3.1).
#include <algorithm>

#include "base/frame_format.h"
#include "base/frame_window.h"
#include "base/zstd_stream.h"

namespace plumbago {

namespace {

constexpr size_t kRunText = 1 << 20;
constexpr uint64_t kBlockText = 128 << 10;  // the most that a block holds
// Larger windows are refused by ZstdStream, which says so.
constexpr uint64_t kMostWindow = 128 << 20;
constexpr size_t kHeaderBytes = 18;  // the longest, with its magic number

struct Frame {
  uint64_t end = 0;
  uint64_t text = 0;
  uint64_t window = 0;
};

std::optional<Frame> FindFrame(FrameWindow& window, uint64_t begin, size_t most) {
  const std::string_view head = window.At(begin, kHeaderBytes);
  if (head.size() < 8) return std::nullopt;
  const uint64_t magic = LittleEndian(head, 4);
  if ((magic & 0xFFFFFFF0) == 0x184D2A50) {  // a skippable frame
    Frame frame;
    frame.end = begin + 8 + LittleEndian(head.substr(4), 4);
    if (frame.end > window.file_bytes()) return std::nullopt;
    return frame;
  }
  if (magic != 0xFD2FB528) return std::nullopt;
  const auto descriptor = static_cast<unsigned char>(head[4]);
  const bool single_segment = (descriptor & 0x20) != 0;
  const bool checksum = (descriptor & 0x04) != 0;
  if ((descriptor & 0x0B) != 0) return std::nullopt;  // a reserved bit, or a dictionary
  constexpr size_t kContentSize[] = {0, 2, 4, 8};
  const size_t content_bytes =
      descriptor < 0x40 && single_segment ? 1 : kContentSize[descriptor >> 6];
  size_t at = 5;
  if (head.size() < at + (single_segment ? 0 : 1) + content_bytes) return std::nullopt;
  Frame frame;
  if (!single_segment) {
    const auto byte = static_cast<unsigned char>(head[at++]);
    const uint64_t base = uint64_t{1} << (10 + (byte >> 3));
    frame.window = base + base / 8 * (byte & 7);
  }
  const uint64_t content =
      LittleEndian(head.substr(at), content_bytes) + (content_bytes == 2 ? 256 : 0);
  if (single_segment) frame.window = content;
  if (frame.window > kMostWindow || (content_bytes > 0 && content > most)) return std::nullopt;
  frame.end = begin + at + content_bytes;
  while (true) {
    const std::string_view header = window.At(frame.end, 3);
    if (header.size() < 3) return std::nullopt;
    const uint64_t block = LittleEndian(header, 3);
    const uint64_t type = block >> 1 & 3;
    const uint64_t size = block >> 3;
    if (type == 3 || size > kBlockText) return std::nullopt;
    frame.end += 3 + (type == 1 ? 1 : size);
    frame.text += type == 2 ? kBlockText : size;
    if (frame.end > window.file_bytes() || frame.end - begin > most ||
        (content_bytes == 0 && frame.text > most)) {
      return std::nullopt;
    }
    if ((block & 1) != 0) break;
  }
  if (checksum) frame.end += 4;
  if (frame.end > window.file_bytes()) return std::nullopt;
  if (content_bytes > 0) frame.text = content;
  frame.window = std::min(frame.window, frame.text);
  return frame;
}

class Frames final : public FrameFormat {
 public:
  std::optional<FrameRun> Scan(const BytesAt& bytes, uint64_t begin, size_t most) const override {
    FrameWindow window(bytes);
    FrameRun run{begin, begin, 0, 0};
    while (run.end < bytes.size() && run.text_bytes < kRunText && run.end - begin < kRunText) {
      const std::optional<Frame> frame = FindFrame(window, run.end, most);
      // A skippable frame may be of any size, but is not worth more than any other.
      if (!frame || frame->end - begin > most || run.text_bytes + frame->text > most) break;
      run.end = frame->end;
      run.text_bytes += static_cast<size_t>(frame->text);
      run.window_bytes = std::max(run.window_bytes, static_cast<size_t>(frame->window));
    }
    if (run.end == begin) return std::nullopt;
    return run;
  }
  std::unique_ptr<FrameDecoder> Open(std::unique_ptr<ByteStream> source,
                                     std::string file) const override {
    return std::make_unique<ZstdStream>(std::move(source), std::move(file));
  }
};

}  // namespace

const FrameFormat& ZstdFrames() {
  static const Frames frames;
  return frames;
}

}  // namespace plumbago
