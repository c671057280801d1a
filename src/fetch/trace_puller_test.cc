#include "fetch/trace_puller.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>

#include "fetch/testing/stand_ins.h"

namespace plumbago::fetch {
namespace {

using Probe = Result<std::unique_ptr<Dialect>> (*)(RequestQueue&, const std::vector<std::string>&);

struct Pulled {
  formats::FetchReport report;
  std::string text;
  std::string error;       // of the probe
  size_t Traces() const {  // lines that came, whichever format
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

struct PullOptions {
  int64_t from_ns = kDayStartNs;
  int64_t until_ns = kDayStartNs + 3600 * kSecondNs;
  int64_t now_ns = kDayStartNs + 24 * 3600 * kSecondNs;
  std::vector<std::string> services = {};
  uint64_t bytes = 1u << 30;
  HttpLimits limits = {};
  void (*change)(Dialect& dialect) = nullptr;
  std::function<void(size_t steps)> on_step = {};
};

Pulled Pull(Probe probe, const HttpServer& server, const PullOptions& options = {}) {
  for (const char* name : {"http_proxy", "all_proxy"}) unsetenv(name);
  ByteBudget budget(options.bytes);
  RequestQueue::Settings asking;
  asking.server = *ServerUrl::Parse(server.url());
  asking.retries = {3, 2, 50};
  asking.limits = options.limits;
  Pulled pulled;
  auto queue = RequestQueue::Make(std::move(asking), budget);
  if (!queue) {
    pulled.error = queue.error().Text();
    return pulled;
  }
  auto dialect = probe(**queue, options.services);
  if (!dialect) {
    pulled.error = dialect.error().Text();
    return pulled;
  }
  if (options.change != nullptr) options.change(**dialect);
  PullSettings settings;
  settings.from_ns = options.from_ns;
  settings.until_ns = options.until_ns;
  settings.now_ns = options.now_ns;
  TracePuller puller(**queue, std::move(*dialect), settings, {});
  for (size_t steps = 1; puller.Step(pulled.text); ++steps) {
    if (options.on_step) options.on_step(steps);
  }
  pulled.report = puller.report();
  return pulled;
}

// `n` traces, one a `gap`, of services front, and cart in every second one.
MadeStore Even(size_t n, int64_t gap_ns) {
  MadeStore store;
  for (size_t i = 0; i < n; ++i) {
    MadeTrace trace;
    trace.id = i + 1;
    trace.services =
        i % 2 == 0 ? std::vector<std::string>{"front", "cart"} : std::vector<std::string>{"front"};
    trace.start_ns = kDayStartNs + static_cast<int64_t>(i) * gap_ns;
    store.traces.push_back(trace);
  }
  return store;
}
uint64_t SpansOf(const MadeStore& store) {
  uint64_t spans = 0;
  for (const MadeTrace& trace : store.traces) spans += trace.services.size();
  return spans;
}
// The first span of each trace stands in the text once: between `before` and `behind`.
void ExpectAll(const MadeStore& store, const std::string& text, std::string_view before,
               std::string_view behind) {
  std::map<std::string, int> count;
  for (size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    const size_t id = at + before.size();
    if (text.compare(id + 16, behind.size(), behind) == 0) ++count[text.substr(id, 16)];
  }
  for (const MadeTrace& trace : store.traces) {
    ASSERT_EQ(count[fmt::format("{:016x}", trace.id * 100 + 1)], 1) << trace.id;
  }
}

TEST(TracePullerTest, JaegerV3) {
  const MadeStore store = Even(300, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r); });
  const Pulled pulled = Pull(ProbeJaeger, server);
  EXPECT_EQ(pulled.error, "");
  EXPECT_EQ(pulled.report.dialect, "Jaeger /api/v3");
  EXPECT_EQ(pulled.report.version, "v1.62.0");
  EXPECT_EQ(pulled.report.services, (std::vector<std::string>{"cart", "front"}));
  EXPECT_EQ(pulled.report.windows, 2u);
  EXPECT_EQ(pulled.report.traces_fetched, 300u);
  EXPECT_EQ(pulled.report.copies, 150u) << "came again from the other service";
  EXPECT_EQ(pulled.report.spans, SpansOf(store));
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  EXPECT_EQ(pulled.Traces(), 300u) << "a line a trace";
  ExpectAll(store, pulled.text, "\"spanId\":\"", "\"");
  EXPECT_EQ(server.Count("/api/v3/trace-summaries"), 1u) << "it has none, and is not asked again";
}

TEST(TracePullerTest, NewServersKnowTheNewNames) {
  const MadeStore store = Even(20, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r, false, true); });
  EXPECT_EQ(Pull(ProbeJaeger, server).report.traces_fetched, 20u);
}

