// GzipStream beside bare ISA-L on the same bytes in memory. Aim: at least 0.9 of its speed.
#include "base/gzip_stream.h"

#include <benchmark/benchmark.h>
#include <isa-l/igzip_lib.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

const std::string& Bytes() {
  static const std::string bytes = GzipText(SampleLines(4000000));
  return bytes;
}

void Stream(benchmark::State& state) {
  std::string out(2 << 20, '\0');
  uint64_t written = 0;
  Bytes();  // not timed
  for ([[maybe_unused]] auto _ : state) {
    GzipStream stream(std::make_unique<MemoryStream>(Bytes()), "benchmark");
    while (const size_t n = *stream.Read(out.data(), out.size())) written += n;
  }
  state.SetBytesProcessed(static_cast<int64_t>(written));
}
BENCHMARK(Stream);

void BareIsal(benchmark::State& state) {
  std::string out(2 << 20, '\0');
  uint64_t written = 0;
  Bytes();  // not timed
  for ([[maybe_unused]] auto _ : state) {
    inflate_state inflate;
    isal_inflate_init(&inflate);
    inflate.crc_flag = ISAL_GZIP;
    inflate.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(Bytes().data()));
    inflate.avail_in = static_cast<uint32_t>(Bytes().size());
    while (inflate.block_state != ISAL_BLOCK_FINISH) {
      inflate.next_out = reinterpret_cast<uint8_t*>(out.data());
      inflate.avail_out = static_cast<uint32_t>(out.size());
      CHECK(isal_inflate(&inflate) == ISAL_DECOMP_OK);
      written += out.size() - inflate.avail_out;
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(written));
}
BENCHMARK(BareIsal);

}  // namespace
}  // namespace plumbago
