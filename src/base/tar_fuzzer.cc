// Any bytes through TarStream, and through the detection of kinds: no crash, no endless loop, no
// more bytes out than in.
#include "base/file_kind.h"
#include "base/stream_drain.h"
#include "base/tar_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbago::Result;
  if (size == 0) return 0;
  const std::string_view bytes = plumbago::DrainData(data, size);
  plumbago::DetectKind(bytes);
  CHECK(!plumbago::DescribeHead(bytes).empty());
  plumbago::TarStream tar(std::make_unique<plumbago::MemoryStream>(bytes), "fuzz");
  size_t all = 0;
  while (true) {
    const Result<bool> more = tar.Next();
    if (!more) {
      CHECK(!tar.Next());
      break;
    }
    if (!*more) break;
    all += plumbago::DrainChecked(tar, plumbago::DrainStep(data));
    CHECK(all <= bytes.size());
  }
  return 0;
}