TEST(TracePullerTest, FullPagesAreHalved) {
  const MadeStore store = Even(3000, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r); });
  PullOptions options{.services = {"front"}};
  options.change = [](Dialect& dialect) { dialect.bounds.page = 500; };
  const Pulled pulled = Pull(ProbeJaeger, server, options);
  EXPECT_EQ(pulled.report.traces_fetched, 3000u);
  EXPECT_GT(pulled.report.windows, 8u);
  EXPECT_LT(pulled.report.windows, 40u);
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  ExpectAll(store, pulled.text, "\"spanId\":\"", "\"");
  EXPECT_EQ(Pull(ProbeJaeger, server, options).text, pulled.text);
  // Days without traces around them cost few windows.
  options.from_ns -= 30 * 86400 * kSecondNs;
  options.until_ns += 30 * 86400 * kSecondNs;
  const Pulled wide = Pull(ProbeJaeger, server, options);
  EXPECT_EQ(wide.report.traces_fetched, 3000u);
  EXPECT_LT(wide.report.windows, 60u);
}

TEST(TracePullerTest, WhatStaysFullIsCountedWithItsBounds) {
  MadeStore store = Even(300, kSecondNs);
  for (MadeTrace& trace : store.traces) {  // all within one second
    if (trace.id <= 200) trace.start_ns = kDayStartNs + 100 * kSecondNs + 500;
  }
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r); });
  PullOptions options{.services = {"front"}};
  options.change = [](Dialect& dialect) { dialect.bounds.page = dialect.bounds.most_page = 40; };
  const Pulled pulled = Pull(ProbeJaeger, server, options);
  EXPECT_EQ(pulled.report.windows_saturated, 1u);
  ASSERT_EQ(pulled.report.saturated.size(), 1u);
  EXPECT_EQ(pulled.report.saturated[0].from_ns, kDayStartNs + 100 * kSecondNs);
  EXPECT_EQ(pulled.report.saturated[0].until_ns, kDayStartNs + 101 * kSecondNs);
  EXPECT_EQ(pulled.report.saturated[0].service, "front");
  EXPECT_EQ(pulled.report.NotFetched(), 1u);
  EXPECT_EQ(pulled.report.traces_fetched, 100u + 40u);
  // With a higher limit all of them come.
  options.change = [](Dialect& dialect) { dialect.bounds.page = 40; };
  const Pulled raised = Pull(ProbeJaeger, server, options);
  EXPECT_EQ(raised.report.NotFetched(), 0u);
  EXPECT_EQ(raised.report.traces_fetched, 300u);
}

TEST(TracePullerTest, WhoCountsNotIsNotAskedForEver) {
  MadeStore store = Even(600, kSecondNs);
  store.hides_limit = true;
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r); });
  const Pulled pulled = Pull(ProbeJaeger, server, {.services = {"front"}});
  EXPECT_EQ(pulled.report.traces_fetched, 600u);
  EXPECT_EQ(pulled.report.windows, 1u);
}

TEST(TracePullerTest, SummariesAreComparedWith) {
  const MadeStore store = Even(50, kSecondNs);
  MadeStore lacking = store;  // what a search gives
  lacking.traces.erase(lacking.traces.begin() + 7);
  ASSERT_EQ(lacking.traces[21].services.size(), 2u);
  lacking.traces[21].services = {"front"};
  HttpServer server([&](const HttpRequest& r) {
    return JaegerV3Answer(r.path == "/api/v3/traces" ? lacking : store, r, true);
  });
  const Pulled pulled = Pull(ProbeJaeger, server, {.services = {"front"}});
  EXPECT_EQ(pulled.report.traces_listed, 50u);
  EXPECT_EQ(pulled.report.traces_fetched, 50u);
  EXPECT_EQ(pulled.report.grown, 1u);
  EXPECT_EQ(pulled.report.spans, SpansOf(store));
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  // And if they cannot be had by id either:
  HttpServer poor([&](const HttpRequest& r) {
    return JaegerV3Answer(r.path == "/api/v3/trace-summaries" ? store : lacking, r, true);
  });
  const Pulled partly = Pull(ProbeJaeger, poor, {.services = {"front"}});
  EXPECT_EQ(partly.report.traces_missing, 1u);
  EXPECT_EQ(partly.report.traces_partial, 1u);
  EXPECT_EQ(partly.report.NotFetched(), 2u);
}

