#include "graph/span_pattern.h"

#include <gtest/gtest.h>

#include <random>

namespace plumbago::graph {
namespace {

// Services of spans in preorder, and their parents.
class Trace {
 public:
  Trace& Add(const char* service, const char* operation, uint32_t parent) {
    TraceSpan span;
    span.service = names.Service(service);
    span.operation = names.Operation(operation);
    span.parent = parent;
    spans.push_back(span);
    return *this;
  }
  bool Holds(const std::string& text) {
    const auto pattern = SpanPattern::Parse(text);
    EXPECT_TRUE(pattern) << text;
    return pattern && pattern->Match(spans, names, scratch);
  }
  model::Names names;
  std::vector<TraceSpan> spans;
  std::vector<uint64_t> scratch;
};

void Shop(Trace& trace) {
  trace.Add("front end", "GET /cart", kNone)
      .Add("cart", "get", 0)
      .Add("mysql", "SELECT", 1)
      .Add("ads", "get", 0);
}

TEST(SpanPattern, DirectlyAndAnywhereBelow) {
  Trace trace;
  Shop(trace);
  EXPECT_TRUE(trace.Holds("cart > mysql"));
  EXPECT_TRUE(trace.Holds("front end >> mysql"));
  EXPECT_FALSE(trace.Holds("front end > mysql"));
  EXPECT_FALSE(trace.Holds("ads >> mysql"));
  EXPECT_FALSE(trace.Holds("mysql >> cart"));
  EXPECT_TRUE(trace.Holds("\"front end\" > cart > mysql"));
  EXPECT_TRUE(trace.Holds("* > * > mysql"));
  EXPECT_FALSE(trace.Holds("* > * > * > mysql"));
}

TEST(SpanPattern, Operations) {
  Trace trace;
  Shop(trace);
  EXPECT_TRUE(trace.Holds("front end/GET /cart >> */SELECT"));
  EXPECT_TRUE(trace.Holds("\"front end\"/\"GET /cart\""));
  EXPECT_FALSE(trace.Holds("front end/POST /cart"));
}

TEST(SpanPattern, BothSides) {
  Trace trace;
  Shop(trace);
  EXPECT_TRUE(trace.Holds("cart && ads"));
  EXPECT_TRUE(trace.Holds("cart > mysql && front end > ads"));
  EXPECT_FALSE(trace.Holds("cart && redis"));
}

TEST(SpanPattern, WhatIsWrongIsSaid) {
  for (const char* text : {"", "A >", "> A", "A > > B", "A & B", "\"A", "A //"}) {
    const auto pattern = SpanPattern::Parse(text);
    if (std::string_view(text) == "A //") continue;  // an operation "/"
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().kind, ErrorKind::kUsage);
  }
}

// By trying every assignment of terms to spans.
bool Naive(const std::vector<std::pair<int, bool>>& chain, size_t term,
           std::span<const TraceSpan> spans, const std::vector<int>& services, uint32_t above) {
  if (term == chain.size()) return true;
  for (uint32_t i = 0; i < spans.size(); ++i) {
    if (services[i] != chain[term].first) continue;
    bool fits = term == 0;
    for (uint32_t up = spans[i].parent; !fits && up != kNone; up = spans[up].parent) {
      fits = up == above;
      if (!chain[term].second) break;
    }
    if (fits && Naive(chain, term + 1, spans, services, i)) return true;
  }
  return false;
}

TEST(SpanPattern, AsTryingEverything) {
  std::mt19937 engine(1);
  const auto random = [&] { return static_cast<uint32_t>(engine()); };
  int held = 0;
  for (int round = 0; round < 800; ++round) {
    Trace trace;
    std::vector<int> services;
    const uint32_t size = 1 + random() % 9;
    // Preorder: the parent is on the path of the span before.
    for (uint32_t i = 0; i < size; ++i) {
      uint32_t parent = kNone;
      if (i > 0) {
        parent = i - 1;
        for (unsigned up = random() % 3; up > 0 && trace.spans[parent].parent != kNone; --up)
          parent = trace.spans[parent].parent;
      }
      services.push_back(static_cast<int>(random() % 3));
      trace.Add(std::string(1, static_cast<char>('A' + services.back())).c_str(), "", parent);
    }
    std::vector<std::pair<int, bool>> chain;
    std::string text;
    for (size_t t = 1 + random() % 4; t > 0; --t) {
      const bool below = random() % 2 == 0;
      if (!chain.empty()) text += below ? " >> " : " > ";
      chain.emplace_back(static_cast<int>(random() % 3), below);
      text += static_cast<char>('A' + chain.back().first);
    }
    const bool expected = Naive(chain, 0, trace.spans, services, kNone);
    held += expected;
    ASSERT_EQ(trace.Holds(text), expected) << text << " round " << round;
  }
  EXPECT_GT(held, 130);
  EXPECT_LT(held, 670);
}

}  // namespace
}  // namespace plumbago::graph
