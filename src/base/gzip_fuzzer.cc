// Any bytes through GzipStream: no crash, no endless loop, an error that stays.
#include "base/gzip_stream.h"
#include "base/stream_drain.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  plumbago::GzipStream stream(
      std::make_unique<plumbago::MemoryStream>(plumbago::DrainData(data, size)), "fuzz");
  plumbago::DrainChecked(stream, plumbago::DrainStep(data));
  return 0;
}
