#include "store/pages/delta_numbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
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
uint64_t Zigzag(uint64_t value) {
  return value << 1 ^ (static_cast<int64_t>(value) < 0 ? UINT64_MAX : 0);
}

// As Encodings.md says, in blocks of 128 of four miniblocks.
std::string Encode(const std::vector<int64_t>& numbers) {
  constexpr size_t kBlock = 128, kMini = 32;
  std::string out;
  PutVarint(kBlock, out);
  PutVarint(kBlock / kMini, out);
  PutVarint(numbers.size(), out);
  PutVarint(numbers.empty() ? 0 : Zigzag(static_cast<uint64_t>(numbers[0])), out);
  std::vector<uint64_t> deltas;
  for (size_t i = 1; i < numbers.size(); ++i)
    deltas.push_back(static_cast<uint64_t>(numbers[i]) - static_cast<uint64_t>(numbers[i - 1]));
  for (size_t begin = 0; begin < deltas.size(); begin += kBlock) {
    const size_t end = std::min(begin + kBlock, deltas.size());
    int64_t least = INT64_MAX;
    for (size_t i = begin; i < end; ++i) least = std::min(least, static_cast<int64_t>(deltas[i]));
    PutVarint(Zigzag(static_cast<uint64_t>(least)), out);
    std::string widths, bodies;
    for (size_t mini = begin; mini < begin + kBlock; mini += kMini) {
      uint64_t most = 0;
      for (size_t i = mini; i < std::min(mini + kMini, end); ++i)
        most = std::max(most, deltas[i] - static_cast<uint64_t>(least));
      const auto width = static_cast<unsigned>(std::bit_width(most));
      widths += static_cast<char>(width);
      if (mini >= end) continue;
      std::vector<bool> bits;
      for (size_t i = mini; i < mini + kMini; ++i) {
        const uint64_t delta = i < end ? deltas[i] - static_cast<uint64_t>(least) : 0;
        for (unsigned b = 0; b < width; ++b) bits.push_back((delta >> b & 1) != 0);
      }
      for (size_t i = 0; i < bits.size(); i += 8) {
        unsigned byte = 0;
        for (size_t b = 0; b < 8; ++b) byte |= bits[i + b] ? 1u << b : 0u;
        bodies += static_cast<char>(byte);
      }
    }
    out += widths + bodies;
  }
  return out;
}

TEST(DeltaNumbers, GivesWhatWasWritten) {
  std::mt19937_64 random(11);
  for (const size_t size : {0u, 1u, 2u, 32u, 33u, 128u, 129u, 130u, 1000u}) {
    for (const unsigned width : {0u, 1u, 7u, 31u, 57u, 63u, 64u}) {
      SCOPED_TRACE(testing::Message() << size << " of " << width);
      std::vector<int64_t> numbers(size);
      for (int64_t& number : numbers)
        number = width == 0 ? 5 : static_cast<int64_t>(random() >> (64 - width));
      const std::string bytes = Encode(numbers) + "behind";
      PaddedBytes padded;
      padded.Resize(bytes.size());
      std::copy(bytes.begin(), bytes.end(), padded.data());
      for (const size_t step : {size_t{1}, size_t{7}, size_t{1000}}) {
        DeltaNumbers delta;
        ASSERT_TRUE(delta.Begin(padded.view()));
        EXPECT_EQ(delta.size(), size);
        std::string_view rest;
        ASSERT_TRUE(delta.Behind(rest));
        EXPECT_EQ(rest, "behind");
        std::vector<int64_t> got(size);
        for (size_t i = 0; i < size; i += step)
          ASSERT_TRUE(delta.Read(&got[i], std::min(step, size - i)));
        EXPECT_EQ(got, numbers);
        int64_t one = 0;
        EXPECT_FALSE(delta.Read(&one, 1));
      }
    }
  }
}

// Counts and sizes that the bytes do not bear out.
TEST(DeltaNumbers, DamageIsTold) {
  const std::string whole = Encode({1, 100, 7, 3'000'000, -5});
  for (size_t size = 0; size < whole.size(); ++size) {
    PaddedBytes padded;
    padded.Resize(size);
    std::copy_n(whole.begin(), size, padded.data());
    DeltaNumbers delta;
    int64_t out[5];
    const bool read = delta.Begin(padded.view()) && delta.Read(out, 5);
    // Padding behind the last number may be missing: of 32 places the fifth needs the first four.
    if (read) {
      EXPECT_GT(size, whole.size() - 90);
    }
  }
  for (const std::string& head :
       {std::string("\x00\x04\x05\x02", 4), std::string("\x81\x01\x04\x05\x02", 5),
        std::string("\x80\x01\x00\x05\x02", 5), std::string("\xFF\xFF\xFF\x7F\x04\x05\x02", 7)}) {
    PaddedBytes padded;
    padded.Resize(head.size());
    std::copy(head.begin(), head.end(), padded.data());
    EXPECT_FALSE(DeltaNumbers().Begin(padded.view()));
  }
}

}  // namespace
}  // namespace plumbago::store
