// Compresses a stream as it is written: gzip (zlib, level 1) or zstd (level 3).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace plumbago {

class Compressor {
 public:
  // By the ending of a file's name; null: none.
  static std::unique_ptr<Compressor> ForName(std::string_view name);
  virtual ~Compressor() = default;
  // Both append what is ready to `out`.
  virtual void Add(std::string_view text, std::string& out) = 0;
  virtual void Finish(std::string& out) = 0;
};

}  // namespace plumbago
