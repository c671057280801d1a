// For tests: files of the sample data, decompressed. $PLUMBAGO_DATA says where they are, else
// ../shared/data.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "base/byte_stream.h"
#include "base/zstd_stream.h"

namespace plumbago::formats::testing {

inline std::string SamplePath(const std::string& name) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + "/alibaba/" + name;
}

// The text of a .zst file, or "" if it cannot be read.
inline std::string ReadSample(const std::string& name) {
  auto file = FileStream::Open(SamplePath(name));
  if (!file) return "";
  ZstdStream stream(std::move(*file), name);
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

// The text of a file that is not compressed, or "" if it cannot be read.
inline std::string ReadPlainSample(const std::string& name) {
  std::ifstream file(SamplePath(name), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Reads a sample into `text`; without the data the test is skipped, but fails where CI=true says
// that they are there.
#define PLUMBAGO_SAMPLE_OR_SKIP(text, name)                                                    \
  const std::string text = ::plumbago::formats::testing::ReadSample(name);                     \
  if (text.empty()) {                                                                          \
    const char* ci = std::getenv("CI");                                                        \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data: " << name; \
    GTEST_SKIP() << "no sample data (" << name << "): set PLUMBAGO_DATA";                      \
  }                                                                                            \
  static_assert(true)

}  // namespace plumbago::formats::testing