// Else a server would have its way with our memory.
TEST(TracePullerTest, ListsOfMoreThanWasAskedForAreCut) {
  const MadeStore store = Even(50, kSecondNs);
  PullOptions options;
  options.services = {"front"};
  options.change = [](Dialect& dialect) { dialect.bounds.page = dialect.bounds.most_page = 20; };
  HttpServer tempo([&](const HttpRequest& r) {
    if (r.path != "/api/search") return TempoAnswer(store, {}, r);
    HttpRequest unbounded = r;
    unbounded.query["limit"] = "1000";
    return TempoAnswer(store, {}, unbounded);
  });
  const Pulled listed = Pull(ProbeTempo, tempo, options);
  EXPECT_EQ(listed.report.traces_fetched, 20u);
  EXPECT_EQ(listed.report.traces_not_asked, 30u);
  const MadeStore some = Even(3, kSecondNs);
  HttpServer jaeger([&](const HttpRequest& r) {
    HttpRequest unbounded = r;
    unbounded.query["query.num_traces"] = "1000";
    return JaegerV3Answer(r.path == "/api/v3/traces" ? some : store, unbounded, true);
  });
  const Pulled summed = Pull(ProbeJaeger, jaeger, options);
  EXPECT_EQ(summed.report.traces_fetched, 3u + 21u);
  EXPECT_EQ(summed.report.traces_not_asked, 50u - 3u - 21u);
}

// Halves go before what was asked for already, whose answers wait in memory.
TEST(TracePullerTest, FewAnswersWait) {
  const MadeStore store = Even(30, 0);
  HttpServer server([&](const HttpRequest& r) { return ZipkinAnswer(store, r); });
  PullOptions options;
  options.change = [](Dialect& dialect) { dialect.bounds.page = dialect.bounds.most_page = 20; };
  options.on_step = [&](size_t steps) { ASSERT_LE(server.Count("/api/v2/traces"), steps + 17); };
  EXPECT_GE(Pull(ProbeZipkin, server, options).report.windows_saturated, 1u);
}

TEST(TracePullerTest, OldJaegerBehindItsPageForPeople) {
  const MadeStore store = Even(1200, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return JaegerOldAnswer(store, r); });
  const Pulled pulled = Pull(ProbeJaeger, server);
  EXPECT_EQ(pulled.report.dialect, "Jaeger /api/traces");
  EXPECT_EQ(pulled.report.version, "");
  EXPECT_EQ(pulled.report.traces_fetched, 1200u);
  EXPECT_EQ(pulled.report.spans, SpansOf(store));
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  ExpectAll(store, pulled.text, "\"spanID\":\"", "\",\"operationName\"");
}

TEST(TracePullerTest, Zipkin) {
  const MadeStore store = Even(1700, 20'000'000);
  HttpServer server([&](const HttpRequest& r) { return ZipkinAnswer(store, r); });
  const Pulled pulled = Pull(ProbeZipkin, server);
  EXPECT_EQ(pulled.report.dialect, "Zipkin /api/v2");
  EXPECT_EQ(pulled.report.version, "3.5.1");
  EXPECT_EQ(pulled.report.traces_fetched, 1700u);
  EXPECT_EQ(pulled.report.spans, SpansOf(store));
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  EXPECT_EQ(pulled.Traces(), 1700u);
  const Pulled cart = Pull(ProbeZipkin, server, {.services = {"cart"}});
  EXPECT_EQ(cart.report.traces_fetched, 850u);
}

