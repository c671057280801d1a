#include "base/gzip_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

Drained Gunzip(std::string_view bytes, size_t step = 1000) {
  GzipStream stream(std::make_unique<MemoryStream>(bytes), "a.gz");
  return Drain(stream, step);
}

// zlib at any level: 0 stores, 9 uses long matches.
std::string AtLevel(std::string_view text, int level) {
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

TEST(GzipStream, GivesTheTextBackForAnyStep) {
  const std::string text = SampleLines(20000);
  const std::string bytes = GzipText(text);
  for (const size_t step : {1, 7, 1000, 70000, 10000000}) {
    const Drained drained = Gunzip(bytes, step);
    EXPECT_EQ(drained.error, "");
    EXPECT_TRUE(drained.text == text) << step;
  }
}

TEST(GzipStream, ReadsMembersOneAfterTheOther) {
  const std::string a = SampleLines(3000, 1), b = SampleLines(3000, 2);
  EXPECT_TRUE(Gunzip(GzipText(a) + GzipText("") + GzipText(b)).text == a + b);
  EXPECT_EQ(Gunzip(GzipText("")).text, "");
}

TEST(GzipStream, ReadsHundredsOfMembersAcrossInputBuffers) {
  std::string text, bytes;
  for (uint64_t i = 0; i < 300; ++i) {
    const std::string part = SampleLines(200, i);
    text += part;
    bytes += AtLevel(part, static_cast<int>(i % 10));
  }
  ASSERT_GT(bytes.size(), 512u << 10);  // more than two input buffers
  const Drained drained = Gunzip(bytes, 1 << 20);
  EXPECT_EQ(drained.error, "");
  EXPECT_TRUE(drained.text == text);
}

TEST(GzipStream, TakesZerosAfterTheEndAsPaddingAndJunkAsDamage) {
  EXPECT_EQ(Gunzip(GzipText("abc") + std::string(700, '\0')).error, "");
  const Drained drained = Gunzip(GzipText("abc") + "junk");
  EXPECT_EQ(drained.text, "abc");
  EXPECT_EQ(drained.error, "bytes that are no gzip data follow the end of the gzip data");
}

TEST(GzipStream, CutAnywhereGivesAPrefixAndThenTheError) {
  const std::string text = SampleLines(500);
  const std::string bytes = GzipText(text);
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Drained drained = Gunzip(std::string_view(bytes).substr(0, size), 100000);
    ASSERT_TRUE(drained.error.starts_with("gzip data end early")) << size << ": " << drained.error;
    ASSERT_TRUE(text.starts_with(drained.text)) << size;
  }
  // Most of the text is there when the cut is at the end.
  EXPECT_TRUE(Gunzip(std::string_view(bytes).substr(0, bytes.size() - 1)).text == text);
}

TEST(GzipStream, GivesAlmostAllThatPrecedesACut) {
  const std::string text = SampleLines(200000);
  const std::string bytes = GzipText(text);
  const Drained drained = Gunzip(std::string_view(bytes).substr(0, bytes.size() / 2), 2 << 20);
  EXPECT_GT(drained.text.size(), text.size() * 45 / 100);
}

TEST(GzipStream, NeverTakesDamagedDataForWhole) {
  const std::string text = SampleLines(500);
  const std::string whole = GzipText(text);
  size_t told = 0;
  for (size_t at = 10; at < whole.size();
       ++at) {  // the fields of the header before may hold anything
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    const Drained drained = Gunzip(bytes, 100000);
    ASSERT_NE(drained.error, "") << at;
    told += drained.error.starts_with("gzip data are damaged (") ? 1 : 0;
  }
  EXPECT_GT(told, whole.size() / 2);
}

TEST(GzipStream, RepeatsItsError) {
  const std::string bytes = GzipText("abc").substr(0, 12);
  GzipStream stream(std::make_unique<MemoryStream>(bytes), "a.gz");
  char out[10];
  while (true) {
    const Result<size_t> n = stream.Read(out, sizeof out);
    if (!n) break;
    ASSERT_GT(*n, 0u);
  }
  const Result<size_t> again = stream.Read(out, sizeof out);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(again.error().where.file, "a.gz");
}

TEST(GzipStream, DamagedDataGiveTheSameForAnyStepAndWhateverWasReadBefore) {
  const std::string text = SampleLines(20000);
  const std::string whole = GzipText(text);
  GzipStream used(std::make_unique<MemoryStream>(whole), "a");
  for (size_t at = 12; at < whole.size(); at += whole.size() / 40) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    GzipStream stream(std::make_unique<MemoryStream>(bytes), "a");
    const Drained expected = Drain(stream, 100);
    EXPECT_NE(expected.error, "");
    for (const size_t step : {3000, 70000, 3000000}) {
      used.Restart(std::make_unique<MemoryStream>(bytes), std::nullopt);
      const Drained drained = Drain(used, step);
      ASSERT_EQ(drained.error, expected.error) << at;
      ASSERT_TRUE(drained.text == expected.text) << at;
    }
  }
}

TEST(GzipStream, WhatWasDecodedBeforeAnInvalidCodeIsGivenForAnyStep) {
  const std::string header = GzipText("x").substr(0, 10);
  uint64_t x = 1;
  size_t held_back = 0;
  for (int i = 0; i < 400; ++i) {
    std::string bytes = header + '\x03';  // fixed codes, then anything
    for (int j = 0; j < 300; ++j) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      bytes += static_cast<char>(x >> 56);
    }
    const Drained expected = Gunzip(bytes, 1 << 20);
    const Drained drained = Gunzip(bytes, 1);
    ASSERT_NE(drained.error, "");
    ASSERT_EQ(drained.error, expected.error);
    ASSERT_TRUE(drained.text == expected.text) << i;
    held_back += drained.text.size() > 1;
  }
  EXPECT_GT(held_back, 20u);
}

}  // namespace
}  // namespace plumbago
