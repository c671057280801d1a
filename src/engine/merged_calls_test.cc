#include "engine/merged_calls.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "engine/picked_traces.h"
#include "engine/span_metrics.h"

namespace plumbago::engine {
namespace {

namespace fs = std::filesystem;

// Spans written down as rows of the plain layout.
class MergedCallsTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "merged-" +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
    text_ = "trace,span,parent,side,kind,caller,callee,operation,status,start_ns,duration_ns\n";
  }
  void TearDown() override { fs::remove(path_); }

  struct Marks {
    const char* side = "";
    const char* kind = "";
    const char* caller = "";
    const char* status = "";
  };
  void Span(int trace, int span, int parent, const char* service, const char* operation,
            int64_t start, int64_t duration) {
    Span(trace, span, parent, service, operation, start, duration, Marks());
  }
  void Span(int trace, int span, int parent, const char* service, const char* operation,
            int64_t start, int64_t duration, const Marks& marks) {
    text_ += fmt::format("{:032x},{:x},{},{},{},{},{},{},{},{},{}\n", trace, span,
                         parent == 0 ? "" : fmt::format("{:x}", parent), marks.side, marks.kind,
                         marks.caller, service, operation, marks.status, start, duration);
  }

  ReadOptions Read(unsigned threads) {
    std::ofstream(path_) << text_;
    ReadOptions read;
    read.inputs = {path_};
    read.threads = threads;
    return read;
  }
  std::string Merge(bool critical, unsigned threads = 2) {
    MergedCallsOptions options;
    options.read = Read(threads);
    options.critical = critical;
    auto merged = MergeCalls(options);
    EXPECT_TRUE(merged) << merged.error().Text();
    if (!merged) return "";
    std::string text;
    std::vector<size_t> depth;
    for (const MergedCall& call : merged->nodes) {
      depth.push_back(call.parent == graph::kNone ? 0 : depth[call.parent] + 1);
      text += fmt::format("{}{}/{} {} {}\n", std::string(depth.back(), ' '),
                          merged->names->Text(call.service), merged->names->Text(call.operation),
                          call.time_ns, call.calls);
    }
    return text;
  }

  std::string path_;
  std::string text_;
};

TEST_F(MergedCallsTest, OwnTimeIsWithoutWhatWasWaitedFor) {
  // Two side by side: 10..40 and 30..60 cover 50 of 100.
  Span(1, 1, 0, "shop", "GET /", 0, 100);
  Span(1, 2, 1, "cart", "get", 10, 30);
  Span(1, 3, 1, "base", "query", 30, 30);
  Span(2, 1, 0, "shop", "GET /", 1000, 10);
  EXPECT_EQ(Merge(false),
            "shop/GET / 60 2\n"
            " base/query 30 1\n"
            " cart/get 30 1\n");
  EXPECT_EQ(Merge(false, 1), Merge(false, 3));
}

TEST_F(MergedCallsTest, TheCriticalPathAddsUpToTheRoots) {
  Span(1, 1, 0, "shop", "GET /", 0, 100);
  Span(1, 2, 1, "cart", "get", 10, 30);    // ended when base began to be waited for at 40
  Span(1, 3, 1, "base", "query", 30, 30);  // ends last
  Span(1, 4, 3, "disk", "read", 35, 5);
  // 0..30 shop (cart ends after base begins: not waited for), 30..60 base with disk, 60..100 shop.
  EXPECT_EQ(Merge(true),
            "shop/GET / 70 1\n"
            " base/query 25 1\n"
            "  disk/read 5 1\n");
}

