#include "base/zstd_stream.h"

#include <gtest/gtest.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

Drained Unzstd(std::string_view bytes, size_t step = 1000) {
  ZstdStream stream(std::make_unique<MemoryStream>(bytes), "a.zst");
  return Drain(stream, step);
}

TEST(ZstdStream, GivesTheTextBackForAnyStep) {
  const std::string text = SampleLines(20000);
  const std::string bytes = ZstdText(text);
  for (const size_t step : {1, 7, 1000, 70000, 10000000}) {
    const Drained drained = Unzstd(bytes, step);
    EXPECT_EQ(drained.error, "");
    EXPECT_TRUE(drained.text == text) << step;
  }
}

TEST(ZstdStream, ReadsFramesOneAfterTheOtherAndSkipsSkippableOnes) {
  const std::string a = SampleLines(3000, 1), b = SampleLines(3000, 2);
  const std::string skippable("\x53\x2A\x4D\x18\x05\0\0\0hello", 13);
  for (const size_t step : {1, 5000, 1000000}) {
    const Drained drained =
        Unzstd(skippable + ZstdText(a) + skippable + ZstdText("") + ZstdText(b) + skippable, step);
    EXPECT_EQ(drained.error, "");
    EXPECT_TRUE(drained.text == a + b);
  }
}

TEST(ZstdStream, CutAnywhereGivesAPrefixAndThenTheError) {
  const std::string text = SampleLines(500);
  const std::string bytes = ZstdText(text);
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Drained drained = Unzstd(std::string_view(bytes).substr(0, size), 100000);
    ASSERT_TRUE(drained.error.starts_with("zstd data end early")) << size << ": " << drained.error;
    ASSERT_TRUE(text.starts_with(drained.text)) << size;
  }
}

TEST(ZstdStream, ACutGivesWholeBlocksBeforeIt) {
  const std::string text = SampleLines(100000);
  const std::string bytes = ZstdText(text);
  const Drained drained = Unzstd(std::string_view(bytes).substr(0, bytes.size() - 1), 2 << 20);
  EXPECT_GT(drained.text.size() + (128 << 10), text.size());
  EXPECT_TRUE(text.starts_with(drained.text));
}

TEST(ZstdStream, NeverTakesDamagedDataForWhole) {
  const std::string text = SampleLines(500);
  const std::string whole = ZstdText(text);
  size_t told = 0;
  for (size_t at = 4; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    const Drained drained = Unzstd(bytes, 100000);
    // A few bits say nothing (padding of a table): then the text is right.
    ASSERT_TRUE(!drained.error.empty() || drained.text == text) << at;
    told += drained.error.starts_with("zstd data are damaged (") ? 1 : 0;
  }
  EXPECT_GT(told, whole.size() / 2);
}

TEST(ZstdStream, NamesJunkAfterTheEnd) {
  const Drained drained = Unzstd(ZstdText("abc") + "junk");
  EXPECT_EQ(drained.text, "abc");
  EXPECT_EQ(drained.error, "bytes that are no zstd data follow the end of the zstd data");
}

TEST(ZstdStream, DamagedDataGiveTheSameForAnyStepAndWhateverWasReadBefore) {
  const std::string text = SampleLines(20000);
  const std::string whole = ZstdText(text);
  ZstdStream used(std::make_unique<MemoryStream>(whole), "a");
  for (size_t at = 12; at < whole.size(); at += whole.size() / 40) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    ZstdStream stream(std::make_unique<MemoryStream>(bytes), "a");
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

}  // namespace
}  // namespace plumbago
