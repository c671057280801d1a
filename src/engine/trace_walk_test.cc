#include "engine/trace_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/test_files.h"
#include "formats/format.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::TraceId;

// Each trace's rows as text, sorted: what a walk must give whatever the plan.
using Seen = std::map<std::string, std::vector<std::string>>;

class Recorder final : public TraceVisitor {
 public:
  void Visit(const TraceId& trace, std::span<const graph::Row> rows) override {
    std::vector<std::string>& seen = traces[trace.Text()];
    EXPECT_TRUE(seen.empty()) << "trace twice: " << trace.Text();
    for (const graph::Row& row : rows) {
      EXPECT_EQ(row.call->trace, trace);
      seen.push_back(fmt::format("{} {} {}", row.call->origin.line, model::PathText(row.path),
                                 Index(row.call->callee)));
    }
    std::sort(seen.begin(), seen.end());
  }
  void Release() override { ++releases; }
  Result<void> EndPartition(size_t partition) override {
    ended.push_back(partition);
    if (partition == fail_at) return Fail(ErrorKind::kResource, "no room for states");
    return {};
  }

  Seen traces;
  std::vector<size_t> ended;
  int releases = 0;
  size_t fail_at = kPartitions;
};

// Rows of `sizes.size()` traces, trace i with sizes[i] rows, dealt to writers by turns.
ReadRows MakeRows(const MemoryPlan& plan, const std::string& folder,
                  const std::vector<uint32_t>& sizes) {
  ReadRows rows;
  rows.plan = plan;
  rows.spill = std::make_shared<SpillFile>(folder);
  for (unsigned i = 0; i < plan.threads; ++i) {
    rows.writers.push_back(std::make_unique<PartitionWriter>(plan, rows.spill));
  }
  const uint32_t most = *std::max_element(sizes.begin(), sizes.end());
  model::CallBatch batch;
  uint32_t line = 0;
  size_t turn = 0;
  const auto give = [&] {
    rows.writers[turn++ % plan.threads]->Accept(batch);
    batch.Clear();
  };
  for (uint32_t row = 0; row < most; ++row) {
    for (size_t trace = 0; trace < sizes.size(); ++trace) {
      if (row >= sizes[trace]) continue;
      Call call;
      call.trace = TraceId::Parse("T_" + std::to_string(trace));
      call.origin.line = line++;
      call.callee = Id<model::ServiceId>(row % 5);
      batch.SetPath(call, "0." + std::to_string(row));
      batch.calls.push_back(call);
      if (batch.calls.size() == 200) give();
    }
  }
  give();
  for (const auto& writer : rows.writers) EXPECT_TRUE(writer->status());
  return rows;
}

struct Walked {
  Seen traces;
  std::vector<size_t> ended;
  int releases = 0;
};
Walked Walk(ReadRows& rows) {
  std::vector<Recorder> recorders(rows.plan.threads);
  std::vector<TraceVisitor*> visitors;
  for (Recorder& recorder : recorders) visitors.push_back(&recorder);
  const Result<bool> all = WalkTraces(rows, visitors, false);
  EXPECT_TRUE(all) << all.error().Text();
  Walked walked;
  for (Recorder& recorder : recorders) {
    EXPECT_TRUE(std::is_sorted(recorder.ended.begin(), recorder.ended.end()));
    walked.traces.merge(recorder.traces);
    EXPECT_TRUE(recorder.traces.empty()) << "a trace on two threads";
    walked.ended.insert(walked.ended.end(), recorder.ended.begin(), recorder.ended.end());
    walked.releases += recorder.releases;
  }
  std::sort(walked.ended.begin(), walked.ended.end());
  return walked;
}

MemoryPlan Ample(unsigned threads) { return PlanMemory(4ull << 30, threads); }

std::vector<uint32_t> ManyTraces(uint32_t count = 20'000) {
  std::vector<uint32_t> sizes;
  for (uint32_t i = 0; i < count; ++i) sizes.push_back(1 + i % 13);
  return sizes;
}

class TraceWalk : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(TraceWalk, GivesEveryTraceOnceAndEndsEveryPartition) {
  const std::vector<uint32_t> sizes = ManyTraces();
  ReadRows rows = MakeRows(Ample(2), folder_.path(), sizes);
  const Walked walked = Walk(rows);
  ASSERT_EQ(walked.traces.size(), sizes.size());
  for (size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(walked.traces.at("T_" + std::to_string(i)).size(), sizes[i]);
  }
  ASSERT_EQ(walked.ended.size(), kPartitions);
  for (size_t i = 0; i < kPartitions; ++i) EXPECT_EQ(walked.ended[i], i);
  EXPECT_EQ(rows.spill->bytes(), 0u) << "what fits stays in memory";
}

