// For tests and benchmarks: the real traces of the sample data. Not part of the program.
#pragma once

#include <cstdlib>
#include <string>

#include "base/byte_stream.h"
#include "base/zstd_stream.h"

namespace plumbago::formats::json::testing {

// The text of a .zst file of the trace samples; "": it is not there.
inline std::string ReadTraces(const std::string& name) {
  const char* const folder = std::getenv("PLUMBAGO_DATA");
  const std::string path =
      std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
  auto file = FileStream::Open(path);
  if (!file) return "";
  ZstdStream stream(std::move(*file), path);
  std::string text;
  for (;;) {
    const size_t size = text.size();
    text.resize(size + (1u << 20));
    const auto got = stream.Read(text.data() + size, 1u << 20);
    if (!got) return "";
    text.resize(size + *got);
    if (*got == 0) return text;
  }
}

}  // namespace plumbago::formats::json::testing
