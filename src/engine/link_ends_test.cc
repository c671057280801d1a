#include "engine/link_ends.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "engine/link_rows.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::Side;
using model::SpanLink;
using model::TraceId;

TraceId Trace(uint64_t number) { return {0, number, model::TraceForm::kHex32}; }

struct Rows {
  std::deque<Call> calls;
  std::deque<LinkPath> paths;
  std::vector<graph::Row> rows;

  Call& Add(uint64_t span, uint32_t service, int64_t start, int64_t duration) {
    Call& call = calls.emplace_back();
    call.span = span;
    call.callee = Id<model::ServiceId>(service);
    call.start_ns = start;
    call.duration_ns = duration;
    rows.push_back({&call, {}});
    return call;
  }
  void Add(const SpanLink& link) {
    Call& call = calls.emplace_back();
    LinkToRow(link, call, paths.emplace_back());
    rows.push_back({&call, {paths.back().data(), paths.back().size()}});
  }
};

SpanLink Link(uint64_t from_trace, uint64_t from_span, uint64_t target_span, int64_t start) {
  SpanLink link;
  link.target = Trace(1);
  link.target_span = target_span;
  link.from = Trace(from_trace);
  link.from_span = from_span;
  link.start_ns = start;
  link.service = Id<model::ServiceId>(9);
  link.operation = Id<model::OperationId>(4);
  return link;
}

TEST(LinkRows, ALinkComesBack) {
  SpanLink link = Link(7, 8, 9, 10);
  link.instance = Id<model::InstanceId>(3);
  link.origin = {4, 5};
  link.repeats_parent = true;
  Call call;
  LinkPath path;
  LinkToRow(link, call, path);
  EXPECT_EQ(call.side, kLinkSide);
  SpanLink back;
  ASSERT_TRUE(RowToLink(call, {path.data(), path.size()}, back));
  EXPECT_EQ(back.target, link.target);
  EXPECT_EQ(back.target_span, 9u);
  EXPECT_EQ(back.from, link.from);
  EXPECT_EQ(back.from_span, 8u);
  EXPECT_EQ(back.start_ns, 10);
  EXPECT_EQ(back.service, link.service);
  EXPECT_EQ(back.operation, link.operation);
  EXPECT_EQ(back.instance, link.instance);
  EXPECT_EQ(back.origin, link.origin);
  EXPECT_TRUE(back.repeats_parent);
  EXPECT_FALSE(RowToLink(call, {path.data(), path.size() - 1}, back));
  path[16] = 4;  // no form of a trace id
  EXPECT_FALSE(RowToLink(call, {path.data(), path.size()}, back));
}

TEST(LinkEnds, FindsTheSpanThatIsNamed) {
  Rows rows;
  rows.Add(5, 2, 100, 10);
  Call& client = rows.Add(5, 3, 105, 15);  // the other half of the same id, and later
  client.side = Side::kClient;
  client.caller = Id<model::ServiceId>(6);
  Rows links;
  links.Add(Link(2, 1, 5, 150));
  links.Add(Link(1, 3, 5, 151));  // from the trace itself
  links.Add(Link(2, 1, 44, 150));
  LinkEnds ends;
  const graph::TraceLinks found = ends.Find(Trace(1), rows.rows, links.rows);
  EXPECT_TRUE(found.trace_here);
  ASSERT_EQ(found.links.size(), 3u);
  EXPECT_TRUE(found.links[0].same_trace);
  EXPECT_FALSE(found.links[1].same_trace);
  EXPECT_EQ(found.links[1].target_service, Id<model::ServiceId>(6));  // the client's: who sent
  EXPECT_EQ(found.links[1].target.end_ns(), 120);
  EXPECT_EQ(found.links[1].from_start_ns, 150);
  EXPECT_EQ(found.links[1].from_trace_hash, Trace(2).Hash());
  EXPECT_FALSE(found.links[2].found);
  EXPECT_FALSE(ends.Find(Trace(1), {}, links.rows).trace_here);
}

TEST(LinkEnds, CopiesAreOneAndTheOrderDoesNotMatter) {
  std::mt19937_64 random(1);
  Rows rows, links;
  for (uint64_t i = 0; i < 200; ++i) {
    rows.Add(1 + random() % 20, static_cast<uint32_t>(random() % 3), 100,
             static_cast<int64_t>(random() % 3));
    links.Add(Link(2 + random() % 3, random() % 3, random() % 25,
                   random() % 5 == 0 ? model::kNoTime : static_cast<int64_t>(random() % 4)));
  }
  const auto text = [](const graph::TraceLinks& found) {
    std::string all;
    for (const graph::TraceLink& link : found.links) {
      for (const uint64_t value :
           {link.from_trace_hash, static_cast<uint64_t>(link.from_start_ns), uint64_t{link.found},
            uint64_t{Index(link.target_service)}, static_cast<uint64_t>(link.target.duration_ns)}) {
        all += std::to_string(value) + " ";
      }
      all += "\n";
    }
    return all;
  };
  LinkEnds ends;
  const std::string first = text(ends.Find(Trace(1), rows.rows, links.rows));
  std::vector<std::array<uint64_t, 3>> drawn;
  for (const graph::Row& row : links.rows) {
    SpanLink link;
    ASSERT_TRUE(RowToLink(*row.call, row.path, link));
    drawn.push_back({link.from.lo, link.from_span, link.target_span});
  }
  std::sort(drawn.begin(), drawn.end());
  drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
  EXPECT_LT(drawn.size(), links.rows.size());
  EXPECT_EQ(static_cast<size_t>(std::count(first.begin(), first.end(), '\n')), drawn.size());
  for (int i = 0; i < 20; ++i) {
    std::shuffle(rows.rows.begin(), rows.rows.end(), random);
    std::shuffle(links.rows.begin(), links.rows.end(), random);
    EXPECT_EQ(text(ends.Find(Trace(1), rows.rows, links.rows)), first);
  }
}

}  // namespace
}  // namespace plumbago::engine
