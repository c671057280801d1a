#include "fetch/answers.h"

#include <gtest/gtest.h>

#include "fetch/json_slices.h"

namespace plumbago::fetch {
namespace {

TEST(AnswersTest, KeysOfEveryForm) {
  const TraceKey key = KeyOf("0000000000000000000053253c7f9858");
  EXPECT_EQ(KeyOf("53253C7F9858"), key);
  EXPECT_EQ(KeyOf("AAAAAAAAAAAAAFMlPH+YWA=="), key);
  EXPECT_EQ(KeyOf("AAAAAAAAAAAAAFMlPH-YWA"), key) << "the alphabet for URLs, without padding";
  EXPECT_EQ(KeyOf("1").lo, 1u);
  EXPECT_EQ(KeyOf("10000000000000002"), (TraceKey{1, 2}));
  EXPECT_NE(KeyOf("x"), KeyOf("y"));
  EXPECT_NE(KeyOf("zzzz"), KeyOf("AAAAzzzz")) << "no base64 of 16 bytes: two texts";
  EXPECT_EQ(KeyOf("no hex"), KeyOf("no hex"));
}

TEST(AnswersTest, OtlpTracesAreToldApart) {
  const auto span = [](const char* trace, int n) {
    return std::string("{\"traceId\":\"") + trace + "\",\"spanId\":\"" + std::to_string(n) +
           "\",\"startTimeUnixNano\":\"" + std::to_string(n * 10) +
           "\",\n\"endTimeUnixNano\":" + std::to_string(n * 10 + 5) + "}";
  };
  const std::string body =
      "{\"result\":{\"resourceSpans\":[{\"resource\":{\"r\":1},\"scopeSpans\":[{"
      "\"scope\":{\"s\":1},\"spans\":[" +
      span("a", 1) + "," + span("b", 2) + "," + span("a", 3) + "]},{\"spans\":[" + span("a", 4) +
      "]}]},{\"scopeSpans\":[{\"spans\":[" + span("b", 5) + "]}]}]}}";
  Answer answer;
  ASSERT_TRUE(ReadOtlp(body, answer));
  ASSERT_EQ(answer.traces.size(), 2u);
  EXPECT_EQ(answer.traces[0].key, KeyOf("a"));
  EXPECT_EQ(answer.traces[0].spans, 3u);
  EXPECT_EQ(answer.traces[0].first_ns, 10);
  EXPECT_EQ(answer.traces[0].last_ns, 45);
  const auto one_line = [](std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  };
  EXPECT_EQ(
      answer.traces[0].text,
      one_line("{\"resourceSpans\":[{\"resource\":{\"r\":1},\"scopeSpans\":[{\"scope\":{\"s\":"
               "1},\"spans\":[" +
               span("a", 1) + "," + span("a", 3) + "]},{\"spans\":[" + span("a", 4) + "]}]}]}") +
          "\n");
  EXPECT_EQ(
      answer.traces[1].text,
      one_line("{\"resourceSpans\":[{\"resource\":{\"r\":1},\"scopeSpans\":[{\"scope\":{\"s\":"
               "1},\"spans\":[" +
               span("b", 2) + "]}]},{\"scopeSpans\":[{\"spans\":[" + span("b", 5) + "]}]}]}") +
          "\n");
  // Cut anywhere, it is not whole.
  for (size_t size = 0; size < body.size(); ++size) {
    Answer part;
    EXPECT_FALSE(ReadOtlp(std::string_view(body).substr(0, size), part)) << size;
  }
}

TEST(AnswersTest, AResourceIsNotCopiedWithoutEnd) {
  std::string body = "{\"batches\":[{\"resource\":\"" + std::string(1 << 20, 'x') +
                     "\",\"scopeSpans\":[{\"spans\":[";
  for (int i = 0; i < 1000; ++i) {
    body += (i > 0 ? ",{\"traceId\":\"" : "{\"traceId\":\"") + std::to_string(i) + "\"}";
  }
  Answer answer;
  EXPECT_FALSE(ReadOtlp(body + "]}]}]}", answer));
  size_t bytes = 0;
  for (const GotTrace& trace : answer.traces) bytes += trace.text.size();
  EXPECT_LT(bytes, 12u << 20);
}

TEST(AnswersTest, OtlpWrappersAndParts) {
  Answer answer;
  EXPECT_TRUE(ReadOtlp("{\"trace\":{},\"metrics\":{}}", answer)) << "nothing found";
  EXPECT_TRUE(answer.traces.empty());
  EXPECT_FALSE(answer.partial);
  EXPECT_TRUE(ReadOtlp("{\"trace\":{\"resourceSpans\":[]},\"status\":\"PARTIAL\"}", answer));
  EXPECT_TRUE(answer.partial);
  EXPECT_TRUE(ReadOtlp("{\"batches\":[]}", answer));
  EXPECT_TRUE(
      ReadOtlp("{\"result\":{\"resourceSpans\":[]}}\n{\"result\":{\"resourceSpans\":[]}}", answer));
  for (const char* bad : {"", "[]", "{}", "null", "<html>", "{\"trace\":[]}", "{\"batches\":3}"}) {
    EXPECT_FALSE(ReadOtlp(bad, answer)) << bad;
  }
}

TEST(AnswersTest, JaegerAndZipkinAndLists) {
  Answer answer;
  EXPECT_TRUE(ReadJaeger("{\"data\":null,\"errors\":[{\"code\":404}]}", answer));
  EXPECT_TRUE(answer.partial);
  EXPECT_FALSE(ReadJaeger("{\"errors\":null}", answer));
  answer = {};
  EXPECT_TRUE(
      ReadJaeger("{\"data\":[{\"spans\":[{\"traceID\":\"5\",\"startTime\":7,\"duration\":2}],"
                 "\"processes\":{}}]}",
                 answer));
  ASSERT_EQ(answer.traces.size(), 1u);
  EXPECT_EQ(answer.traces[0].key, KeyOf("5")) << "where the trace does not say it, a span does";
  EXPECT_EQ(answer.traces[0].last_ns, 9000);
  answer = {};
  EXPECT_TRUE(
      ReadZipkin("[[{\"traceId\":\"00000000000000a1\",\"timestamp\":3},{\"traceId\":"
                 "\"000000000000000100000000000000a1\"}],[]]",
                 answer));
  ASSERT_EQ(answer.traces.size(), 1u);
  EXPECT_EQ(answer.traces[0].key, (TraceKey{1, 0xa1})) << "the longest";
  EXPECT_TRUE(ReadZipkin("[]", answer));
  EXPECT_FALSE(ReadZipkin("{}", answer));
  EXPECT_FALSE(ReadZipkin("[[]", answer));
  answer = {};
  EXPECT_TRUE(
      ReadTempoSearch("{\"traces\":[{\"traceID\":\"53253c7f9858d\",\"startTimeUnixNano\":\"5\","
                      "\"durationMs\":7,\"serviceStats\":{\"a\":{\"spanCount\":2},\"b\":{"
                      "\"spanCount\":3,\"errorCount\":1}}}],\"metrics\":{\"completedJobs\":2,"
                      "\"totalJobs\":3}}",
                      answer));
  ASSERT_EQ(answer.listed.size(), 1u);
  EXPECT_EQ(answer.listed[0].id,
            "0000000000000000000"
            "53253c7f9858d");
  EXPECT_EQ(answer.listed[0].spans, 5u);
  EXPECT_EQ(answer.listed[0].duration_ns, 7'000'000);
  EXPECT_TRUE(answer.cut_short);
  EXPECT_FALSE(ReadTempoSearch("{}", answer));
}

TEST(AnswersTest, Names) {
  EXPECT_EQ(ReadNames("[\"b\",\"a\",\"b\",\"\"]", ""), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(ReadNames("{\"data\":null}", "data"), std::vector<std::string>{});
  EXPECT_EQ(ReadNames("{\"data\":[\"a \\\"b\\\" \\u00e4\\ud83d\\ude00\\n\"]}", "data"),
            std::vector<std::string>{"a \"b\" \xc3\xa4\xf0\x9f\x98\x80\n"});
  EXPECT_EQ(ReadNames("[\"a\\x\"]", ""), std::vector<std::string>{"a\\x"})
      << "an escape that is none: the name is not lost";
  EXPECT_EQ(ReadNames("{\"other\":[]}", "data"), std::nullopt);
  EXPECT_EQ(ReadNames("<html>", "data"), std::nullopt);
  EXPECT_EQ(ReadNames("{\"data\":[\"a\"]", "data"), std::nullopt) << "cut";
}

TEST(JsonSlicesTest, Values) {
  EXPECT_EQ(ValueEnd("\"a\\\"b\\\\\" x", 0), 8u);
  EXPECT_EQ(ValueEnd("{\"a]}\":[1,{}]},", 0), 14u);
  EXPECT_EQ(ValueEnd("12,", 0), 2u);
  EXPECT_EQ(ValueEnd("\"open", 0), kNoEnd);
  EXPECT_EQ(ValueEnd("\"open\\\"", 0), kNoEnd);
  EXPECT_EQ(ValueEnd("[[]", 0), kNoEnd);
  EXPECT_EQ(ValueEnd(",", 0), kNoEnd);
  EXPECT_EQ(WholeNumber("\"17\""), 17);
  EXPECT_EQ(WholeNumber("-3"), -3);
  EXPECT_EQ(WholeNumber("1.5"), std::nullopt);
  EXPECT_EQ(WholeNumber(""), std::nullopt);
  EXPECT_FALSE(ForEachField("{\"a\":1,}", [](auto, auto) { return true; }));
  EXPECT_FALSE(ForEachField("{\"a\" 1}", [](auto, auto) { return true; }));
  EXPECT_FALSE(ForEachElement("[1,]", [](auto) { return true; }));
  EXPECT_TRUE(ForEachElement(" [ ] ", [](auto) { return false; }));
}

}  // namespace
}  // namespace plumbago::fetch
