#include "engine/saved_head.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace plumbago::engine {
namespace {

SavedHead SomeHead() {
  SavedHead head;
  head.mode = graph::RepairMode::kPartial;
  head.analyses = {"scale", "shape"};
  head.first_ns = -5;
  head.last_ns = 1'591'923'600'000'000'000;
  head.tick_ns = 1'000;
  head.sides_marked = true;
  head.interrupted = true;
  head.files = {{"a.csv", "alibaba-2021", 12}, {"b.tar.gz/x.csv", "", 0}};
  head.skipped = {"readme.txt: in no known format"};
  head.damage.Add(model::Damage::kMalformed, 3);
  head.completeness.whole.traces = 7;
  head.completeness.window.late.Add(99);
  return head;
}

std::string Bytes(const SavedHead& head) {
  std::string bytes;
  head.Save(bytes);
  return bytes;
}

TEST(SavedHead, ComesBackAsItWas) {
  const std::string bytes = Bytes(SomeHead());
  statistics::StateReader in(bytes);
  SavedHead head;
  head.files = {{"old", "", 1}};
  ASSERT_TRUE(head.Load(in));
  EXPECT_EQ(Bytes(head), bytes);
  EXPECT_EQ(head.mode, graph::RepairMode::kPartial);
  EXPECT_EQ(head.analyses, SomeHead().analyses);
  EXPECT_EQ(head.files, SomeHead().files);
  EXPECT_EQ(head.first_ns, -5);
  EXPECT_EQ(head.tick_ns, 1'000);
  EXPECT_TRUE(head.sides_marked);
  EXPECT_TRUE(head.interrupted);
  EXPECT_EQ(head.damage.Count(model::Damage::kMalformed), 3u);
  EXPECT_EQ(head.completeness.window.late.Before(100), 1u);
}

TEST(SavedHead, RefusesWhatItDidNotWrite) {
  const std::string bytes = Bytes(SomeHead());
  const auto loads = [](std::string_view some) {
    statistics::StateReader in(some);
    SavedHead head;
    return head.Load(in);
  };
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(loads(bytes.substr(0, size)));
  EXPECT_FALSE(loads(bytes + "x"));
  SavedHead head = SomeHead();
  std::swap(head.files[0], head.files[1]);
  EXPECT_FALSE(loads(Bytes(head))) << "files out of order";
}

}  // namespace
}  // namespace plumbago::engine
