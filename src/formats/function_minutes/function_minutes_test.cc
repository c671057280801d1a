#include <gtest/gtest.h>

#include "formats/function_minutes/minute_format.h"
#include "formats/testing/plain_functions.h"

namespace plumbago::formats::function_minutes {
namespace {

using testing::DecodedFunctions;

const MinuteFormat kAzure(TableKind::kAzure2019), kVectors(TableKind::kVectors);

DecodedFunctions Decode(const MinuteFormat& format, const std::string& text,
                        const std::string& path, size_t block = 1 << 20) {
  const auto decoder = format.Open(text, path);
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return decoder ? testing::DecodeFunctions(format, **decoder, text, block) : DecodedFunctions();
}

const std::string kPart =
    "HashOwner,HashApp,HashFunction,Trigger,480,481,482\n"
    "o1,a1,f1,http,0,3,0\n"
    "o1,a1,f2,timer,1,1,1200\n"
    "o2,a2,f3,blob,0,0,0\n";

TEST(FunctionMinutes, PartOfADay) {
  const DecodedFunctions decoded = Decode(kAzure, kPart, "x.csv");
  ASSERT_EQ(decoded.functions.size(), 3u);
  EXPECT_EQ(decoded.functions[0],
            (testing::PlainFunction{
                "o1", "a1", "f1", model::Trigger::kHttp, 1, 479, 482, {{480, 3}}, 2}));
  using Counts = std::vector<std::pair<uint32_t, uint32_t>>;
  EXPECT_EQ(decoded.functions[1].counts, (Counts{{479, 1}, {480, 1}, {481, 1200}}));
  EXPECT_EQ(decoded.functions[1].trigger, model::Trigger::kTimer);
  EXPECT_EQ(decoded.functions[2].trigger, model::Trigger::kUnknown);
  EXPECT_TRUE(decoded.functions[2].counts.empty());
  EXPECT_EQ(decoded.malformed, 0u);
}

TEST(FunctionMinutes, TheNameTellsTheDay) {
  for (const auto& [path, day] : std::vector<std::pair<std::string, uint32_t>>{
           {"a/invocations_per_function_md.anon.d05.csv", 4},
           {"azure.tar.xz:invocations_per_function_md.anon.d14.csv.gz", 13},
           {"x.d01.csv.zst", 0},
           {"a.d05/x.csv", 0},
           {"x.data.csv", 0},
           {"x.d5.csv", 0},
           {"x.d00.csv", 0}}) {
    EXPECT_EQ(Decode(kAzure, kPart, path).functions.at(0).first, day * 1440 + 479) << path;
  }
}

TEST(FunctionMinutes, TheReleasesNameTellsTheDate) {
  const auto day0 = [](const char* path) {
    return ReadLayout(TableKind::kAzure2019, kPart, path)->day0;
  };
  EXPECT_EQ(day0("a/invocations_per_function_md.anon.d05.csv.gz"), 18'092);  // 2019-07-15
  EXPECT_EQ(day0("invocations_per_function_md.anon.csv"), model::kNoDay);
  EXPECT_EQ(day0("sample.d05.csv"), model::kNoDay);
}

TEST(FunctionMinutes, VectorsHaveWeights) {
  const DecodedFunctions decoded =
      Decode(kVectors, "vec,weight,1,2\nv1,177,1,0\nv2,0,1,0\nv3,2,0,9\n", "x.csv");
  ASSERT_EQ(decoded.functions.size(), 2u);
  EXPECT_EQ(decoded.functions[0].weight, 177u);
  EXPECT_EQ(decoded.functions[1].app, "v3");
  EXPECT_EQ(decoded.malformed, 1u);
  EXPECT_EQ(decoded.example_line, 3u);
  EXPECT_NE(decoded.example.find("weight"), std::string::npos) << decoded.example;
}

TEST(FunctionMinutes, BadRowsAreCountedAndTheRestIsUsed) {
  const std::string text = kPart +
                           "o,a,f,http,1,-1,0\n"
                           "o,,f,http,1,1,0\n"
                           "o,a,f,http,1\n"
                           "o,a,f,http,1,99999999999,0\n"
                           "HashOwner,HashApp,HashFunction,Trigger,480,481,482\n"
                           "o9,a9,f9,queue,2,,0\n"
                           "o9,a9,f9,queue,2,4294967295,0\n";
  const DecodedFunctions decoded = Decode(kAzure, text, "x.csv");
  EXPECT_EQ(decoded.malformed, 5u);  // a header in between is none
  ASSERT_EQ(decoded.functions.size(), 4u);
  EXPECT_EQ(decoded.functions[3].counts.back().second, 4294967295u);
  EXPECT_NE(decoded.example.find("'-1'"), std::string::npos) << decoded.example;
  EXPECT_EQ(Decode(kAzure, text, "x.csv", 40).functions, decoded.functions);
}

TEST(FunctionMinutes, HeadersThatAreNone) {
  EXPECT_EQ(kAzure.Sniff(kPart, ""), Match::kYes);
  EXPECT_EQ(kVectors.Sniff(kPart, ""), Match::kNo);
  EXPECT_EQ(kAzure.Sniff("HashOwner,HashApp,HashFunction,Average,Count\n", ""), Match::kNo);
  const auto gap = kAzure.Open("HashOwner,HashApp,HashFunction,Trigger,1,3\n", "");
  ASSERT_FALSE(gap);
  EXPECT_NE(gap.error().Text().find("expected minute 2"), std::string::npos) << gap.error().Text();
  EXPECT_FALSE(kAzure.Open("HashOwner,HashApp,HashFunction,Trigger\n", ""));
  EXPECT_FALSE(kVectors.Open("vec,weight,1441\n", ""));
}

}  // namespace
}  // namespace plumbago::formats::function_minutes
