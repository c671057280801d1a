// Critical paths against a twin that asks for the owner of each nanosecond.
#include "graph/critical_path.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <set>
#include <vector>

#include "graph/testing/span_trees.h"

namespace plumbago::graph {
namespace {

using testing::ListedSpan;
using testing::SpanList;

struct Found {
  SpanWindows windows;
  CriticalPath path;
  explicit Found(const SpanList& list, SpanWindows::Options options = {}) {
    windows.Set(list.spans, options);
    path.Find(windows);
  }
};

// "id start end" of each section.
std::string Text(const SpanList& list, const Found& found, size_t path = 0) {
  std::string text;
  for (const PathSection& section : found.path.sections(found.path.paths()[path])) {
    text += list.ids[section.span] + " " + std::to_string(section.start_ns) + " " +
            std::to_string(section.end_ns) + "; ";
  }
  return text;
}

TEST(CriticalPath, TouchingSiblingsAreOneAfterTheOther) {
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100},
             {"b", "a", "S", "", 10, 40},
             {"z", "a", "S", "", 40, 40},
             {"c", "a", "S", "", 40, 90}},
            list);
  EXPECT_EQ(Text(list, Found(list)), "a 0 10; b 10 40; c 40 90; a 90 100; ");
}

TEST(CriticalPath, WhatEndsInsideTheNextIsNotWaitedFor) {
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100},
             {"b", "a", "S", "", 10, 50},
             {"c", "a", "S", "", 40, 90},
             {"d", "a", "S", "", 5, 20}},
            list);
  EXPECT_EQ(Text(list, Found(list)), "a 0 5; d 5 20; a 20 40; c 40 90; a 90 100; ");
}

TEST(CriticalPath, AConsumerAndAChildThatOutlivesItsParentAreApart) {
  using model::Kind;
  using model::Side;
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100},
             {"p", "a", "S", "", 10, 20, Kind::kMessage, Side::kClient},
             {"q", "p", "T", "", 12, 18, Kind::kMessage, Side::kServer},
             {"o", "a", "S", "", 50, 120},
             {"w", "o", "S", "", 60, 70}},
            list);
  const Found found(list);
  ASSERT_EQ(found.path.paths().size(), 3u);
  EXPECT_EQ(Text(list, found, 0), "a 0 10; p 10 20; a 20 100; ");
  EXPECT_EQ(Text(list, found, 1), "q 12 18; ");
  EXPECT_EQ(Text(list, found, 2), "o 50 60; w 60 70; o 70 120; ");
  EXPECT_TRUE(found.path.paths()[2].asynchronous);
  // As Jaeger-UI and CRISP: cut at the parent's end.
  EXPECT_EQ(Text(list, Found(list, {.clip_outliving = true}), 0),
            "a 0 10; p 10 20; a 20 50; o 50 60; w 60 70; o 70 100; ");
}

TEST(CriticalPath, ClocksMayDifferByALittle) {
  constexpr int64_t kMs = 1'000'000;
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100 * kMs},
             {"b", "a", "T", "", 50 * kMs, 101 * kMs},       // another clock: within 2 ms
             {"c", "a", "S", "", 20 * kMs, 100 * kMs + 1}},  // its own clock
            list);
  Found found(list);
  EXPECT_EQ(found.windows.place(list.at("b")), SpanPlace::kWaited);
  EXPECT_EQ(found.windows.window(list.at("b")).end_ns, 100 * kMs);
  EXPECT_EQ(found.windows.place(list.at("c")), SpanPlace::kAsynchronous);
  found.windows.Set(list.spans, {.tick_ns = kMs});
  EXPECT_EQ(found.windows.place(list.at("c")), SpanPlace::kWaited);
  // The server's half of a call: however late it is flushed.
  list.spans[list.at("b")].duration_ns = 100 * kMs;
  found.windows.Set(list.spans);
  EXPECT_EQ(found.windows.place(list.at("b")), SpanPlace::kAsynchronous);
  for (TraceSpan& span : list.spans) span.call = 0;
  found.windows.Set(list.spans);
  EXPECT_EQ(found.windows.place(list.at("b")), SpanPlace::kWaited);
}

