// Sealing and reading what saved states are made of: packed rows as varints, mostly small numbers,
// ids of traces that no compressor can shrink. It chose the level of zstd: see section_file.cc.
#include "base/section_file.h"

#include <benchmark/benchmark.h>
#include <zstd.h>

#include <cmath>
#include <random>

#include "base/test_files.h"

namespace plumbago {
namespace {

constexpr std::string_view kMagic = "BENCHMRK";

void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// Blocks of `block` bytes, 32 MB in all: rows of open traces, about 20 a trace, a row one of 20,000
// edges (kind, caller, callee, operation), some far more often than others.
std::vector<std::string> Rows(size_t block) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> milliseconds(1.5, 1.8);
  std::vector<std::string> edges(20000);
  for (std::string& edge : edges) {
    PutVarint(edge, random() % 6);
    for (int i = 0; i < 3; ++i) PutVarint(edge, random() % 20000);
  }
  std::vector<std::string> blocks(1);
  for (size_t all = 0; all < (32u << 20);) {
    std::string row;
    if (random() % 20 == 0) {
      for (uint64_t id = random(), i = 0; i < 8; ++i, id >>= 8) row += static_cast<char>(id);
      PutVarint(row, random() % 60000);
    }
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    row += edges[static_cast<size_t>(std::pow(20000.0, u)) - 1];  // popularity as 1 / rank
    PutVarint(row, static_cast<uint64_t>(milliseconds(random)));
    PutVarint(row, static_cast<uint64_t>(milliseconds(random)));
    const size_t depth = 1 + random() % 4;
    for (size_t i = 0; i < depth; ++i) PutVarint(row, 1 + random() % 6);
    if (blocks.back().size() + row.size() > block) blocks.emplace_back();
    blocks.back() += row;
    all += row.size();
  }
  return blocks;
}

uint64_t Bytes(const std::vector<std::string>& blocks) {
  uint64_t bytes = 0;
  for (const std::string& block : blocks) bytes += block.size();
  return bytes;
}

void Seal(benchmark::State& state) {
  const std::vector<std::string> blocks = Rows(static_cast<size_t>(state.range(0)));
  uint64_t stored = 0;
  for ([[maybe_unused]] auto _ : state) {
    stored = 0;
    for (const std::string& block : blocks) stored += SectionFileWriter::Seal(block).size();
  }
  const double bytes = static_cast<double>(Bytes(blocks));
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
  state.counters["stored"] = static_cast<double>(stored) / bytes;
}
BENCHMARK(Seal)->Arg(1 << 10)->Arg(64 << 10)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

void BareZstd(benchmark::State& state) {
  const std::vector<std::string> blocks = Rows(static_cast<size_t>(state.range(0)));
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, static_cast<int>(state.range(1)));
  std::string room(ZSTD_compressBound(kMostBlock), '\0');
  uint64_t stored = 0;
  for ([[maybe_unused]] auto _ : state) {
    stored = 0;
    for (const std::string& block : blocks) {
      stored += ZSTD_compress2(context, room.data(), room.size(), block.data(), block.size());
    }
  }
  ZSTD_freeCCtx(context);
  const double bytes = static_cast<double>(Bytes(blocks));
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
  state.counters["stored"] = static_cast<double>(stored) / bytes;
}
BENCHMARK(BareZstd)
    ->ArgNames({"block", "level"})
    ->ArgsProduct({{1 << 10, 64 << 10, 1 << 20}, {-1, 1, 2, 3}})
    ->Unit(benchmark::kMillisecond);

void Read(benchmark::State& state) {
  const TemporaryFolder folder;
  const std::vector<std::string> blocks = Rows(static_cast<size_t>(state.range(0)));
  {
    const auto out = SectionFileWriter::Create(folder.Path("a"), kMagic, 1);
    (*out)->Begin("rows");
    for (const std::string& block : blocks) CHECK((*out)->WriteBlock(block));
    CHECK((*out)->Commit());
  }
  std::string raw;
  for ([[maybe_unused]] auto _ : state) {
    const auto in = SectionFile::Open(folder.Path("a"), kMagic, 1);
    SectionCursor cursor = (*in)->Cursor("rows");
    while (*cursor.NextBlock(raw)) benchmark::DoNotOptimize(raw.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(Bytes(blocks)) * state.iterations());
}
BENCHMARK(Read)->Arg(1 << 10)->Arg(64 << 10)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago
