#include "formats/protobuf/wire_cursor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "formats/protobuf/wire_writer.h"

namespace plumbago::formats::protobuf {
namespace {

using Fault = WireCursor::Fault;
using namespace std::literals;

TEST(WireCursor, ReadsWhatTheWriterWrote) {
  const uint64_t numbers[] = {0,   1,          127,        128,        16383,
                              300, 1000000000, 1ull << 63, UINT64_MAX, (1ull << 56) - 1};
  for (const uint32_t field : {1u, 15u, 16u, 1000u, 536870911u}) {
    std::string bytes;
    WireWriter out(&bytes);
    for (const uint64_t number : numbers) out.Varint(field, number);
    out.Fixed64(field, UINT64_MAX - 1);
    out.Fixed32(field, 77);
    out.Double(field, -0.5);
    out.Bytes(field, "text");
    WireCursor in(bytes);
    for (const uint64_t number : numbers) {
      EXPECT_EQ(in.Next(), Tag(field, Wire::kVarint));
      EXPECT_EQ(in.Varint(), number);
    }
    EXPECT_EQ(in.Next(), Tag(field, Wire::kFixed64));
    EXPECT_EQ(in.Fixed64(), UINT64_MAX - 1);
    EXPECT_EQ(in.Next(), Tag(field, Wire::kFixed32));
    EXPECT_EQ(in.Fixed32(), 77u);
    EXPECT_EQ(in.Next(), Tag(field, Wire::kFixed64));
    EXPECT_EQ(std::bit_cast<double>(in.Fixed64()), -0.5);
    EXPECT_EQ(in.Next(), Tag(field, Wire::kBytes));
    EXPECT_EQ(in.Bytes(), "text");
    EXPECT_EQ(in.Next(), 0u);
    EXPECT_TRUE(in.ok());
    WireCursor skip(bytes);
    size_t fields = 0;
    while (const uint32_t tag = skip.Next()) {
      skip.Skip(tag);
      ++fields;
    }
    EXPECT_EQ(fields, std::size(numbers) + 4);
    EXPECT_TRUE(skip.ok());
  }
}

// Bytes as the encoding guide prints them.
TEST(WireCursor, KnownBytes) {
  std::string bytes;
  WireWriter out(&bytes);
  out.Varint(1, 150);
  out.Bytes(2, "testing");
  const size_t inner = out.Begin(3);
  out.Varint(1, 150);
  out.End(inner);
  EXPECT_EQ(bytes, "\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01"sv);
}

TEST(WireCursor, LongMessagesGetLongLengths) {
  for (const size_t size : {0u, 127u, 128u, 16383u, 16384u, 3000000u}) {
    std::string bytes = "before", same = "before";
    WireWriter out(&bytes), plain(&same);
    const size_t begin = out.Begin(9);
    bytes.append(size, 'x');
    out.End(begin);
    plain.Bytes(9, std::string(size, 'x'));
    EXPECT_EQ(bytes, same) << size;
  }
}

Fault FaultOf(std::string_view bytes, size_t* column = nullptr) {
  // A buffer of its own, so that a sanitizer sees reads beyond it.
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  WireCursor in(std::string_view(copy.get(), bytes.size()));
  while (const uint32_t tag = in.Next()) in.Skip(tag);
  EXPECT_EQ(in.Next(), 0u);
  if (in.ok()) return Fault::kNone;
  EXPECT_EQ(in.Varint() + in.Fixed32() + in.Fixed64() + in.Bytes().size(), 0u);
  if (column != nullptr) *column = static_cast<size_t>(in.at() - copy.get());
  return in.fault();
}

TEST(WireCursor, Damage) {
  EXPECT_EQ(FaultOf(""sv), Fault::kNone);
  EXPECT_EQ(FaultOf("\x08"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x08\x80"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x09\x01\x02\x03\x04\x05\x06\x07"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x0d\x01\x02\x03"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x0a\x02x"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x0a\x02xy\x80"sv), Fault::kCut);
  EXPECT_EQ(FaultOf("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv), Fault::kNone);
  EXPECT_EQ(FaultOf("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv), Fault::kNumber);
  size_t column = 0;
  EXPECT_EQ(FaultOf("\x08\x01\x00\x01"sv, &column), Fault::kTag);
  EXPECT_EQ(column, 2u);
  EXPECT_EQ(FaultOf("\x0e\x01"sv), Fault::kTag);
  EXPECT_EQ(FaultOf("\x0f\x01"sv), Fault::kTag);
  EXPECT_EQ(FaultOf("\xf8\xff\xff\xff\x7f\x01"sv), Fault::kTag);  // beyond 32 bits
  EXPECT_EQ(FaultOf("\x0b\x0c"sv), Fault::kGroup);
  EXPECT_EQ(FaultOf("\x83\x01\x84\x01"sv), Fault::kGroup);
}

TEST(WireCursor, RestOfACutField) {
  const std::string_view bytes = "\x0a\x7fxyz"sv;
  WireCursor in(bytes);
  EXPECT_EQ(in.Next(), Tag(1, Wire::kBytes));
  EXPECT_EQ(in.Bytes(), "");
  EXPECT_EQ(in.fault(), Fault::kCut);
  EXPECT_EQ(in.rest(), "xyz");
}

// Any bytes, any calls: no read beyond the end (a sanitizer's build sees it), and an end.
TEST(WireCursor, AnyBytes) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 24, 0);
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : random() % 32);
    FaultOf(bytes);
  }
}

}  // namespace
}  // namespace plumbago::formats::protobuf
