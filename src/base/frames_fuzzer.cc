// Any bytes as frames that are decoded ahead: the same text and the same error as the decoder alone
// gives, however many runs were decoded before their turn.
#include "base/bytes_at.h"
#include "base/framed_stream.h"
#include "base/stream_drain.h"

namespace {

// What a stream gives, or its first bytes where that is much; and the error it ends with.
std::string Drained(plumbago::ByteStream& stream) {
  std::string text;
  std::string buffer(64 << 10, '\0');
  while (text.size() < plumbago::kDrainMost) {
    const plumbago::Result<size_t> n = stream.Read(buffer.data(), buffer.size());
    if (!n) {
      CHECK(!stream.Read(buffer.data(), buffer.size()));
      return text + "|" + n.error().message;
    }
    if (*n == 0) break;
    text.append(buffer, 0, *n);
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbago::FramesAhead;
  if (size == 0) return 0;
  const std::string_view bytes = plumbago::DrainData(data, size);
  for (const plumbago::FrameFormat* format : {&plumbago::ZstdFrames(), &plumbago::BgzfMembers()}) {
    plumbago::MemoryShare share(16 << 20);
    const auto ahead =
        std::make_shared<FramesAhead>(std::make_unique<plumbago::MemoryAt>(bytes), *format, share);
    for (int help = data[0] & 7; help > 0 && ahead->Help(); --help) {
    }
    plumbago::FramedStream framed(ahead, "fuzz");
    const std::string got = Drained(framed);
    const auto alone = format->Open(std::make_unique<plumbago::MemoryStream>(bytes), "fuzz");
    CHECK(got == Drained(*alone));
  }
  return 0;
}
