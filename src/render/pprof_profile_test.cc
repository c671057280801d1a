#include "render/pprof_profile.h"

#include <gtest/gtest.h>

#include <map>

#include "render/test_call_tree.h"

namespace plumbago::render {
namespace {

// Reads a message of Protocol Buffers and refuses all that is not well-formed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return at_ >= bytes_.size(); }
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at_ >= bytes_.size() || shift > 63) {
        ADD_FAILURE() << "a number ends early";
        return 0;
      }
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string_view Bytes() {
    const uint64_t size = Varint();
    if (size > bytes_.size() - at_) {
      ADD_FAILURE() << "a text ends early";
      return {};
    }
    const std::string_view bytes = bytes_.substr(at_, size);
    at_ += size;
    return bytes;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

struct Field {
  uint64_t number = 0;
  std::string_view bytes;
};
using Fields = std::multimap<uint32_t, Field>;

Fields FieldsOf(std::string_view message) {
  Fields fields;
  Reader reader(message);
  while (!reader.done()) {
    const uint64_t tag = reader.Varint();
    Field field;
    if ((tag & 7) == 0) {
      field.number = reader.Varint();
    } else if ((tag & 7) == 2) {
      field.bytes = reader.Bytes();
    } else {
      ADD_FAILURE() << "wire type " << (tag & 7);
      break;
    }
    fields.emplace(static_cast<uint32_t>(tag >> 3), field);
  }
  return fields;
}

std::vector<uint64_t> Packed(std::string_view bytes) {
  std::vector<uint64_t> numbers;
  Reader reader(bytes);
  while (!reader.done()) numbers.push_back(reader.Varint());
  return numbers;
}

std::string Write(const PprofOptions& options) {
  std::string text;
  EXPECT_TRUE(WritePprof(MadeTree(), options, [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  }));
  return text;
}

TEST(PprofProfile, StacksWithTimesAndCountsReadBack) {
  PprofOptions options;
  options.gzip = false;
  options.comments = {"of a test"};
  const std::string bytes = Write(options);
  const Fields profile = FieldsOf(bytes);
  std::vector<std::string> strings;
  for (auto [at, end] = profile.equal_range(6); at != end; ++at)
    strings.emplace_back(at->second.bytes);
  ASSERT_FALSE(strings.empty());
  EXPECT_EQ(strings[0], "");

  const auto number = [](const Fields& fields, uint32_t field) {
    const auto at = fields.find(field);
    return at == fields.end() ? 0 : at->second.number;
  };
  std::vector<std::string> types;
  for (auto [at, end] = profile.equal_range(1); at != end; ++at) {
    const Fields type = FieldsOf(at->second.bytes);
    types.push_back(strings.at(number(type, 1)) + "/" + strings.at(number(type, 2)));
  }
  EXPECT_EQ(types, (std::vector<std::string>{"time/nanoseconds", "spans/count"}));
  EXPECT_EQ(strings.at(number(profile, 14)), "time");
  EXPECT_EQ(strings.at(number(profile, 13)), "of a test");

  std::map<uint64_t, std::string> functions, locations;
  for (auto [at, end] = profile.equal_range(5); at != end; ++at) {
    const Fields function = FieldsOf(at->second.bytes);
    functions[number(function, 1)] =
        strings.at(number(function, 2)) + " in " + strings.at(number(function, 4));
  }
  for (auto [at, end] = profile.equal_range(4); at != end; ++at) {
    const Fields location = FieldsOf(at->second.bytes);
    const Fields line = FieldsOf(location.find(4)->second.bytes);
    locations[number(location, 1)] = functions.at(number(line, 1));
  }
  std::vector<std::string> samples;
  for (auto [at, end] = profile.equal_range(2); at != end; ++at) {
    const Fields sample = FieldsOf(at->second.bytes);
    std::string text;
    for (const uint64_t location : Packed(sample.find(1)->second.bytes))
      text += locations.at(location) + " < ";
    for (const uint64_t value : Packed(sample.find(2)->second.bytes))
      text += std::to_string(value) + " ";
    samples.push_back(text);
  }
  const std::string shop = "shop GET /a; b 7 in shop < ";
  EXPECT_EQ(samples,
            (std::vector<std::string>{
                shop + "2000400 2 ", "cart get in cart < " + shop + "0 4 ",
                "base say \"x\"\n in base < cart get in cart < " + shop + "1500 4 ",
                "(other) in  < cart get in cart < " + shop + "499 9 ", shop + shop + "3000000 1 ",
                "\xEF\xBF\xBDmail in \xEF\xBF\xBDmail < 9000000 1 "}));
}

TEST(PprofProfile, IsGzipWhereNobodyElseCompresses) {
  const std::string packed = Write({});
  ASSERT_GT(packed.size(), 20u);
  EXPECT_EQ(packed.substr(0, 3), "\x1F\x8B\x08");
  EXPECT_EQ(packed, Write({}));
}

}  // namespace
}  // namespace plumbago::render
