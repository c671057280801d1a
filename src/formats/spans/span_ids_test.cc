#include "formats/spans/span_ids.h"

#include <gtest/gtest.h>

namespace plumbago::formats::spans {
namespace {

TEST(SpanIds, ATraceIsTheSameWhateverZerosStandInFront) {
  model::TraceId jaeger, otlp, upper;
  ASSERT_TRUE(ParseTraceId("1003ab64d0d247f2", jaeger));
  ASSERT_TRUE(ParseTraceId("00000000000000001003ab64d0d247f2", otlp));
  ASSERT_TRUE(ParseTraceId("1003AB64D0D247F2", upper));
  EXPECT_EQ(jaeger, otlp);
  EXPECT_EQ(jaeger, upper);
  EXPECT_EQ(jaeger, MakeTraceId(0, 0x1003ab64d0d247f2));
  EXPECT_EQ(jaeger.Text(), "00000000000000001003ab64d0d247f2");
}

TEST(SpanIds, OddDigitsOfTheUpperHalf) {
  model::TraceId id;
  ASSERT_TRUE(ParseTraceId("abc0123456789abcdef", id));
  EXPECT_EQ(id, MakeTraceId(0xabc, 0x0123456789abcdef));
}

TEST(SpanIds, NoIds) {
  model::TraceId trace;
  EXPECT_FALSE(ParseTraceId("", trace));
  EXPECT_FALSE(ParseTraceId("0000000000000000", trace));
  EXPECT_FALSE(ParseTraceId("00000000000000000000000000000000", trace));
  uint64_t span = 0;
  EXPECT_FALSE(ParseSpanId("", span));
  EXPECT_FALSE(ParseSpanId("0000000000000000", span));
  EXPECT_FALSE(ParseSpanId("00000000000000001", span));
  EXPECT_FALSE(ParseSpanId("12x4", span));
}

TEST(SpanIds, OtherTextsAreKept) {
  model::TraceId trace;
  ASSERT_TRUE(ParseTraceId("trace-7", trace));
  EXPECT_EQ(trace.Text(), "trace-7");
  EXPECT_EQ(trace, model::TraceId::Parse("trace-7"));
}

TEST(SpanIds, WrittenAsTheyAreRead) {
  uint64_t span = 0;
  ASSERT_TRUE(ParseSpanId("1f", span));
  EXPECT_EQ(span, 0x1fu);
  std::string text;
  AppendSpanId(span, text);
  EXPECT_EQ(text, "000000000000001f");
  text.clear();
  AppendTraceId(MakeTraceId(1, 0xf), text);
  EXPECT_EQ(text, "0000000000000001000000000000000f");
  // Of a CSV file: a number in another form.
  text.clear();
  AppendTraceId(model::TraceId::Parse("T_255"), text);
  EXPECT_EQ(text, "000000000000000000000000000000ff");
  text.clear();
  AppendTraceId(model::TraceId::Parse("abc"), text);
  EXPECT_EQ(text, "00000000000000000000000000000abc");
}

}  // namespace
}  // namespace plumbago::formats::spans
