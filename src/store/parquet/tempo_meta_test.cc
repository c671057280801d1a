#include "store/parquet/tempo_meta.h"

#include <gtest/gtest.h>

#include <fstream>

namespace plumbago::store {
namespace {

Result<TempoMeta> Read(const std::string& text) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) /
      ("plumbago-meta-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
       ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".json");
  std::ofstream(file) << text;
  auto meta = ReadTempoMeta(file);
  std::filesystem::remove(file);
  return meta;
}

TEST(TempoMeta, ColumnsAreNumberedByScopeAndType) {
  const auto meta = Read(R"({"format": "vParquet5", "totalObjects": 65, "dedicatedColumns": [
      {"s": "resource", "n": "k8s.pod.name"}, {"n": "http.method", "t": "string"},
      {"n": "http.status_code", "t": "int"}, {"s": "resource", "n": "a\"b"}, {"n": "url.path", "x": [1]},
      {"s": "event", "n": "e", "o": ["array"]}], "more": {"totalObjects": 3}})");
  ASSERT_TRUE(meta) << meta.error().Text();
  EXPECT_EQ(meta->traces, 65);
  std::string said;
  for (const DedicatedColumn& one : meta->dedicated)
    said += one.scope + "." + one.column + "=" + one.name + " ";
  EXPECT_EQ(said,
            "resource.String01=k8s.pod.name span.String01=http.method span.Int01=http.status_code "
            "resource.String02=a\"b span.String02=url.path event.String01=e ");
}

TEST(TempoMeta, WhatIsNotSaid) {
  EXPECT_EQ(Read("{}")->traces, -1);
  EXPECT_EQ(Read(R"({"totalObjects": null, "dedicatedColumns": null})")->traces, -1);
  EXPECT_EQ(Read(R"({"totalObjects": "12"})")->traces, 12);
  EXPECT_TRUE(Read(R"({"dedicatedColumns": [3, null]})")->dedicated.empty());
  EXPECT_EQ(ReadTempoMeta("no/such/meta.json")->traces, -1);
}

TEST(TempoMeta, NoJsonIsAnError) {
  for (const char* text : {"", "{", "[]", R"({"totalObjects": )", "{\"a\": \"\xFF\"}"}) {
    const auto meta = Read(text);
    ASSERT_FALSE(meta) << text;
    EXPECT_NE(meta.error().message.find("is no JSON"), std::string::npos) << meta.error().message;
    EXPECT_FALSE(meta.error().where.file.empty());
  }
}

}  // namespace
}  // namespace plumbago::store
