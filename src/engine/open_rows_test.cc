#include "engine/open_rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "engine/places.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::TraceId;

constexpr int64_t kMs = 1'000'000;

std::string Text(const Call& call, model::PathView path) {
  return fmt::format("{} {} {}+{} {}>{} {} {} {} {} {} {} user {} {} {} {}#{} {} {}",
                     call.trace.Text(), model::PathText(path), call.start_ns, call.duration_ns,
                     Index(call.caller), Index(call.callee), Index(call.operation),
                     Index(call.entry), Index(call.caller_instance), Index(call.callee_instance),
                     static_cast<int>(call.kind), static_cast<int>(call.side), call.from_user,
                     static_cast<int>(call.status), call.span, call.parent_span, call.weight,
                     call.origin.block, call.origin.line);
}

class Sink final : public formats::BatchSink {
 public:
  void Accept(model::CallBatch& batch) override {
    for (const Call& call : batch.calls) rows.push_back(Text(call, batch.Path(call)));
  }
  std::vector<std::string> rows;
};

struct Rows {
  std::deque<Call> calls;
  std::deque<std::string> paths;
  std::vector<graph::Row> rows;

  Call& Add(const std::string& path, int64_t start_ns) {
    Call& call = calls.emplace_back();
    call.start_ns = start_ns;
    if (!path.empty()) model::EncodePath(path, paths.emplace_back());
    rows.push_back({&call, path.empty() ? model::PathView() : model::PathView(paths.back())});
    return call;
  }
};

statistics::IdMaps Identity(uint32_t most) {
  statistics::IdMaps maps;
  for (auto& map : maps.of) {
    for (uint32_t id = 0; id <= most; ++id) map.push_back(id);
  }
  return maps;
}

// Files of the state are 0, 1, 2; the rows' blocks are ten times that.
SavedPlace PlaceOfBlock(const model::Origin& origin) { return {origin.block / 10, origin.line}; }
constexpr uint32_t kFiles[] = {5, 6, 7};

std::string Written(const TraceId& trace, std::span<const graph::Row> rows,
                    std::vector<size_t>* ends = nullptr) {
  std::vector<uint32_t> scratch;
  std::vector<size_t> unit_ends;
  std::string out;
  AppendOpenTrace(trace, rows, PlaceOfBlock, scratch, out, unit_ends);
  EXPECT_FALSE(unit_ends.empty());
  EXPECT_EQ(unit_ends.back(), out.size());
  if (ends != nullptr) *ends = unit_ends;
  return out;
}

