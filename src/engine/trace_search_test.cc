#include "engine/trace_search.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

namespace plumbago::engine {
namespace {

namespace fs = std::filesystem;
using Order = TraceSearchOptions::Order;

// Spans written down as rows of the plain layout.
class SearchTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "search-" +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
    text_ = "trace,span,parent,callee,operation,status,start_ns,duration_ns\n";
  }
  void TearDown() override { fs::remove(path_); }

  void Span(int trace, int span, int parent, const char* service, const char* operation,
            int64_t start, int64_t duration, const char* status = "") {
    text_ += fmt::format("{:032x},{:x},{},{},{},{},{},{}\n", trace, span,
                         parent == 0 ? "" : fmt::format("{:x}", parent), service, operation, status,
                         start, duration);
  }
  // shop calls cart, which calls base; every trace the same but for its duration.
  void Usual(int trace, int64_t duration) {
    Span(trace, 1, 0, "shop", "GET /", 1000, duration);
    Span(trace, 2, 1, "cart", "get", 1001, duration / 2);
    Span(trace, 3, 2, "base", "query", 1002, duration / 4);
  }

  TraceSearch Run(TraceSearchOptions options, unsigned threads = 2) {
    std::ofstream(path_) << text_;
    options.read.inputs = {path_};
    options.read.threads = threads;
    auto found = SearchTraces(options);
    EXPECT_TRUE(found) << found.error().Text();
    return found ? std::move(*found) : TraceSearch();
  }
  static std::vector<uint64_t> Ids(const TraceSearch& search) {
    std::vector<uint64_t> ids;
    for (const FoundTrace& trace : search.found) ids.push_back(trace.id.lo);
    return ids;
  }

  std::string path_;
  std::string text_;
};

TEST_F(SearchTest, TheSlowestComeFirst) {
  for (int i = 1; i <= 5000; ++i) Usual(i, 1000 + (i * 37) % 5003);
  TraceSearchOptions options;
  options.most = 3;
  const TraceSearch search = Run(options);
  EXPECT_EQ(search.traces, 5000u);
  EXPECT_EQ(search.matched, 5000u);
  std::vector<std::pair<int64_t, uint64_t>> expected;
  for (int i = 1; i <= 5000; ++i) expected.emplace_back(-(1000 + (i * 37) % 5003), i);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Ids(search),
            (std::vector<uint64_t>{expected[0].second, expected[1].second, expected[2].second}));
  const FoundTrace& first = search.found[0];
  EXPECT_EQ(first.duration_ns, -expected[0].first);
  EXPECT_EQ(first.spans, 3u);
  EXPECT_EQ(first.services, 3u);
  EXPECT_EQ(first.of_entry, 5000u);
  EXPECT_EQ(first.of_form, 5000u);
  EXPECT_GT(first.slower_than, 0.9);
  EXPECT_EQ(search.names->Text(first.service), "shop");
  EXPECT_EQ(search.names->Text(first.operation), "GET /");
}

TEST_F(SearchTest, WhatIsSaidOfASpanHoldsForOneSpan) {
  Usual(1, 100);
  Usual(2, 100);
  Span(2, 4, 1, "ads", "get", 1010, 10, "error");
  Usual(3, 100);
  Span(3, 4, 1, "ads", "get", 1010, 10);
  Span(3, 5, 1, "cart", "put", 1030, 10, "error");
  const auto ids = [&](const TraceFilter& filter) {
    TraceSearchOptions options;
    options.filter = filter;
    std::vector<uint64_t> found = Ids(Run(options));
    std::sort(found.begin(), found.end());
    return found;
  };
  using Ids = std::vector<uint64_t>;
  EXPECT_EQ(ids({.service = "ads"}), (Ids{2, 3}));
  EXPECT_EQ(ids({.service = "nobody"}), Ids());
  EXPECT_EQ(ids({.error = true}), (Ids{2, 3}));
  EXPECT_EQ(ids({.service = "ads", .error = true}), Ids{2});
  EXPECT_EQ(ids({.service = "cart", .operation = "put"}), Ids{3});
  EXPECT_EQ(ids({.operation = "get", .error = true}), Ids{2});
  TraceFilter where;
  where.where = *graph::SpanPattern::Parse("shop > ads && cart > base");
  EXPECT_EQ(ids(where), (Ids{2, 3}));
  EXPECT_EQ(ids({.min_duration_ns = 101}), Ids());
}