TEST(CriticalPath, AServersHalfIsShiftedIntoItsClients) {
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100},
             {"c", "a", "S", "", 40, 60},
             {"s", "c", "T", "", 2, 16},
             {"w", "s", "T", "", 4, 8}},
            list);
  const auto text = [&](int64_t start, int64_t end) {
    list.spans[list.at("s")].start_ns = start;
    list.spans[list.at("s")].duration_ns = end - start;
    list.spans[list.at("w")].start_ns = start + 2;
    const Found found(list);
    EXPECT_LE(found.windows.shifted(), 1u);
    return Text(list, found);
  };
  // Without a sign that they are one call: before its parent, or after it.
  EXPECT_EQ(text(2, 16), "a 0 40; c 40 60; a 60 100; ");
  list.spans[list.at("c")].call = list.spans[list.at("s")].call = 1;
  EXPECT_EQ(text(2, 16), "a 0 40; s 40 42; w 42 46; s 46 54; c 54 60; a 60 100; ");
  EXPECT_EQ(text(39, 53), "a 0 40; s 40 42; w 42 46; s 46 54; c 54 60; a 60 100; ");
  EXPECT_EQ(text(90, 104), "a 0 40; c 40 46; s 46 48; w 48 52; s 52 60; a 60 100; ");
  // Within, or flushed later: as it is.
  EXPECT_EQ(text(43, 57), "a 0 40; c 40 43; s 43 45; w 45 49; s 49 57; c 57 60; a 60 100; ");
  EXPECT_EQ(text(50, 64), "a 0 40; c 40 50; s 50 52; w 52 56; s 56 60; a 60 100; ");
  // Longer than its client's.
  EXPECT_EQ(text(10, 35), "a 0 40; s 40 42; w 42 46; s 46 60; a 60 100; ");
  EXPECT_EQ(text(90, 115), "a 0 40; s 40 42; w 42 46; s 46 60; a 60 100; ");
  // A consumer is left where it is.
  list.spans[list.at("c")].kind = list.spans[list.at("s")].kind = model::Kind::kMessage;
  list.spans[list.at("c")].side = model::Side::kClient;
  list.spans[list.at("s")].side = model::Side::kServer;
  EXPECT_EQ(text(2, 16), "a 0 40; c 40 60; a 60 100; ");
}

// The definition, for one span and by looking at all children each time.
struct Twin {
  const SpanList& list;
  SpanWindows::Options options;
  std::vector<std::optional<SpanWindow>> windows;  // nothing: not waited for, or below such
  std::vector<uint32_t> roots;

  Twin(const SpanList& spans, SpanWindows::Options o) : list(spans), options(o) {
    windows.resize(list.spans.size());
    for (uint32_t i = 0; i < list.spans.size(); ++i) {
      if (list.spans[i].parent != kNone || !list.spans[i].timed()) continue;
      windows[i] = SpanWindow{list.spans[i].start_ns, list.spans[i].end_ns()};
      roots.push_back(i);
      Clip(i);
    }
    std::sort(roots.begin(), roots.end());
  }

  void Clip(uint32_t parent) {
    const TraceSpan& p = list.spans[parent];
    const SpanWindow w = *windows[parent];
    for (uint32_t c = 0; c < list.spans.size(); ++c) {
      const TraceSpan& s = list.spans[c];
      if (s.parent != parent || !s.timed()) continue;
      const bool message = s.kind == model::Kind::kMessage && s.side == model::Side::kServer;
      bool apart =
          message && ((p.kind == model::Kind::kMessage && p.side == model::Side::kClient) ||
                      p.side == model::Side::kServer || p.service != s.service);
      const int64_t start = std::max(s.start_ns, w.start_ns);
      const int64_t end = std::min(s.end_ns(), w.end_ns);
      // Moments without length may touch; of what has a length, a moment must be inside.
      const bool ended = s.end_ns() < w.start_ns || (s.duration_ns > 0 && s.end_ns() == w.start_ns);
      const bool late = s.start_ns > w.end_ns || (s.duration_ns > 0 && s.start_ns == w.end_ns);
      if (!apart && (ended || (late && options.clip_outliving))) continue;
      apart = apart || late;
      if (!apart && !options.clip_outliving && s.end_ns() > w.end_ns) {
        const int64_t allowed =
            std::max<int64_t>(options.tick_ns, s.service == p.service ? 0 : int64_t{2'000'000});
        apart = s.end_ns() - w.end_ns > std::min(allowed, w.length() / 2);
      }
      if (apart) {
        roots.push_back(c);
        windows[c] = SpanWindow{s.start_ns, s.end_ns()};
      } else {
        windows[c] = SpanWindow{start, end};
      }
      Clip(c);
    }
  }

