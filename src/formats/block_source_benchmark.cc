// Blocks of a plain file in the page cache, and of a gzip and a zstd file (of one frame and of
// many), with nothing done but to find the line ends; beside them bare pread, so that the cost of
// cutting into blocks shows. Aim: plain at least 6 GB/s on 2 threads; gzip at least 0.9 of what
// base_benchmark shows for bare ISA-L.
#include <benchmark/benchmark.h>

#include <cstring>

#include "base/output_file.h"
#include "base/test_files.h"
#include "formats/testing/line_format.h"

namespace plumbago::formats {
namespace {

constexpr size_t kBytes = 512 << 20;

struct Files {
  Files() {
    const std::string lines = SampleText();
    for (const char* name : {"plain", "text.gz", "text.zst"}) {
      const auto file = *OutputFile::Open(folder.Path(name));
      CHECK(file->Write("head\n"));
      const size_t times =
          std::string_view(name) == "plain" ? kBytes / lines.size() : kBytes / 4 / lines.size();
      for (size_t i = 0; i < times; ++i) CHECK(file->Write(lines));
      CHECK(file->Commit());
    }
    std::string frames;
    const std::string frame = ZstdText(lines.substr(0, lines.rfind('\n', 4 << 20) + 1));
    for (size_t i = 0; i < kBytes / 4 / (4 << 20); ++i) frames += frame;
    folder.Write("frames.zst", ZstdText("head\n") + frames);
  }
  // Rows as long as those of a call trace, with ids that do not compress.
  static std::string SampleText() {
    std::string text;
    uint64_t x = 1;
    while (text.size() < (16 << 20)) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      text +=
          fmt::format("{:016x}{:08x},{},0.1.{}.{},{:05x}a3f1c,rpc,{:05x}7e5d2,{:06x}c41,{}\n", x,
                      x >> 32, x >> 45, x >> 60, x >> 59, x >> 50, x >> 51, x >> 49, x >> 57);
    }
    return text;
  }
  TemporaryFolder folder;
};

const Files& TheFiles() {
  static const Files files;
  return files;
}

uint64_t CountLines(std::string_view text) {
  uint64_t lines = 0;
  for (const char* at = text.data();
       (at = static_cast<const char*>(
            std::memchr(at, '\n', static_cast<size_t>(text.data() + text.size() - at)))) != nullptr;
       ++at) {
    ++lines;
  }
  return lines;
}

void Blocks(benchmark::State& state, const char* name, bool count) {
  static const LineFormat lines;
  const std::vector<std::string> inputs = {TheFiles().folder.Path(name)};
  uint64_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    const auto source = *BlockSource::Open(
        inputs, {.format = &lines, .block_bytes = static_cast<size_t>(state.range(1))});
    std::atomic<uint64_t> all{0}, read{0};
    RunOnThreads(static_cast<unsigned>(state.range(0)), [&](unsigned) {
      std::string storage;
      model::DamageCounts damage;
      while (true) {
        const auto block = *source->Next(storage, damage);
        if (!block) return;
        if (count) all += CountLines(block->text);
        read += block->text.size();
      }
    });
    benchmark::DoNotOptimize(all.load());
    bytes += read;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK_CAPTURE(Blocks, plain, "plain", true)
    ->ArgsProduct({{1, 2}, {256 << 10, 1 << 20, 2 << 20}})
    ->UseRealTime();
BENCHMARK_CAPTURE(Blocks, plain_not_counted, "plain", false)->Args({2, 2 << 20})->UseRealTime();
BENCHMARK_CAPTURE(Blocks, gzip, "text.gz", true)
    ->Args({1, 2 << 20})
    ->Args({2, 2 << 20})
    ->UseRealTime();
BENCHMARK_CAPTURE(Blocks, gzip_not_counted, "text.gz", false)->Args({1, 2 << 20})->UseRealTime();
BENCHMARK_CAPTURE(Blocks, zstd, "text.zst", true)
    ->Args({1, 2 << 20})
    ->Args({2, 2 << 20})
    ->UseRealTime();
// Two threads decode two frames at once: near twice one thread's rate, on two free cores.
BENCHMARK_CAPTURE(Blocks, zstd_frames_not_counted, "frames.zst", false)
    ->Args({1, 2 << 20})
    ->Args({2, 2 << 20})
    ->UseRealTime();
BENCHMARK_CAPTURE(Blocks, zstd_not_counted, "text.zst", false)->Args({2, 2 << 20})->UseRealTime();

void BarePread(benchmark::State& state) {
  const auto file = *FileStream::Open(TheFiles().folder.Path("plain"));
  std::string storage(2 << 20, '\0');
  uint64_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (uint64_t at = 0; at < file->size(); at += storage.size()) {
      bytes += *file->ReadAt(at, storage.data(), storage.size());
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(BarePread)->UseRealTime();

}  // namespace
}  // namespace plumbago::formats