TEST(TracePullerTest, ZipkinWindowsAreHalvedDownToAMillisecond) {
  MadeStore store = Even(30, 0);  // all at once
  HttpServer server([&](const HttpRequest& r) { return ZipkinAnswer(store, r); });
  PullOptions options{.from_ns = kDayStartNs - kSecondNs, .until_ns = kDayStartNs + kSecondNs};
  options.change = [](Dialect& dialect) { dialect.bounds.page = dialect.bounds.most_page = 20; };
  const Pulled pulled = Pull(ProbeZipkin, server, options);
  EXPECT_GE(pulled.report.traces_fetched, 20u);
  EXPECT_LT(pulled.report.traces_fetched, 30u);
  ASSERT_GE(pulled.report.windows_saturated, 1u);
  EXPECT_EQ(pulled.report.saturated[0].until_ns - pulled.report.saturated[0].from_ns, 1'000'000);
}

TEST(TracePullerTest, Tempo) {
  const MadeStore store = Even(120, kSecondNs);
  const TempoWays ways;
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, ways, r); });
  const Pulled pulled = Pull(ProbeTempo, server);
  EXPECT_EQ(pulled.error, "");
  EXPECT_EQ(pulled.report.dialect, "Tempo /api/v2");
  EXPECT_EQ(pulled.report.version, "3.0.0");
  EXPECT_EQ(pulled.report.traces_listed, 120u);
  EXPECT_EQ(pulled.report.traces_fetched, 120u);
  EXPECT_EQ(pulled.report.spans, SpansOf(store));
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  EXPECT_EQ(server.Count("/api/v2/traces/"), 120u) << "each id once";
  const HttpRequest first = server.Requests().at(2);
  EXPECT_EQ(first.Number("end") - first.Number("start"), 121) << "a minute on either side";
  EXPECT_EQ(first.path.size(), std::string("/api/v2/traces/").size() + 32) << "zeros in front";
  const Pulled cart = Pull(ProbeTempo, server, {.services = {"cart"}});
  EXPECT_EQ(cart.report.traces_fetched, 60u);
}

TEST(TracePullerTest, TempoListsLessThanItHas) {
  const MadeStore store = Even(3000, kSecondNs);
  TempoWays ways;
  ways.stops_early = true;
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, ways, r); });
  const Pulled pulled = Pull(ProbeTempo, server);
  EXPECT_EQ(pulled.report.traces_fetched, 3000u);
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  EXPECT_EQ(server.Count("/api/v2/traces/"), 3000u) << "each id once, from whichever window";
}

TEST(TracePullerTest, TempoBoundsLimitsAndRanges) {
  const MadeStore store = Even(300, 600 * kSecondNs);  // 50 hours
  TempoWays ways;
  ways.most_limit = 128;
  ways.most_range_s = 4 * 3600;
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, ways, r); });
  const Pulled pulled = Pull(ProbeTempo, server, {.until_ns = kDayStartNs + 60 * 3600 * kSecondNs});
  EXPECT_EQ(pulled.report.traces_fetched, 300u);
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  ASSERT_FALSE(pulled.report.clamped.empty());
  EXPECT_EQ(pulled.report.clamped[0], "limit 128");
  EXPECT_GE(pulled.report.clamped.size(), 2u) << "and the window";
}

TEST(TracePullerTest, TempoPartsAndWhatIsTooLarge) {
  const MadeStore store = Even(40, kSecondNs);
  TempoWays ways;
  ways.partial = {1, 3};
  ways.too_large = {5};
  ways.gone = {7, 8};
  ways.narrow = {9};
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, ways, r); });
  const Pulled pulled = Pull(ProbeTempo, server);
  EXPECT_EQ(pulled.report.traces_listed, 40u);
  EXPECT_EQ(pulled.report.traces_fetched, 37u);
  EXPECT_EQ(pulled.report.traces_partial, 2u);
  EXPECT_EQ(pulled.report.traces_too_large, 1u);
  EXPECT_EQ(pulled.report.traces_missing, 2u);
  EXPECT_EQ(pulled.report.NotFetched(), 5u);
  // The narrow one came whole at the second asking; of two partial ones a span each is missing.
  EXPECT_EQ(pulled.report.spans, SpansOf(store) - 2 - 2 - 2 - 1);
}

TEST(TracePullerTest, OldTempoHasTheFirstVersionAlone) {
  const MadeStore store = Even(30, kSecondNs);
  TempoWays ways;
  ways.second_version = false;
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, ways, r); });
  const Pulled pulled = Pull(ProbeTempo, server);
  EXPECT_EQ(pulled.report.traces_fetched, 30u);
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
  EXPECT_LE(server.Count("/api/v2/traces/"), 5u);
}

