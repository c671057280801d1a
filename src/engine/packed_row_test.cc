#include "engine/packed_row.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "engine/partitions.h"
#include "engine/trace_groups.h"

namespace plumbago::engine {
namespace {

using model::Call;

Call FullCall() {
  Call call;
  call.trace = model::TraceId::Parse("0a0b0c1d15919238193454000e5d37");
  call.span = 11;
  call.parent_span = 7;
  call.start_ns = 1591923819345'000'000;
  call.duration_ns = 3'000'000;
  call.caller = Id<model::ServiceId>(5);
  call.callee = Id<model::ServiceId>(6);
  call.operation = Id<model::OperationId>(70000);
  call.entry = Id<model::OperationId>(9);
  call.caller_instance = Id<model::InstanceId>(1);
  call.callee_instance = Id<model::InstanceId>(0xFFFFFFFF);
  call.origin = {12, 345678};
  call.kind = model::Kind::kOther;
  call.side = model::Side::kServer;
  call.status = model::Status::kError;
  call.from_user = true;
  call.from_store = true;
  call.weight = 2.5f;
  return call;
}

void ExpectSame(const Call& a, const Call& b) {
  EXPECT_EQ(a.trace, b.trace);
  EXPECT_EQ(a.span, b.span);
  EXPECT_EQ(a.parent_span, b.parent_span);
  EXPECT_EQ(a.start_ns, b.start_ns);
  EXPECT_EQ(a.duration_ns, b.duration_ns);
  EXPECT_EQ(a.caller, b.caller);
  EXPECT_EQ(a.callee, b.callee);
  EXPECT_EQ(a.operation, b.operation);
  EXPECT_EQ(a.entry, b.entry);
  EXPECT_EQ(a.caller_instance, b.caller_instance);
  EXPECT_EQ(a.callee_instance, b.callee_instance);
  EXPECT_EQ(a.origin, b.origin);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.side, b.side);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.from_user, b.from_user);
  EXPECT_EQ(a.from_store, b.from_store);
  EXPECT_EQ(a.weight, b.weight);
}

TEST(PackedRow, ComesBackWhole) {
  std::string path;
  model::EncodePath("0.1.3343209175.12", path);
  Call bare;
  bare.trace = model::TraceId::Parse("T_5");
  for (const Call& call : {FullCall(), bare}) {
    char packed[kPackedMost];
    const size_t size = PackRow(call, path, packed);
    ASSERT_LE(size, kPackedMost);
    EXPECT_EQ(PackedSize(packed), size);
    EXPECT_EQ(PackedTrace(packed), call.trace);
    Call back;
    model::PathView back_path;
    EXPECT_EQ(UnpackRow(packed, back, back_path), size);
    ExpectSame(back, call);
    EXPECT_EQ(back_path, path);
  }
}

TEST(PackedRow, AttributesAreTheLast) {
  for (const size_t count : {size_t{1}, model::kMostAttributes}) {
    std::vector<model::AttributeId> attributes;
    for (uint32_t i = 0; i < count; ++i) attributes.push_back(Id<model::AttributeId>(7 * i + 1));
    Call call = FullCall();
    call.attributes = static_cast<uint8_t>(count);
    char packed[kPackedMost];
    const std::string path(model::kMaxPathBytes, 'x');
    const size_t size = PackRow(call, path, packed, attributes.data());
    ASSERT_LE(size, kPackedMost);
    EXPECT_EQ(PackedSize(packed), size);
    Call back;
    model::PathView back_path;
    EXPECT_EQ(UnpackRow(packed, back, back_path), size);
    ExpectSame(back, call);
    ASSERT_EQ(back.attributes, count);
    const size_t bytes = count * sizeof attributes[0];
    EXPECT_EQ(std::memcmp(packed + size - bytes, attributes.data(), bytes), 0);
  }
}

TEST(PackedRow, IsSmallWithoutTheOptionalParts) {
  char packed[kPackedMost];
  EXPECT_EQ(PackRow(Call{}, model::PathView("\0\1\3", 3), packed), kPackedFixed + 3);
}

TEST(TraceGroups, GivesEveryRowToItsTrace) {
  const MemoryPlan plan = PlanMemory(kLeastBudget, 2);
  PartitionWriter first(plan, nullptr);
  PartitionWriter second(plan, nullptr);
  constexpr uint32_t kTraces = 5000;
  constexpr uint32_t kRows = 7;
  for (uint32_t row = 0; row < kRows; ++row) {
    model::CallBatch batch;
    for (uint32_t trace = 0; trace < kTraces; ++trace) {
      Call call;
      call.trace = model::TraceId::Parse("T_" + std::to_string(trace));
      call.origin.line = row;
      batch.SetPath(call, "0." + std::to_string(row));
      batch.calls.push_back(call);
    }
    (row % 2 ? first : second).Accept(batch);
  }
  EXPECT_EQ(first.rows() + second.rows(), uint64_t{kTraces} * kRows);

  TraceGroups groups;
  size_t traces = 0;
  for (size_t p = 0; p < kPartitions; ++p) {
    RowPieces pieces;
    first.Collect(p, pieces);
    second.Collect(p, pieces);
    groups.Load(pieces.resident);
    traces += groups.traces();
    for (size_t i = 0; i < groups.traces(); ++i) {
      ASSERT_EQ(groups.rows(i).size(), kRows);
      uint32_t seen = 0;
      for (const char* packed : groups.rows(i)) {
        Call call;
        model::PathView path;
        UnpackRow(packed, call, path);
        EXPECT_EQ(call.trace, groups.trace(i));
        EXPECT_EQ(model::PathText(path), "0." + std::to_string(call.origin.line));
        seen |= 1u << call.origin.line;
      }
      EXPECT_EQ(seen, (1u << kRows) - 1);
    }
  }
  EXPECT_EQ(traces, kTraces);
}

}  // namespace
}  // namespace plumbago::engine
