#include "formats/csv_mapped/plain_layout.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "base/byte_stream.h"
#include "base/strong_id.h"
#include "formats/csv_mapped/mapped_csv.h"

namespace plumbago::formats {
namespace {

struct Kept final : BatchSink {
  void Accept(model::CallBatch& batch) override { batches.push_back(batch); }
  std::vector<model::CallBatch> batches;
};

// Everything that a call says, names as text.
auto Key(const model::Call& call, const model::CallBatch& batch, const model::Names& names) {
  const auto text = [&names](auto id) { return std::string(names.Text(id)); };
  return std::tuple(call.trace.Text(), call.span, call.parent_span,
                    model::PathText(batch.Path(call)), call.start_ns, call.duration_ns,
                    text(call.caller), text(call.callee), text(call.operation), text(call.entry),
                    text(call.caller_instance), text(call.callee_instance), call.kind, call.side,
                    call.status, call.from_user, call.weight);
}

class MadeCalls {
 public:
  explicit MadeCalls(uint32_t seed) : random_(seed) {}
  model::CallBatch Batch(model::Names& names, int count) {
    model::CallBatch batch;
    for (int i = 0; i < count; ++i) {
      model::Call& call = batch.calls.emplace_back();
      call.trace = model::TraceId::Parse(Trace());
      call.span = Below(3) == 0 ? 0 : uint64_t{random_()} << Below(40) | 1;
      if (call.span == 0 || Below(2) == 0) batch.SetPath(call, Path());
      if (call.span != 0 && Below(3) != 0) call.parent_span = random_() | 1u;
      if (Below(4) != 0) call.start_ns = static_cast<int64_t>(random_()) * 1'000'003 - 5'000'000;
      if (Below(4) != 0) call.duration_ns = static_cast<int64_t>(random_());
      call.from_user = Below(8) == 0;
      if (!call.from_user) call.caller = names.Service(Name());
      call.callee = names.Service(Name());
      call.operation = names.Operation(Name());
      call.entry = names.Operation(Name());
      call.caller_instance = names.Instance(Name());
      call.callee_instance = names.Instance(Name());
      call.kind = static_cast<model::Kind>(Below(model::kKinds));
      call.side = static_cast<model::Side>(Below(3));
      call.status = static_cast<model::Status>(Below(3));
      if (Below(3) == 0) call.weight = 1 + static_cast<float>(random_()) / 1e5f;
    }
    return batch;
  }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  std::string Name() {
    static const char* const kNames[] = {
        "",  "a",       "NA",   "None", "UNKNOWN", "with,comma", "with \"quotes\"",
        "ä", " blank ", "root", "user", "(x)"};
    return kNames[Below(12)];
  }
  std::string Trace() {
    static const char* const kTraces[] = {"0087f677c0a2cf3f80a551987167911b", "T_12", "abc",
                                          "odd,1", "None"};
    return kTraces[Below(5)];
  }
  std::string Path() {
    static const char* const kPaths[] = {"0", "0.1.300", "0.1.x", "a,b.\"c\"", "9.00"};
    return kPaths[Below(5)];
  }
  std::mt19937 random_;
};

TEST(PlainLayout, ComesBackTheSameThroughTheMap) {
  const MappedCsv format;
  const auto encoder = format.Write();
  ASSERT_TRUE(encoder);
  for (uint32_t seed = 0; seed < 200; ++seed) {
    model::Names names;
    MadeCalls made(seed);
    const model::CallBatch batch = made.Batch(names, 60);
    std::string text;
    (*encoder)->Header(text);
    (*encoder)->Encode(batch, names, text);
    ASSERT_EQ(format.Sniff(text, "x"), Match::kYes);
    // Nobody else takes it for its own.
    for (const Format* other : Formats()) {
      EXPECT_TRUE(other->name() == "csv" || other->Sniff(text, "x") == Match::kNo) << other->name();
    }
    const auto decoder = format.Open(text, "x");
    ASSERT_TRUE(decoder) << decoder.error().Text();
    model::Names again;
    model::NameCaches caches(again);
    model::DamageCounts damage;
    Kept kept;
    DecodeContext context{caches, damage, kept};
    const size_t size = text.size();
    text.append(64, '"');
    Block block;
    block.first = true;
    block.text = std::string_view(text.data(), size);
    (*decoder)->Decode(block, context);
    ASSERT_EQ(damage.Count(model::Damage::kMalformed), 0u)
        << damage.First(model::Damage::kMalformed)->text;
    ASSERT_EQ(context.lines, 61u);
    size_t i = 0;
    for (const model::CallBatch& read : kept.batches) {
      for (const model::Call& call : read.calls) {
        ASSERT_LT(i, batch.calls.size());
        ASSERT_EQ(Key(call, read, again), Key(batch.calls[i], batch, names)) << seed << " " << i;
        ++i;
      }
    }
    ASSERT_EQ(i, batch.calls.size());
  }
}

// The file for people says what is built in.
TEST(PlainLayout, IsTheMapThatIsShipped) {
  const auto file = FileStream::Open("examples/maps/plumbago.toml");
  ASSERT_TRUE(file) << file.error().Text();
  std::string text(1u << 16, '\0');
  const auto size = (*file)->Read(text.data(), text.size());
  ASSERT_TRUE(size);
  text.resize(*size);
  EXPECT_EQ(text, kPlainMap);
}

}  // namespace
}  // namespace plumbago::formats
