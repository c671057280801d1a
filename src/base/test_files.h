// For tests: a folder that goes away again, and compressed and archived bytes made in memory.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_stream.h"
#include "base/check.h"
#include "base/compressor.h"

namespace plumbago {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "plumbago-test-XXXXXX").native();
    CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string Path(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }
  // Writes a file, and the folders above it. Returns its path.
  std::string Write(std::string_view name, std::string_view content) const {
    const std::string path = Path(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    CHECK(file != nullptr);
    CHECK(std::fwrite(content.data(), 1, content.size(), file) == content.size());
    CHECK(std::fclose(file) == 0);
    return path;
  }

 private:
  std::string path_;
};

inline std::string FileText(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return "<no such file>";
  std::string text;
  char buffer[4096];
  for (size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  std::fclose(file);
  return text;
}

// `text` as a file of that ending: ".gz" (one member) or ".zst" (one frame with a checksum).
inline std::string Compressed(std::string_view ending, std::string_view text) {
  const std::unique_ptr<Compressor> compressor = Compressor::ForName(ending);
  CHECK(compressor != nullptr);
  std::string out;
  compressor->Add(text, out);
  compressor->Finish(out);
  return out;
}
inline std::string GzipText(std::string_view text) { return Compressed(".gz", text); }
inline std::string ZstdText(std::string_view text) { return Compressed(".zst", text); }

// A ustar member: header, data, padding.
inline std::string TarMember(std::string_view name, std::string_view data, char type = '0') {
  std::string header(512, '\0');
  const auto put = [&](size_t at, std::string_view text) { header.replace(at, text.size(), text); };
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(124, fmt::format("{:011o}", data.size()));
  put(136, "00000000000");
  put(148, "        ");
  header[156] = type;
  put(257, std::string_view("ustar\00000", 8));
  uint64_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header + std::string(data) + std::string((512 - data.size() % 512) % 512, '\0');
}

inline std::string TarEnd() { return std::string(1024, '\0'); }

// Everything that a stream gives, read `step` bytes at a time; then its error, if it ends with one.
struct Drained {
  std::string text;
  std::string error;
};
inline Drained Drain(ByteStream& stream, size_t step = 1000) {
  Drained drained;
  std::string buffer(step, '\0');
  while (true) {
    const Result<size_t> n = stream.Read(buffer.data(), step);
    if (!n) {
      drained.error = n.error().message;
      return drained;
    }
    if (*n == 0) return drained;
    drained.text.append(buffer, 0, *n);
  }
}

// Lines that compress to some tenth, different in every seed.
inline std::string SampleLines(size_t lines, uint64_t seed = 1) {
  std::string text;
  uint64_t x = seed;
  for (size_t i = 0; i < lines; ++i) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    text += fmt::format("{},service-{},{}\n", i, x >> 57, x >> 40);
  }
  return text;
}

}  // namespace plumbago