  bool Waited(uint32_t c) const {
    return windows[c] && std::find(roots.begin(), roots.end(), c) == roots.end();
  }

  // Who is on the path in [t, t + 1).
  uint32_t Owner(uint32_t span, int64_t here, int64_t t) const {
    uint32_t last = kNone;
    for (uint32_t c = 0; c < list.spans.size(); ++c) {
      if (list.spans[c].parent != span || !Waited(c)) continue;
      const SpanWindow& w = *windows[c];
      if (w.length() == 0 || w.end_ns > here) continue;
      if (last == kNone || w.end_ns > windows[last]->end_ns ||
          (w.end_ns == windows[last]->end_ns && w.start_ns < windows[last]->start_ns)) {
        last = c;
      }
    }
    if (last == kNone || t >= windows[last]->end_ns) return span;
    if (t >= windows[last]->start_ns) return Owner(last, windows[last]->end_ns, t);
    return Owner(span, windows[last]->start_ns, t);
  }
};

TEST(CriticalPath, EachNanosecondBelongsToTheSpanThatTheTwinNames) {
  std::mt19937_64 random(3);
  size_t apart = 0, sections = 0;
  for (int round = 0; round < 20000; ++round) {
    SpanList list;
    testing::RandomSpans(random, round % 3 != 0, list);
    SpanWindows::Options options;
    options.clip_outliving = round % 2 == 0;
    options.tick_ns = round % 5;
    const Found found(list, options);
    const Twin twin(list, options);
    ASSERT_EQ(found.path.paths().size(), twin.roots.size()) << round;
    std::vector<int64_t> own(list.spans.size());
    for (size_t p = 0; p < twin.roots.size(); ++p) {
      const CriticalPath::Path& path = found.path.paths()[p];
      ASSERT_EQ(path.root, twin.roots[p]);
      const SpanWindow& whole = found.windows.window(path.root);
      int64_t at = whole.start_ns;
      apart += path.asynchronous;
      for (const PathSection& section : found.path.sections(path)) {
        ++sections;
        ASSERT_EQ(section.start_ns, at);  // a partition
        ASSERT_LT(at, section.end_ns);
        for (; at < section.end_ns; ++at) {
          ASSERT_EQ(section.span, twin.Owner(path.root, whole.end_ns, at)) << round << " " << at;
        }
        own[section.span] += section.length();
        ASSERT_TRUE(found.path.visited(section.span));
      }
      ASSERT_EQ(at, whole.end_ns);
    }
    for (uint32_t i = 0; i < own.size(); ++i) ASSERT_EQ(found.path.own_ns(i), own[i]);
  }
  EXPECT_GT(apart, 1000u);
  EXPECT_GT(sections, 50'000u);
}

TEST(CriticalPath, AMillionInAChainOrOneAfterTheOtherOrSideBySide) {
  constexpr uint32_t kMany = 1'000'000;
  for (int shape = 0; shape < 3; ++shape) {
    SpanList list;
    list.spans.resize(kMany);
    for (uint32_t i = 0; i < kMany; ++i) {
      TraceSpan& span = list.spans[i];
      span.parent = i == 0 ? kNone : shape == 0 ? i - 1 : 0;
      span.subtree_end = shape == 0 || i == 0 ? kMany : i + 1;
      span.start_ns = shape == 2 && i > 0 ? i % 7 + i / 2 : i;
      span.duration_ns = shape == 0 || i == 0 ? 2 * kMany - 2 * int64_t{i} + 2
                         : shape == 1         ? 1
                                              : kMany - i / 2;
    }
    const Found found(list);
    int64_t at = 0;
    for (const PathSection& section : found.path.sections(found.path.paths()[0])) {
      ASSERT_EQ(section.start_ns, at);
      at = section.end_ns;
    }
    EXPECT_EQ(at, list.spans[0].end_ns());
  }
}

}  // namespace
}  // namespace plumbago::graph
