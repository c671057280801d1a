#include "engine/trace_hashes.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace plumbago::engine {
namespace {

model::TraceId Trace(uint64_t number) {
  return model::TraceId::Parse("T_" + std::to_string(number));
}

ClosedTraces Closed(std::initializer_list<uint64_t> numbers) {
  ClosedTraces closed;
  for (const uint64_t number : numbers) closed.Add(Trace(number));
  closed.Freeze();
  return closed;
}

OpenTraces Open(std::initializer_list<uint64_t> numbers) {
  OpenTraces open;
  for (const uint64_t number : numbers) open.Add(Trace(number));
  open.Freeze();
  return open;
}

TEST(ClosedTraces, CountHowOftenEachWasClosed) {
  ClosedTraces all = Closed({1, 2, 3});
  all.Merge(Closed({2, 4}));
  all.Merge(Closed({2}));
  size_t traces = 0;
  all.runs().ForEach([&](const ClosedRecord& record) {
    ++traces;
    EXPECT_EQ(record.times, record.hash == Trace(2).Hash() ? 3u : 1u);
  });
  EXPECT_EQ(traces, 4u);
}

TEST(ClosedTraces, KeyIsTheHash) {
  ClosedRecord record;
  record.set_key({0xFEDCBA98u, 0x76543210u});
  EXPECT_EQ(record.hash, 0xFEDCBA9876543210u);
  EXPECT_EQ(record.key(), (std::array<uint32_t, 2>{0xFEDCBA98u, 0x76543210u}));
}

TEST(ClosedTraces, GoToDiskAndBack) {
  const auto spill = std::make_shared<SpillFile>();
  ClosedTraces all;
  for (uint64_t i = 0; i < 1000; ++i) {
    all.Add(Trace(i));
    if (i % 100 == 99) {
      ASSERT_TRUE(all.Spill(spill));
    }
  }
  EXPECT_EQ(all.allocated(), 0u);
  EXPECT_GT(spill->bytes(), 0u);
  EXPECT_LT(spill->bytes(), 12'000u) << "about 9 bytes a trace";
  size_t traces = 0;
  all.runs().ForEach([&](const ClosedRecord&) { ++traces; });
  EXPECT_EQ(traces, 1000u);
}

TEST(OpenTraces, TellNothingWhereAllIsWell) {
  EXPECT_EQ(Open({5, 6}).ClosedTooEarly(Closed({1, 2})).traces, 0u);
  EXPECT_EQ(Open({}).ClosedTooEarly(Closed({})).traces, 0u);
  EXPECT_EQ(Open({1}).ClosedTooEarly(Closed({})).traces, 0u);
}

TEST(OpenTraces, TellWhatIsClosedAndOpen) {
  const OpenTraces::TooEarly found = Open({9, 2, 5}).ClosedTooEarly(Closed({1, 2, 3}));
  EXPECT_EQ(found.traces, 1u);
  EXPECT_EQ(found.example, "trace T_2, closed in one state and open in another");
}

TEST(OpenTraces, TellWhatWasClosedTwice) {
  ClosedTraces closed = Closed({1, 2, 3});
  closed.Merge(Closed({3, 2}));
  EXPECT_EQ(Open({}).ClosedTooEarly(closed).traces, 2u);
  EXPECT_NE(Open({}).ClosedTooEarly(closed).example.find("closed in 2 states"), std::string::npos);
  // One that can be named is the better example, and is not counted twice.
  const OpenTraces::TooEarly found = Open({3}).ClosedTooEarly(closed);
  EXPECT_EQ(found.traces, 2u);
  EXPECT_EQ(found.example, "trace T_3, closed in one state and open in another");
}

TEST(OpenTraces, MergeInAnyOrder) {
  const ClosedTraces closed = Closed({1, 4, 7});
  OpenTraces ab = Open({4, 8}), ba = Open({7});
  ab.Merge(Open({7}));
  ba.Merge(Open({4, 8}));
  ab.Freeze();
  ba.Freeze();
  EXPECT_EQ(ab.size(), 3u);
  EXPECT_EQ(ab.ClosedTooEarly(closed).traces, 2u);
  EXPECT_EQ(ab.ClosedTooEarly(closed).example, ba.ClosedTooEarly(closed).example);
}

}  // namespace
}  // namespace plumbago::engine