TEST_F(TraceWalk, SpilledRowsAreTheSame) {
  const std::vector<uint32_t> sizes = ManyTraces(60'000);  // 25 MB
  ReadRows ample = MakeRows(Ample(1), folder_.path(), sizes);
  const Seen expected = Walk(ample).traces;
  for (const unsigned threads : {1u, 3u}) {
    MemoryPlan plan = Ample(threads);
    plan.chunk_bytes = 4096;
    plan.resident_rows = threads * (5u << 20);
    ReadRows rows = MakeRows(plan, folder_.path(), sizes);
    ASSERT_GT(rows.spill->bytes(), 1u << 20);
    for (const auto& writer : rows.writers) {
      EXPECT_LE(writer->resident_bytes(), plan.resident_rows / threads);
    }
    EXPECT_EQ(Walk(rows).traces, expected);
  }
}

TEST_F(TraceWalk, SplitPartitionsAreTheSame) {
  const std::vector<uint32_t> sizes = ManyTraces();
  ReadRows ample = MakeRows(Ample(1), folder_.path(), sizes);
  const Seen expected = Walk(ample).traces;
  // 140,000 rows of 60 bytes: 33 KB a partition, so one, two and three splits; resident and
  // spilled.
  for (const size_t partition : {20'000u, 1'500u, 700u}) {
    for (const bool spilled : {false, true}) {
      MemoryPlan plan = Ample(2);
      plan.partition = partition;
      if (spilled) {
        plan.chunk_bytes = 4096;
        plan.resident_rows = 10u << 20;
      }
      ReadRows rows = MakeRows(plan, folder_.path(), sizes);
      const Walked walked = Walk(rows);
      EXPECT_EQ(walked.traces, expected) << partition;
      EXPECT_EQ(walked.ended.size(), kPartitions);
      EXPECT_EQ(rows.damage.Count(model::Damage::kTooLargeTrace), 0u);
    }
  }
}

// One of 30,000 rows, one of 3,000 and small ones.
std::vector<uint32_t> WithGiants() {
  std::vector<uint32_t> sizes(500, 4);
  sizes[77] = 30'000;
  sizes[401] = 3'000;
  return sizes;
}

TEST_F(TraceWalk, TooLargeTraceIsCountedAndNamedAndTheRestGoesOn) {
  for (const bool split : {false, true}) {
    for (const unsigned threads : {1u, 2u}) {
      MemoryPlan plan = Ample(threads);
      plan.largest_trace = 10'000 * kWorkingBytesPerRow;
      plan.large_trace = 2'000 * kWorkingBytesPerRow;
      if (split) plan.partition = 1000;
      ReadRows rows = MakeRows(plan, folder_.path(), WithGiants());
      const Walked walked = Walk(rows);
      EXPECT_EQ(walked.traces.size(), 499u);
      EXPECT_EQ(walked.traces.count("T_77"), 0u);
      EXPECT_EQ(walked.traces.at("T_401").size(), 3'000u);
      EXPECT_EQ(walked.releases, 1) << "after the large one";
      EXPECT_EQ(rows.rows_left_out, 30'000u);
      EXPECT_EQ(rows.damage.Count(model::Damage::kTooLargeTrace), 1u);
      const model::Example* first = rows.damage.First(model::Damage::kTooLargeTrace);
      ASSERT_NE(first, nullptr);
      EXPECT_EQ(first->origin.line, 77u);
      EXPECT_NE(first->text.find("T_77 has 30000 rows"), std::string::npos) << first->text;
    }
  }
}

TEST_F(TraceWalk, TranslatesNames) {
  ReadRows rows = MakeRows(Ample(1), folder_.path(), {5});
  rows.ranks.services = {0, 40, 30, 20, 10};
  rows.ranks.operations = {0};
  rows.ranks.instances = {0};
  EXPECT_EQ(Walk(rows).traces.at("T_0"),
            (std::vector<std::string>{"0 0.0 0", "1 0.1 40", "2 0.2 30", "3 0.3 20", "4 0.4 10"}));
}

TEST_F(TraceWalk, AVisitorsErrorEndsTheWalk) {
  ReadRows rows = MakeRows(Ample(2), folder_.path(), ManyTraces());
  std::vector<Recorder> recorders(2);
  for (Recorder& recorder : recorders) recorder.fail_at = 100;
  TraceVisitor* visitors[] = {&recorders[0], &recorders[1]};
  const Result<bool> walked = WalkTraces(rows, visitors, false);
  ASSERT_FALSE(walked);
  EXPECT_EQ(walked.error().message, "no room for states");
  EXPECT_LT(recorders[0].ended.size() + recorders[1].ended.size(), kPartitions);
}

TEST_F(TraceWalk, AFullDiskIsAnError) {
  MemoryPlan plan = Ample(1);
  plan.chunk_bytes = 4096;
  plan.resident_rows = 3u << 20;
  PartitionWriter writer(plan, std::make_shared<SpillFile>(folder_.Path("gone")));
  model::CallBatch batch;
  for (int i = 0; i < 200'000; ++i) {
    Call call;
    call.trace = TraceId::Parse("T_" + std::to_string(i));
    batch.calls.push_back(call);
  }
  writer.Accept(batch);
  ASSERT_FALSE(writer.status());
  EXPECT_EQ(writer.status().error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace plumbago::engine
