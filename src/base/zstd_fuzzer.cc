// Any bytes through ZstdStream: no crash, no endless loop, an error that stays.
#include "base/stream_drain.h"
#include "base/zstd_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  plumbago::ZstdStream stream(
      std::make_unique<plumbago::MemoryStream>(plumbago::DrainData(data, size)), "fuzz");
  plumbago::DrainChecked(stream, plumbago::DrainStep(data));
  return 0;
}