// Own time by counting: a nanosecond belongs to each span that is at work in it while none of its
// children is. Children lie within their parents here, so all are waited for.
TEST_F(MergedCallsTest, OwnTimeIsWhatATwinCounts) {
  std::mt19937 dice(11);
  std::map<std::string, std::pair<int64_t, int64_t>> expected;  // by stack: time, calls
  int64_t roots = 0;
  const char* services[] = {"a", "b", "c"};
  for (int trace = 1; trace <= 60; ++trace) {
    struct Made {
      int parent;
      int64_t start, end;
      std::string stack;
    };
    std::vector<Made> made;
    const int count = 1 + static_cast<int>(dice() % 12);
    for (int i = 0; i < count; ++i) {
      Made one{i == 0 ? -1 : static_cast<int>(dice() % static_cast<unsigned>(i)), 0, 40, ""};
      const std::string service = services[dice() % 3];
      if (i > 0) {
        const Made& above = made[static_cast<size_t>(one.parent)];
        const auto room = static_cast<unsigned>(above.end - above.start + 1);
        one.start = above.start + dice() % room;
        one.end = one.start + dice() % static_cast<unsigned>(above.end - one.start + 1);
        one.stack = above.stack;
      } else {
        one.end = 1 + dice() % 60;
        roots += one.end;
      }
      one.stack += "/" + service;
      Span(trace, i + 1, one.parent + 1, service.c_str(), "x", one.start, one.end - one.start);
      made.push_back(one);
    }
    for (size_t i = 0; i < made.size(); ++i) {
      auto& [time, calls] = expected[made[i].stack];
      ++calls;
      for (int64_t t = made[i].start; t < made[i].end; ++t) {
        bool below = false;
        for (const Made& other : made)
          below |= other.parent == static_cast<int>(i) && other.start <= t && t < other.end;
        time += below ? 0 : 1;
      }
    }
  }
  MergedCallsOptions options;
  options.read = Read(3);
  for (const bool critical : {false, true}) {
    options.critical = critical;
    const auto merged = MergeCalls(options);
    ASSERT_TRUE(merged) << merged.error().Text();
    std::map<std::string, std::pair<int64_t, int64_t>> found;
    std::vector<std::string> stacks;
    int64_t sum = 0;
    for (const MergedCall& call : merged->nodes) {
      stacks.push_back((call.parent == graph::kNone ? "" : stacks[call.parent]) + "/" +
                       std::string(merged->names->Text(call.service)));
      found[stacks.back()] = {call.time_ns, static_cast<int64_t>(call.calls)};
      sum += call.time_ns;
    }
    if (critical) {
      EXPECT_EQ(sum, roots);
    } else {
      EXPECT_EQ(found, expected);
    }
  }
}

TEST_F(MergedCallsTest, AnAsynchronousSpanBeginsAStackOfItsOwnOnThePath) {
  Span(1, 1, 0, "shop", "GET /", 0, 100);
  Span(1, 2, 1, "mail", "send", 50, 10'000'000);  // outlives its parent
  EXPECT_EQ(Merge(true), "(asynchronous)/ 0 0\n mail/send 10000000 1\nshop/GET / 100 1\n");
  EXPECT_EQ(Merge(false), "shop/GET / 100 1\n mail/send 10000000 1\n");
}

TEST_F(MergedCallsTest, TheSlowestArePickedWithAnyNumberOfThreads) {
  for (int i = 1; i <= 300; ++i) {
    Span(i, 1, 0, "shop", "GET /", 1000, 1000 + (i * 37) % 101);
    Span(i, 2, 1, "cart", "get", 1001, 10);
  }
  std::vector<std::pair<int64_t, uint64_t>> order;  // equal ones by id
  for (int i = 1; i <= 300; ++i) order.emplace_back(-(1000 + (i * 37) % 101), i);
  std::sort(order.begin(), order.end());
  std::vector<uint64_t> expected;
  for (size_t i = 0; i < 5; ++i) expected.push_back(order[i].second);
  for (const unsigned threads : {1u, 3u}) {
    PickTracesOptions options;
    options.read = Read(threads);
    options.most = 5;
    const auto picked = PickTraces(options);
    ASSERT_TRUE(picked) << picked.error().Text();
    ASSERT_EQ(picked->traces.size(), 5u);
    std::vector<uint64_t> ids;
    int64_t before = INT64_MAX;
    for (const PickedTrace& trace : picked->traces) {
      EXPECT_LE(trace.duration_ns, before);
      before = trace.duration_ns;
      EXPECT_EQ(trace.spans.size(), 2u);
      ids.push_back(trace.id.lo);
    }
    EXPECT_EQ(picked->traces[0].duration_ns, 1100);
    EXPECT_EQ(ids, expected);
  }
}