TEST(TracePullerTest, YoungTracesAndEdges) {
  MadeStore store = Even(10, kSecondNs);
  store.traces[0].span_ns = 7200 * kSecondNs;  // ends behind the window
  HttpServer server([&](const HttpRequest& r) { return ZipkinAnswer(store, r); });
  const Pulled pulled =
      Pull(ProbeZipkin, server, {.now_ns = kDayStartNs + 65 * kSecondNs + kSecondNs / 2});
  EXPECT_EQ(pulled.report.at_edges, 1u);
  EXPECT_EQ(pulled.report.possibly_open, 1u + 4u) << "it, and those of the last minute";
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
}

TEST(TracePullerTest, FailuresAreCountedAndEndIt) {
  const MadeStore store = Even(100, kSecondNs);
  HttpServer server([&](const HttpRequest& r) {
    if (r.path == "/api/v2/traces/00000000000000000000000000000004") return HttpReply{500, "oops"};
    if (r.path == "/api/v2/traces/00000000000000000000000000000006")
      return HttpReply{200, "{\"trace\":{\"resourceSpans\":[{"};
    return TempoAnswer(store, {}, r);
  });
  const Pulled pulled = Pull(ProbeTempo, server);
  EXPECT_EQ(pulled.report.traces_fetched, 98u);
  EXPECT_EQ(pulled.report.failed.at(500), 1u);
  EXPECT_EQ(pulled.report.failed.at(200), 1u) << "half an answer";
  EXPECT_EQ(pulled.report.retries, 2u);
  EXPECT_EQ(pulled.report.NotFetched(), 2u);
  EXPECT_NE(pulled.report.first_failure, "");

  HttpServer dying([&](const HttpRequest& r) {
    return r.path.starts_with("/api/v2/traces/") ? HttpReply{503, "gone"}
                                                 : TempoAnswer(store, {}, r);
  });
  const Pulled given_up = Pull(ProbeTempo, dying);
  EXPECT_EQ(given_up.report.failed.at(503), 5u);
  EXPECT_EQ(given_up.report.traces_not_asked, 95u);
  EXPECT_LE(dying.Count("/api/v2/traces/"), 3u * 9);
}

TEST(TracePullerTest, TheBudgetEndsIt) {
  const MadeStore store = Even(400, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return TempoAnswer(store, {}, r); });
  const Pulled pulled = Pull(ProbeTempo, server, {.bytes = 200'000});
  EXPECT_TRUE(pulled.report.budget_spent);
  EXPECT_GT(pulled.report.traces_fetched, 10u);
  EXPECT_EQ(pulled.report.traces_fetched + pulled.report.traces_not_asked, 400u);
  EXPECT_LT(pulled.report.bytes, 300'000u);
}

TEST(TracePullerTest, AnswersThatAreTooLongAreHalvedToo) {
  const MadeStore store = Even(400, kSecondNs);
  HttpServer server([&](const HttpRequest& r) { return JaegerV3Answer(store, r); });
  PullOptions options{.services = {"front"}};
  options.limits.most_answer_bytes = 20'000;
  const Pulled pulled = Pull(ProbeJaeger, server, options);
  EXPECT_EQ(pulled.report.traces_fetched, 400u);
  EXPECT_EQ(pulled.report.NotFetched(), 0u);
}

TEST(TracePullerTest, ProbesSayWhatIsWrong) {
  HttpServer nobody([](const HttpRequest&) { return HttpReply{404, "404 page not found"}; });
  for (const Probe probe : {ProbeJaeger, ProbeTempo, ProbeZipkin}) {
    EXPECT_NE(Pull(probe, nobody).error.find("does not answer as"), std::string::npos);
  }
  HttpServer closed([](const HttpRequest&) { return HttpReply{401, "who are you"}; });
  for (const Probe probe : {ProbeJaeger, ProbeTempo, ProbeZipkin}) {
    EXPECT_NE(Pull(probe, closed).error.find("PLUMBAGO_TOKEN"), std::string::npos);
  }
  // Its page for people instead of data.
  HttpServer page([](const HttpRequest&) { return PageForPeople("v2"); });
  for (const Probe probe : {ProbeJaeger, ProbeTempo, ProbeZipkin}) {
    EXPECT_NE(Pull(probe, page).error, "");
  }
}

}  // namespace
}  // namespace plumbago::fetch