std::vector<std::string> Expected(TraceId trace, const Rows& rows) {
  std::vector<std::string> texts;
  for (const graph::Row& row : rows.rows) {
    Call call = *row.call;
    call.trace = trace;
    call.origin = {kSavedOrigin | kFiles[call.origin.block / 10], call.origin.line};
    texts.push_back(Text(call, row.path));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::vector<std::string> Read(std::string_view piece, uint32_t most_id) {
  Sink sink;
  EXPECT_TRUE(ReadOpenRows(piece, Identity(most_id), kFiles, sink));
  std::sort(sink.rows.begin(), sink.rows.end());
  return sink.rows;
}

Rows RandomRows(std::mt19937_64& random, size_t count) {
  Rows rows;
  const auto below = [&](uint64_t n) { return static_cast<uint32_t>(random() % n); };
  const bool in_ms = below(2) == 0, timed = below(5) > 0, online = below(2) == 0;
  for (size_t i = 0; i < count; ++i) {
    const int64_t unit = in_ms && below(50) > 0 ? kMs : 1;
    const int64_t start = timed && below(20) > 0
                              ? (static_cast<int64_t>(below(90'000)) - 9'000) * unit
                              : model::kNoTime;
    Call& call =
        rows.Add(below(9) == 0 ? "" : fmt::format("0.{}.{}-name-1", below(4), below(900)), start);
    if (below(9) > 0) call.duration_ns = below(1'000'000) * unit;
    call.caller = Id<model::ServiceId>(below(300));
    call.callee = Id<model::ServiceId>(below(300));
    call.operation = Id<model::OperationId>(below(300));
    if (online) {
      call.entry = Id<model::OperationId>(below(3));
      call.caller_instance = Id<model::InstanceId>(below(300));
      call.callee_instance = Id<model::InstanceId>(below(300));
    }
    if (below(4) == 0) {
      call.span = random();
      call.parent_span = below(2) == 0 ? 0 : random();
    }
    if (below(6) == 0) call.weight = 1.0f + static_cast<float>(below(100)) / 7;
    call.kind = static_cast<model::Kind>(below(model::kKinds));
    call.side = static_cast<model::Side>(below(3));
    call.status = static_cast<model::Status>(below(3));
    call.from_user = below(2) == 0;
    call.origin = {10 * below(3), below(100'000)};
  }
  return rows;
}

TEST(OpenRows, ComeBackAsTheyWere) {
  std::mt19937_64 random(1);
  for (const char* id : {"0b000000159192360000000000aa01", "T_77",
                         "0123456789abcdef0123456789abcdef", "checkout/42?", "f"}) {
    for (int round = 0; round < 40; ++round) {
      const TraceId trace = TraceId::Parse(id);
      const Rows rows = RandomRows(random, 1 + random() % 40);
      EXPECT_EQ(Read(Written(trace, rows.rows), 300), Expected(trace, rows)) << id;
    }
  }
}

TEST(OpenRows, AreTheSameBytesInAnyOrder) {
  std::mt19937_64 random(2);
  const TraceId trace = TraceId::Parse("T_1");
  for (int round = 0; round < 50; ++round) {
    Rows rows = RandomRows(random, 30);
    // Rows that only the place tells apart, and one that nothing does.
    for (int i = 0; i < 3; ++i) {
      rows.calls.push_back(*rows.rows[0].call);
      if (i < 2) rows.calls.back().origin = {10, static_cast<uint32_t>(random() % 9)};
      rows.rows.push_back({&rows.calls.back(), rows.rows[0].path});
    }
    const std::string bytes = Written(trace, rows.rows);
    std::shuffle(rows.rows.begin(), rows.rows.end(), random);
    EXPECT_EQ(Written(trace, rows.rows), bytes);
  }
}

TEST(OpenRows, ALargeTraceIsSeveralUnits) {
  std::mt19937_64 random(3);
  const TraceId trace = TraceId::Parse("T_1");
  const Rows rows = RandomRows(random, 20'000);
  std::vector<size_t> ends;
  const std::string bytes = Written(trace, rows.rows, &ends);
  ASSERT_GT(ends.size(), 2u);
  std::vector<std::string> all;
  size_t begin = 0;
  for (const size_t end : ends) {
    EXPECT_LT(end - begin, kMostUnit + 1000);
    // Each stands alone: pieces may be cut there.
    for (std::string& row : Read(std::string_view(bytes).substr(begin, end - begin), 300)) {
      all.push_back(std::move(row));
    }
    begin = end;
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, Expected(trace, rows));
  EXPECT_EQ(Read(bytes, 300), all);
}

TEST(OpenRows, TakeTheNamesOfTheRun) {
  Rows rows;
  Call& call = rows.Add("0.1", 5 * kMs);
  call.caller = Id<model::ServiceId>(1);
  call.callee = Id<model::ServiceId>(2);
  call.operation = Id<model::OperationId>(1);
  call.caller_instance = Id<model::InstanceId>(1);
  const std::string bytes = Written(TraceId::Parse("T_1"), rows.rows);
  statistics::IdMaps maps;
  maps.of[0] = {0, 10, 20};
  maps.of[1] = {0, 30};
  maps.of[2] = {0, 40};
  Sink sink;
  ASSERT_TRUE(ReadOpenRows(bytes, maps, kFiles, sink));
  call.trace = TraceId::Parse("T_1");
  call.caller = Id<model::ServiceId>(10);
  call.callee = Id<model::ServiceId>(20);
  call.operation = Id<model::OperationId>(30);
  call.caller_instance = Id<model::InstanceId>(40);
  call.origin.block = kSavedOrigin | 5;
  EXPECT_EQ(sink.rows, std::vector<std::string>{Text(call, rows.rows[0].path)});
}

TEST(OpenRows, RefuseWhatMakesNoSense) {
  Rows rows;
  Call& call = rows.Add("0.1", 5 * kMs);
  call.callee = Id<model::ServiceId>(2);
  call.duration_ns = 7 * kMs;
  rows.Add("0.2", 6 * kMs).origin = {20, 9};
  const std::string bytes = Written(TraceId::Parse("T_1"), rows.rows);
  const auto reads = [&](std::string_view piece, const statistics::IdMaps& maps, size_t files) {
    Sink sink;
    return ReadOpenRows(piece, maps, std::span(kFiles).first(files), sink);
  };
  EXPECT_TRUE(reads(bytes, Identity(2), 3));
  EXPECT_TRUE(reads({}, Identity(2), 3));
  EXPECT_FALSE(reads(bytes, Identity(1), 3)) << "a name that is not there";
  EXPECT_FALSE(reads(bytes, Identity(2), 2)) << "a file that is not there";
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(reads(std::string_view(bytes).substr(0, size), Identity(2), 3)) << size;
  }
  std::string form = bytes;
  form[0] = 9;
  EXPECT_FALSE(reads(form, Identity(2), 3));
}

// Times that no reader gives would overflow where they are added up.
TEST(OpenRows, RefuseTimesBeyondAllTime) {
  constexpr int64_t kFurthest = 4'000'000'000'000 * kMs;
  const auto reads = [&](int64_t start_ns, int64_t duration_ns) {
    Rows rows;
    rows.Add("0.1", start_ns).duration_ns = duration_ns;
    Sink sink;
    return ReadOpenRows(Written(TraceId::Parse("T_1"), rows.rows), Identity(1), kFiles, sink);
  };
  EXPECT_TRUE(reads(kFurthest, kFurthest));
  EXPECT_TRUE(reads(-kFurthest, 0));
  EXPECT_FALSE(reads(kFurthest + 1, 0));
  EXPECT_FALSE(reads(-kFurthest - kMs, 0));
  EXPECT_FALSE(reads(0, kFurthest + 1));
  EXPECT_FALSE(reads(INT64_MAX, INT64_MAX));
}

// Any bytes: refused, or rows that are written again.
TEST(OpenRows, ReadAnyBytes) {
  std::mt19937_64 random(4);
  const statistics::IdMaps maps = Identity(300);
  for (int round = 0; round < 3000; ++round) {
    const Rows rows = RandomRows(random, 6);
    std::string bytes = Written(TraceId::Parse("T_1"), rows.rows);
    for (uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    Sink sink;
    const bool read = ReadOpenRows(bytes, maps, kFiles, sink);
    EXPECT_TRUE(read || sink.rows.size() <= 6u);
  }
}

}  // namespace
}  // namespace plumbago::engine