TEST_F(SearchTest, TheStrangestComeFirst) {
  for (int i = 1; i <= 1000; ++i) Usual(i, 1000);
  // Another form; a usual one that is far slower; an entry of its own, seen once.
  Span(2001, 1, 0, "shop", "GET /", 1000, 1000);
  Span(2001, 2, 1, "base", "query", 1001, 10);
  Usual(2002, 90'000);
  Span(2003, 1, 0, "cron", "tick", 1000, 5);
  TraceSearchOptions options;
  options.order = Order::kStrangest;
  options.most = 3;
  const TraceSearch search = Run(options);
  // log2(1003/1) of its form; log2(1003/1001) and -log2(2 * 1/1002) of its time; log2(2/1).
  EXPECT_EQ(Ids(search), (std::vector<uint64_t>{2001, 2002, 2003}));
  EXPECT_NEAR(search.found[0].surprise, std::log2(1003.0), 1e-9);
  EXPECT_NEAR(search.found[1].surprise, std::log2(1003.0 / 1001) - std::log2(2.0 / 1002), 1e-9);
  EXPECT_NEAR(search.found[2].surprise, 1, 1e-9);
}

TEST_F(SearchTest, TheFormIsTheSameInAnyOrderOfSiblings) {
  Span(1, 1, 0, "shop", "GET /", 1000, 100);
  Span(1, 2, 1, "cart", "get", 1001, 10);
  Span(1, 3, 1, "ads", "get", 1020, 10);
  Span(2, 7, 0, "shop", "GET /", 1000, 100);
  Span(2, 9, 7, "ads", "get", 1001, 10);
  Span(2, 8, 7, "cart", "get", 1020, 10);
  Span(3, 1, 0, "shop", "GET /", 1000, 100);
  Span(3, 2, 1, "cart", "get", 1001, 10);
  Span(3, 3, 2, "ads", "get", 1002, 5);
  Span(4, 1, 0, "shop", "GET /", 1000, 100);
  Span(4, 2, 1, "cart", "get", 1001, 10);
  Span(4, 3, 1, "cart", "get", 1020, 10);
  Span(5, 1, 0, "shop", "GET /", 1000, 100);
  const TraceSearch search = Run({});
  std::map<uint64_t, uint64_t> form;
  for (const FoundTrace& trace : search.found) form[trace.id.lo] = trace.form;
  EXPECT_EQ(form[1], form[2]);
  EXPECT_NE(form[1], form[3]);
  EXPECT_NE(form[4], form[5]);  // twice is not never
}

TEST_F(SearchTest, OneTraceIsShownAmongAll) {
  for (int i = 1; i <= 200; ++i) Usual(i, 1000 + i);
  TraceSearchOptions options;
  options.show.push_back(model::TraceId::Parse(fmt::format("{:032x}", 200)));
  const TraceSearch search = Run(options);
  ASSERT_TRUE(search.shown);
  ASSERT_EQ(search.shown->spans.size(), 3u);
  EXPECT_EQ(search.shown->spans[0].known, 200u);
  EXPECT_GT(search.shown->spans[0].slower_than, 0.5);
  EXPECT_EQ(search.shown->spans[1].span.parent, 0u);
  EXPECT_EQ(search.names->Text(search.shown->spans[2].span.service), "base");
}

TEST_F(SearchTest, TheSameForAnyNumberOfThreads) {
  for (int i = 1; i <= 3000; ++i) Usual(i, 1000 + (i * 7919) % 997);
  for (int i = 4000; i < 4010; ++i) Span(i, 1, 0, "cron", "tick", 1000, i);
  for (const Order order : {Order::kSlowest, Order::kStrangest}) {
    TraceSearchOptions options;
    options.order = order;
    options.most = 50;
    EXPECT_EQ(Ids(Run(options, 1)), Ids(Run(options, 3)));
  }
}

}  // namespace
}  // namespace plumbago::engine
