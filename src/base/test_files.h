// For tests: a folder that goes away again, and compressed and archived bytes made in memory.
#pragma once

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/byte_stream.h"
#include "base/check.h"

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

inline std::string GzipText(std::string_view text, int level = 6) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

// One frame with a checksum.
inline std::string ZstdText(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  CHECK(!ZSTD_isError(size));
  out.resize(size);
  return out;
}

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