TEST_F(MergedCallsTest, EdgesAreAsTempoCallsThem) {
  const auto s = [](int64_t ms) { return ms * 1'000'000; };
  Span(1, 1, 0, "shop", "GET /", 0, s(500), {"server", "http", "", ""});
  Span(1, 2, 1, "cart", "get", s(10), s(150), {"client", "http", "shop", ""});
  Span(1, 3, 2, "cart", "get", s(20), s(100), {"server", "http", "", "error"});
  Span(1, 4, 3, "mysql", "query", s(30), s(50), {"client", "database", "cart", ""});
  Span(1, 5, 1, "bank", "pay", s(200), s(50), {"client", "http", "shop", ""});
  Span(2, 1, 0, "shop", "query", 0, s(10), {"server", "database", "", ""});  // still its user
  Span(3, 1, 0, "", "", 0, s(10), {"server", "", "", ""});
  SpanMetricsOptions options;
  options.read = Read(2);
  const auto measured = MeasureSpans(options);
  ASSERT_TRUE(measured) << measured.error().Text();
  std::string text;
  for (const EdgeMetrics& edge : measured->edges) {
    text += fmt::format("{}>{} {} {} {} {} {}/{} {}/{}\n", measured->names->Text(edge.client),
                        measured->names->Text(edge.server), static_cast<int>(edge.connection),
                        edge.requests, edge.failed, edge.unpaired, edge.client_seconds.count,
                        edge.client_seconds.sum_ns / 1'000'000, edge.server_seconds.count,
                        edge.server_seconds.sum_ns / 1'000'000);
  }
  EXPECT_EQ(text,
            ">shop 1 2 0 0 0/0 2/510\n"       // user, virtual node
            "cart>mysql 3 1 0 0 1/50 1/50\n"  // database
            "shop>bank 1 1 0 0 1/50 0/0\n"    // virtual node
            "shop>cart 0 1 1 0 1/150 1/100\n");
  EXPECT_EQ(measured->spans.size(), 7u);
}

TEST_F(MergedCallsTest, BucketsHoldWhatIsAtMostTheirBound) {
  BucketCounts counts;
  counts.Add(2'000'000, kSpanFirstBucketNs, kSpanBuckets);
  counts.Add(2'000'001, kSpanFirstBucketNs, kSpanBuckets);
  counts.Add(16'384'000'000, kSpanFirstBucketNs, kSpanBuckets);
  counts.Add(16'384'000'001, kSpanFirstBucketNs, kSpanBuckets);
  EXPECT_EQ(counts.counts[0], 1u);
  EXPECT_EQ(counts.counts[1], 1u);
  EXPECT_EQ(counts.counts[13], 1u);
  EXPECT_EQ(counts.counts[14], 1u);
  EXPECT_EQ(counts.sum_ns, 2u * 16'384'000'000 + 4'000'002);
}

TEST_F(MergedCallsTest, LinesBeyondTheBoundAreAddedUp) {
  for (int i = 1; i <= 50; ++i) {
    Span(i, 1, 0, "shop", fmt::format("GET /{:02}", i % 10).c_str(), 0, 100);
  }
  for (int i = 51; i <= 60; ++i) Span(i, 1, 0, "shop", "GET /03", 0, 100);
  SpanMetricsOptions options;
  options.read = Read(2);
  options.most_lines = 3;
  const auto measured = MeasureSpans(options);
  ASSERT_TRUE(measured) << measured.error().Text();
  ASSERT_EQ(measured->spans.size(), 4u);
  EXPECT_EQ(measured->names->Text(measured->spans[2].operation), "GET /03");
  EXPECT_EQ(measured->spans[2].calls, 15u);
  EXPECT_TRUE(measured->spans[3].other);
  EXPECT_EQ(measured->spans[3].calls, 35u);
  EXPECT_EQ(measured->spans_other, 35u);
}

}  // namespace
}  // namespace plumbago::engine
