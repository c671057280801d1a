#include "base/compressor.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "base/check.h"

namespace plumbago {

namespace {

constexpr size_t kStep = 128 << 10;

class GzipCompressor final : public Compressor {
 public:
  GzipCompressor() {
    constexpr int kGzipHeader = 16;
    CHECK(deflateInit2(&stream_, 1, Z_DEFLATED, MAX_WBITS + kGzipHeader, 8, Z_DEFAULT_STRATEGY) ==
          Z_OK);
  }
  ~GzipCompressor() override { deflateEnd(&stream_); }
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  void Add(std::string_view text, std::string& out) override {
    while (!text.empty()) {
      const std::string_view part = text.substr(0, 1u << 30);  // zlib counts in 32 bits
      Run(part, Z_NO_FLUSH, out);
      text.remove_prefix(part.size());
    }
  }
  void Finish(std::string& out) override { Run({}, Z_FINISH, out); }

 private:
  void Run(std::string_view text, int flush, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      const size_t have = out.size();
      out.resize(have + kStep);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + have);
      stream_.avail_out = kStep;
      CHECK(deflate(&stream_, flush) != Z_STREAM_ERROR);
      out.resize(have + kStep - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
};

class ZstdCompressor final : public Compressor {
 public:
  ZstdCompressor() : context_(ZSTD_createCCtx()) {
    CHECK(context_ != nullptr);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 3);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdCompressor() override { ZSTD_freeCCtx(context_); }
  ZstdCompressor(const ZstdCompressor&) = delete;
  ZstdCompressor& operator=(const ZstdCompressor&) = delete;

  void Add(std::string_view text, std::string& out) override { Run(text, ZSTD_e_continue, out); }
  void Finish(std::string& out) override { Run({}, ZSTD_e_end, out); }

 private:
  void Run(std::string_view text, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer input{text.data(), text.size(), 0};
    size_t left = 0;
    do {
      const size_t have = out.size();
      out.resize(have + kStep);
      ZSTD_outBuffer output{out.data() + have, kStep, 0};
      left = ZSTD_compressStream2(context_, &output, &input, directive);
      CHECK(!ZSTD_isError(left));
      out.resize(have + output.pos);
    } while (input.pos < input.size || (directive == ZSTD_e_end && left > 0));
  }

  ZSTD_CCtx* context_;
};

}  // namespace

std::unique_ptr<Compressor> Compressor::ForName(std::string_view name) {
  if (name.ends_with(".gz")) return std::make_unique<GzipCompressor>();
  if (name.ends_with(".zst")) return std::make_unique<ZstdCompressor>();
  return nullptr;
}

}  // namespace plumbago
