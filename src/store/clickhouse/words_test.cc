#include "store/clickhouse/words.h"

#include <gtest/gtest.h>

namespace plumbago::store::clickhouse {
namespace {

TEST(ClickHouseWords, BothSpellings) {
  using formats::spans::SpanKind;
  for (const char* word : {"Server", "SPAN_KIND_SERVER", "server"})
    EXPECT_EQ(KindOf(word), SpanKind::kServer) << word;
  EXPECT_EQ(KindOf("SPAN_KIND_CONSUMER"), SpanKind::kConsumer);
  EXPECT_EQ(KindOf("Unspecified"), SpanKind::kUnspecified);
  EXPECT_EQ(KindOf(""), SpanKind::kUnspecified);
  EXPECT_EQ(KindOf("SPAN_KIND_"), SpanKind::kUnspecified);
  EXPECT_EQ(StatusOf("Error"), model::Status::kError);
  EXPECT_EQ(StatusOf("STATUS_CODE_ERROR"), model::Status::kError);
  EXPECT_EQ(StatusOf("STATUS_CODE_OK"), model::Status::kOk);
  EXPECT_EQ(StatusOf("Unset"), model::Status::kUnset);
}

TEST(ClickHouseWords, Moments) {
  const struct {
    const char* text;
    int64_t ns;
    bool zone;
  } good[] = {
      {"2022-06-20 21:09:16.935625001", 1655759356'935625001, false},
      {"2022-06-20T21:09:16.935625001Z", 1655759356'935625001, true},
      {"2022-06-20 23:09:16.935625001+02:00", 1655759356'935625001, true},
      {"2022-06-20 21:09:16", 1655759356'000000000, false},
      {"1655759356.935625001", 1655759356'935625001, true},
      {"1655759356", 1655759356'000000000, true},
      {"1970-01-01 00:00:00.5", 500'000'000, false},
      {"2024-02-29 00:00:00", 1709164800'000000000, false},
  };
  for (const auto& one : good) {
    int64_t ns = 0;
    ASSERT_TRUE(ParseMoment(one.text, ns)) << one.text;
    EXPECT_EQ(ns, one.ns) << one.text;
    EXPECT_EQ(LacksZone(one.text), !one.zone) << one.text;
  }
  int64_t ns = 0;
  for (const char* bad : {"", "yesterday", "2022-13-01 00:00:00", "2022-06-20", "12.", "1e9",
                          "2022-06-20 21:09:16.5 nowhere", "2022-06-20 21:09:16Zx",
                          "2022-06-20 25:00:00", "2022-02-30 00:00:00", "99999999999999"}) {
    EXPECT_FALSE(ParseMoment(bad, ns)) << bad;
    EXPECT_FALSE(LacksZone(bad)) << bad;
  }
}

}  // namespace
}  // namespace plumbago::store::clickhouse
