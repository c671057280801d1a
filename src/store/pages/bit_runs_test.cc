#include "store/pages/bit_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "store/pages/padded_bytes.h"

namespace plumbago::store {
namespace {

void PutVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

PaddedBytes Padded(const std::string& text) {
  PaddedBytes bytes;
  bytes.Resize(text.size());
  std::copy(text.begin(), text.end(), bytes.data());
  return bytes;
}

// Bit by bit, as the format says.
void PutPacked(const std::vector<uint32_t>& numbers, unsigned width, std::string& out) {
  PutVarint(numbers.size() / 8 << 1 | 1, out);
  std::vector<bool> bits;
  for (const uint32_t number : numbers) {
    for (unsigned b = 0; b < width; ++b) bits.push_back((number >> b & 1) != 0);
  }
  for (size_t i = 0; i < bits.size(); i += 8) {
    unsigned byte = 0;
    for (size_t b = 0; b < 8; ++b) byte |= bits[i + b] ? 1u << b : 0u;
    out += static_cast<char>(byte);
  }
}

// Runs and stretches by chance, read back in parts of every size.
TEST(BitRuns, GivesWhatWasWritten) {
  std::mt19937 random(7);
  for (unsigned width = 1; width <= 32; ++width) {
    std::string bytes;
    std::vector<uint32_t> numbers;
    const uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1;
    for (int part = 0; part < 20; ++part) {
      if (random() % 2 == 0) {
        const uint32_t value = static_cast<uint32_t>(random()) & mask;
        const auto count = static_cast<uint32_t>(1 + random() % 30);
        PutVarint(uint64_t{count} << 1, bytes);
        for (unsigned b = 0; b < (width + 7) / 8; ++b) bytes += static_cast<char>(value >> (8 * b));
        numbers.insert(numbers.end(), count, value);
      } else {
        std::vector<uint32_t> stretch(8 * (1 + random() % 5));
        for (uint32_t& number : stretch) number = static_cast<uint32_t>(random()) & mask;
        PutPacked(stretch, width, bytes);
        numbers.insert(numbers.end(), stretch.begin(), stretch.end());
      }
    }
    PaddedBytes padded = Padded(bytes);
    for (const size_t step : {size_t{1}, size_t{3}, size_t{13}, numbers.size()}) {
      SCOPED_TRACE(testing::Message() << "width " << width << " step " << step);
      BitRuns runs(padded.view(), width), narrow(padded.view(), width);
      std::vector<uint32_t> got(numbers.size());
      std::vector<uint8_t> bytes_got(numbers.size());
      for (size_t i = 0; i < got.size(); i += step) {
        const size_t n = std::min(step, got.size() - i);
        ASSERT_TRUE(runs.Read(&got[i], n));
        if (width <= 8) {
          ASSERT_TRUE(narrow.Read(&bytes_got[i], n));
        }
      }
      EXPECT_EQ(got, numbers);
      if (width <= 8) {
        EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), bytes_got.begin()));
      }
      uint32_t one = 0;
      EXPECT_FALSE(runs.Read(&one, 1));
    }
  }
}

TEST(BitRuns, WidthOfNothingIsAllZero) {
  BitRuns runs({}, 0);
  std::vector<uint8_t> got(100, 1);
  EXPECT_TRUE(runs.Read(got.data(), got.size()));
  EXPECT_EQ(got, std::vector<uint8_t>(100, 0));
}

TEST(BitRuns, DamageIsTold) {
  uint8_t out[64];
  for (const std::string& bytes : {std::string("\x10", 1),      // a run without its value
                                   std::string("\x10\x02", 2),  // a value that is too wide
                                   std::string("\x05\xFF", 2),  // a stretch of two bytes, cut
                                   std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10)}) {
    PaddedBytes padded = Padded(bytes);
    BitRuns runs(padded.view(), 1);
    EXPECT_FALSE(runs.Read(out, 16));
  }
}

}  // namespace
}  // namespace plumbago::store
