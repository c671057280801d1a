#include <gtest/gtest.h>

#include <string>

#include "store/pages/codec.h"

namespace plumbago::store {
namespace {

std::string Unpacked(std::string_view bytes, size_t size) {
  std::string out(size, '?');
  return UnpackSnappy(bytes, out.data(), size) ? out : "damaged";
}

// Made by hand from the description of the format.
TEST(Snappy, BytesAndCopies) {
  EXPECT_EQ(Unpacked(std::string("\0", 1), 0), "");
  EXPECT_EQ(Unpacked("\x05\x10hello", 5), "hello");
  // Four bytes, then eight from four before: they overlap what they write.
  EXPECT_EQ(Unpacked(std::string("\x0C\x0C"
                                 "abcd"
                                 "\x11\x04",
                                 8),
                     12),
            "abcdabcdabcd");
  EXPECT_EQ(Unpacked(std::string("\x0C\x0C"
                                 "abcd"
                                 "\x1E\x04\x00",
                                 9),
                     12),
            "abcdabcdabcd");
  EXPECT_EQ(Unpacked(std::string("\x0C\x0C"
                                 "abcd"
                                 "\x1F\x04\x00\x00\x00",
                                 11),
                     12),
            "abcdabcdabcd");
  EXPECT_EQ(Unpacked(std::string("\x08\x00"
                                 "x"
                                 "\x1A\x01\x00",
                                 6),
                     8),
            "xxxxxxxx");
  const std::string longer(300, 'y');
  EXPECT_EQ(Unpacked(std::string("\xAC\x02\xF4\x2B\x01", 5) + longer, 300), longer);
}

TEST(Snappy, DamageIsTold) {
  EXPECT_EQ(Unpacked("", 0), "damaged");               // no size
  EXPECT_EQ(Unpacked("\x05\x10hello", 6), "damaged");  // another size
  EXPECT_EQ(Unpacked("\x05\x10hell", 5), "damaged");   // cut
  EXPECT_EQ(Unpacked("\x03\x10hello", 3), "damaged");  // more than promised
  EXPECT_EQ(Unpacked("\x06\x10hello", 6), "damaged");  // less
  EXPECT_EQ(Unpacked(std::string("\x0C\x0C"
                                 "abcd"
                                 "\x11\x05",
                                 8),
                     12),
            "damaged");  // before the begin
  EXPECT_EQ(Unpacked(std::string("\x0C\x0C"
                                 "abcd"
                                 "\x11\x00",
                                 8),
                     12),
            "damaged");  // from itself
  EXPECT_EQ(Unpacked(std::string("\x08\x0C"
                                 "abcd"
                                 "\x11\x04",
                                 8),
                     8),
            "damaged");  // too many
}

}  // namespace
}  // namespace plumbago::store
