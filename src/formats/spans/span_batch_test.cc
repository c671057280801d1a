#include "formats/spans/span_batch.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "formats/spans/semantic_conventions.h"
#include "formats/spans/span_details.h"
#include "formats/spans/testing/random_spans.h"
#include "formats/spans/testing/span_text.h"
#include "model/attribute_cache.h"
#include "model/attribute_text.h"

namespace plumbago::formats::spans {
namespace {

using model::Call;
using model::Damage;
using model::Kind;
using model::kNoTime;
using model::Side;

constexpr int64_t kMostNs = 4'000'000'000'000'000'000;

class KeepingSink final : public BatchSink {
 public:
  void Accept(model::CallBatch& batch) override { batches.push_back(batch); }
  std::vector<model::CallBatch> batches;
};

class SpanBatchTest : public ::testing::Test {
 protected:
  SpanBatchTest() {
    block_.index = 7;
    resource_.service = "cart";
  }
  // A batch of its own for each block.
  SpanBatch Batch(bool details = false) {
    context_.details = details;
    return SpanBatch(block_, context_);
  }
  Span Make(SpanKind kind = SpanKind::kServer) {
    Span span;
    span.trace = MakeTraceId(1, 2);
    span.id = 3;
    span.kind = kind;
    span.name = "GET /";
    span.start_ns = 1000;
    span.duration_ns = 10;
    span.resource = &resource_;
    return span;
  }
  // The row of a span alone.
  Call RowOf(const Span& span) {
    sink_.batches.clear();
    SpanBatch batch = Batch();
    batch.Add(span, 0);
    batch.Flush();
    EXPECT_EQ(sink_.batches.size(), 1u);
    EXPECT_EQ(sink_.batches[0].calls.size(), 1u);
    return sink_.batches[0].calls[0];
  }
  // "instance in cluster" of each sample that has come.
  std::vector<std::string> Places() const {
    std::vector<std::string> places;
    for (const model::CallBatch& batch : sink_.batches) {
      for (const model::Sample& sample : batch.samples) {
        EXPECT_EQ(sample.measure, model::Measure::kCluster);
        places.push_back(std::string(names_.Text(sample.instance)) + " in " +
                         std::string(names_.Text(sample.host)));
      }
    }
    return places;
  }

  model::Names names_;
  model::NameCaches caches_{names_};
  model::DamageCounts damage_;
  KeepingSink sink_;
  DecodeContext context_{caches_, damage_, sink_};
  Block block_;
  Resource resource_;
};

TEST_F(SpanBatchTest, WhatASpanTellsIsInItsRow) {
  Span span = Make();
  span.parent = 9;
  span.status = model::Status::kError;
  span.from_store = true;
  span.trace_state = "ot=th:c";  // 3/4 of all are left out
  const Call call = RowOf(span);
  EXPECT_EQ(call.trace, MakeTraceId(1, 2));
  EXPECT_EQ(call.span, 3u);
  EXPECT_EQ(call.parent_span, 9u);
  EXPECT_EQ(call.start_ns, 1000);
  EXPECT_EQ(call.duration_ns, 10);
  EXPECT_EQ(call.status, model::Status::kError);
  EXPECT_TRUE(call.from_store);
  EXPECT_EQ(call.weight, 4);
  EXPECT_EQ(names_.Text(call.operation), "GET /");
  span.name = {};
  span.trace_state = {};
  const Call other = RowOf(span);
  EXPECT_EQ(other.operation, model::kNoOperation);
  EXPECT_EQ(other.weight, 1);
}

TEST_F(SpanBatchTest, TimesThatWrapOrLieOutside) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  struct Case {
    int64_t start, duration;       // of the span
    int64_t row_start, row_lasts;  // of its row
    bool counted;
  };
  for (const Case& c : std::vector<Case>{
           {1000, 10, 1000, 10, false},
           {0, 0, 0, 0, false},
           {-1000, 10, -1000, 10, false},
           {kMostNs, 0, kMostNs, 0, false},
           {0, kMostNs, 0, kMostNs, false},
           {-kMostNs, 2 * kMostNs, -kMostNs, 2 * kMostNs, false},
           // Not told: no damage.
           {1000, kNoTime, 1000, kNoTime, false},
           {kNoTime, 10, kNoTime, kNoTime, false},
           {kNoTime, kNoTime, kNoTime, kNoTime, false},
           // It ends before it starts.
           {1000, -1, 1000, 0, true},
           {kMostNs, -kMost, kMostNs, 0, true},
           {-kMostNs, -1, -kMostNs, 0, true},
           // It ends beyond all times: an end that wrapped.
           {kMostNs, 1, kMostNs, kNoTime, true},
           {0, kMostNs + 1, 0, kNoTime, true},
           {1000, kMost, 1000, kNoTime, true},
           {-kMostNs, 2 * kMostNs + 1, -kMostNs, kNoTime, true},
           // It starts outside.
           {kMostNs + 1, 0, kNoTime, kNoTime, true},
           {kMostNs + 1, -1, kNoTime, kNoTime, true},
           {-kMostNs - 1, 10, kNoTime, kNoTime, true},
           {kMost, kMost, kNoTime, kNoTime, true},
           {-kMost, -kMost, kNoTime, kNoTime, true},
       }) {
    Span span = Make();
    span.start_ns = c.start;
    span.duration_ns = c.duration;
    const uint64_t before = damage_.Count(Damage::kWrongTime);
    const Call call = RowOf(span);
    EXPECT_EQ(call.start_ns, c.row_start) << c.start << " for " << c.duration;
    EXPECT_EQ(call.duration_ns, c.row_lasts) << c.start << " for " << c.duration;
    EXPECT_EQ(damage_.Count(Damage::kWrongTime) - before, c.counted ? 1u : 0u)
        << c.start << " for " << c.duration;
  }
}

TEST_F(SpanBatchTest, TheFirstWrongTimeInTheInputIsTheExample) {
  SpanBatch batch = Batch();
  Span span = Make();
  span.duration_ns = -5;
  batch.Add(span, 4);
  span.id = 0x1f;
  batch.Add(span, 2);
  batch.Add(span, 6);
  const model::Example* const example = damage_.First(Damage::kWrongTime);
  ASSERT_NE(example, nullptr);
  EXPECT_EQ(example->origin, (model::Origin{7, 2}));
  EXPECT_EQ(example->column, 0u);
  EXPECT_EQ(example->text, "span 000000000000001f starts at 1000 ns and takes -5 ns");
  EXPECT_EQ(damage_.Count(Damage::kWrongTime), 3u);
}

TEST_F(SpanBatchTest, WhatIsNoSpanIsCounted) {
  SpanBatch batch = Batch();
  batch.Malformed(5, 12, "second");
  batch.Malformed(3, 8, "first");
  batch.Malformed(9, 0, "third");
  EXPECT_EQ(damage_.Count(Damage::kMalformed), 3u);
  const model::Example* const example = damage_.First(Damage::kMalformed);
  ASSERT_NE(example, nullptr);
  EXPECT_EQ(example->origin, (model::Origin{7, 3}));
  EXPECT_EQ(example->column, 8u);
  EXPECT_EQ(example->text, "first");
}

TEST_F(SpanBatchTest, KindsBecomeSidesAndWhoIsAtWhichEnd) {
  const Attribute pod{"k8s.pod.name", Value::Text("cart-0")};
  const Attribute peer{"peer.service", Value::Text("stock")};
  resource_.attributes = {&pod, 1};
  struct Case {
    SpanKind kind;
    Side side;
  };
  for (const Case& c : std::vector<Case>{{SpanKind::kUnspecified, Side::kUnknown},
                                         {SpanKind::kInternal, Side::kUnknown},
                                         {SpanKind::kServer, Side::kServer},
                                         {SpanKind::kClient, Side::kClient},
                                         {SpanKind::kProducer, Side::kClient},
                                         {SpanKind::kConsumer, Side::kServer}}) {
    SCOPED_TRACE(static_cast<int>(c.kind));
    Span span = Make(c.kind);
    span.attributes = {&peer, 1};
    const Call call = RowOf(span);
    EXPECT_EQ(call.side, c.side);
    const bool client = c.side == Side::kClient;
    const bool consumer = c.kind == SpanKind::kConsumer;  // here a broker is all that is named
    EXPECT_EQ(names_.Text(call.caller), client ? "cart" : consumer ? "stock" : "");
    EXPECT_EQ(names_.Text(call.caller_instance), client ? "cart-0" : "");
    EXPECT_EQ(names_.Text(call.callee), client ? "stock" : "cart");
    EXPECT_EQ(names_.Text(call.callee_instance), client ? "" : "cart-0");
  }
  EXPECT_EQ(RowOf(Make(SpanKind::kClient)).callee, model::kNoService);
  resource_ = {};
  const Call nobody = RowOf(Make());
  EXPECT_EQ(nobody.callee, model::kNoService);
  EXPECT_EQ(nobody.callee_instance, model::kNoInstance);
}

TEST_F(SpanBatchTest, AConsumersQueueIsItsCaller) {
  const Attribute attributes[] = {{"messaging.system", Value::Text("kafka")},
                                  {"messaging.destination.name", Value::Text("orders")},
                                  {"messaging.operation.type", Value::Text("receive")}};
  for (const SpanKind kind : {SpanKind::kConsumer, SpanKind::kClient}) {
    Span span = Make(kind);
    span.attributes = attributes;
    const Call call = RowOf(span);
    EXPECT_EQ(call.side, Side::kServer);
    EXPECT_EQ(call.kind, Kind::kMessage);
    EXPECT_EQ(names_.Text(call.caller), "kafka/orders");
    EXPECT_EQ(names_.Text(call.callee), "cart");
  }
  Span sends = Make(SpanKind::kClient);
  sends.attributes = std::span(attributes).first(2);
  EXPECT_EQ(names_.Text(RowOf(sends).callee), "kafka/orders");
}

TEST_F(SpanBatchTest, LinksComeBesideTheRow) {
  std::vector<Link> links(3);
  links[0].trace = MakeTraceId(8, 9);
  links[0].span = 5;
  links[1].trace = MakeTraceId(1, 2);  // its own
  links[1].span = 6;
  links[2].trace = MakeTraceId(1, 2);
  links[2].span = 4;
  const Attribute pod{"k8s.pod.name", Value::Text("cart-0")};
  resource_.attributes = {&pod, 1};
  for (const SpanKind kind : {SpanKind::kConsumer, SpanKind::kProducer}) {
    Span span = Make(kind);
    span.parent = 4;
    span.links = links;
    RowOf(span);
    const std::vector<model::SpanLink>& got = sink_.batches[0].links;
    ASSERT_EQ(got.size(), 3u);
    EXPECT_EQ(got[0].target, links[0].trace);
    EXPECT_EQ(got[0].target_span, 5u);
    EXPECT_FALSE(got[0].repeats_parent);
    EXPECT_FALSE(got[1].repeats_parent);
    EXPECT_TRUE(got[2].repeats_parent);
    for (const model::SpanLink& link : got) {
      EXPECT_EQ(link.from, span.trace);
      EXPECT_EQ(link.from_span, span.id);
      EXPECT_EQ(link.start_ns, 1000);
      EXPECT_EQ(names_.Text(link.service), "cart");
      EXPECT_EQ(names_.Text(link.instance), "cart-0");
      EXPECT_EQ(names_.Text(link.operation), "GET /");
    }
  }
  RowOf(Make());
  EXPECT_TRUE(sink_.batches[0].links.empty());
}

TEST_F(SpanBatchTest, DetailsOnlyWhereTheyAreWanted) {
  testing::RandomSpans random(1);
  std::vector<Span> spans;
  for (int i = 0; i < 300; ++i) spans.push_back(random.Next());
  for (const bool details : {false, true}) {
    sink_.batches.clear();
    SpanBatch batch = Batch(details);
    for (const Span& span : spans) batch.Add(span, 0);
    batch.Flush();
    size_t next = 0;
    RestoredSpan restored;
    for (const model::CallBatch& some : sink_.batches) {
      EXPECT_EQ(some.details.empty(), !details);
      for (const Call& call : some.calls) {
        const Span& span = spans[next++];
        EXPECT_EQ(call.details_size > 0, details);
        if (!details) continue;
        ASSERT_TRUE(restored.Restore(call, some.Details(call), names_));
        EXPECT_EQ(testing::SpanText(restored.span()), testing::SpanText(span));
      }
    }
    EXPECT_EQ(next, spans.size());
  }
}

// Rows of another kind of format, written as spans and read again.
TEST_F(SpanBatchTest, OwnAttributesAreTakenBack) {
  const auto service = [this](std::string_view text) {
    return Id<model::ServiceId>(caches_.services.Intern(text));
  };
  const auto instance = [this](std::string_view text) {
    return Id<model::InstanceId>(caches_.instances.Intern(text));
  };
  for (const Side side : {Side::kClient, Side::kServer}) {
    for (uint8_t kind = 1; kind < model::kKinds; ++kind) {
      if (static_cast<Kind>(kind) == Kind::kInternal) continue;  // such a row has no sides
      Call row;
      row.trace = MakeTraceId(1, 2);
      row.span = 3;
      row.side = side;
      row.kind = static_cast<Kind>(kind);
      row.caller = service("cart");
      row.callee = service("stock");
      row.caller_instance = instance("cart-0");
      row.callee_instance = instance("stock-1");
      row.operation = Id<model::OperationId>(caches_.operations.Intern("buy"));
      row.entry = Id<model::OperationId>(caches_.operations.Intern("shop"));
      row.from_user = kind % 2 == 1;
      row.weight = 2.5F;
      RestoredSpan restored;
      ASSERT_TRUE(restored.Restore(row, {}, names_));
      const Call again = RowOf(restored.span());
      EXPECT_EQ(again.side, row.side);
      EXPECT_EQ(again.kind, row.kind) << model::KindName(row.kind);
      EXPECT_EQ(again.caller, row.caller);
      EXPECT_EQ(again.callee, row.callee);
      EXPECT_EQ(again.caller_instance, row.caller_instance);
      EXPECT_EQ(again.callee_instance, row.callee_instance);
      EXPECT_EQ(again.operation, row.operation);
      EXPECT_EQ(again.entry, row.entry);
      EXPECT_EQ(again.from_user, row.from_user);
      EXPECT_EQ(again.weight, row.weight);
    }
  }
}

TEST_F(SpanBatchTest, OwnAttributesThatMakeNoSenseSayNothing) {
  for (const double weight : {0.5, 0.0, -2.0, 1e31, std::numeric_limits<double>::quiet_NaN()}) {
    const std::vector<Attribute> attributes = {
        {"peer.service", Value::Text("stock")},
        {kKindKey, Value::Text("no such kind")},
        {kOtherKey, Value::Text("")},
        {kOtherInstanceKey, Value::Text("")},
        {kEntryKey, Value::Text("")},
        {kFromUserKey, Value::Bool(false)},
        {kWeightKey, Value::Double(weight)},
        {"plumbago.other", Value::Text("x")},
        {"plumbago", Value::Text("no prefix here")},
    };
    Span span = Make(SpanKind::kClient);
    span.attributes = attributes;
    const Call call = RowOf(span);
    EXPECT_EQ(names_.Text(call.callee), "stock");
    EXPECT_EQ(call.kind, Kind::kUnknown);
    EXPECT_EQ(call.callee_instance, model::kNoInstance);
    EXPECT_EQ(call.entry, model::kNoOperation);
    EXPECT_FALSE(call.from_user);
    EXPECT_EQ(call.weight, 1) << weight;
  }
}

TEST_F(SpanBatchTest, PlacesAreSaidOnceABlock) {
  const std::vector<Attribute> here = {{"k8s.pod.name", Value::Text("cart-0")},
                                       {"k8s.cluster.name", Value::Text("blue")}};
  const std::vector<Attribute> there = {{"k8s.pod.name", Value::Text("cart-0")},
                                        {"k8s.cluster.name", Value::Text("green")}};
  Resource one = resource_, same = resource_, other = resource_;
  one.attributes = same.attributes = here;
  other.attributes = there;
  SpanBatch batch = Batch();
  uint32_t line = 10;
  for (const Resource* const resource : {&one, &one, &same, &other, &same, &other}) {
    Span span = Make();
    span.resource = resource;
    batch.Add(span, line++);
  }
  batch.Flush();
  EXPECT_EQ(Places(), (std::vector<std::string>{"cart-0 in blue", "cart-0 in green"}));
  ASSERT_EQ(sink_.batches.size(), 1u);
  EXPECT_EQ(sink_.batches[0].samples[0].origin, (model::Origin{7, 10}));
  EXPECT_EQ(sink_.batches[0].samples[1].origin, (model::Origin{7, 13}));

  // Another block: anew.
  sink_.batches.clear();
  one.known = false;
  SpanBatch next = Batch();
  Span span = Make();
  span.resource = &one;
  next.Add(span, 0);
  next.Flush();
  EXPECT_EQ(Places(), std::vector<std::string>{"cart-0 in blue"});
}

TEST_F(SpanBatchTest, TheWidestPlaceThatIsToldCounts) {
  const Attribute pod{"k8s.pod.name", Value::Text("cart-0")};
  const Attribute cluster{"k8s.cluster.name", Value::Text("blue")};
  const Attribute zone{"cloud.availability_zone", Value::Text("a-1")};
  const Attribute region{"cloud.region", Value::Text("a")};
  struct Case {
    std::vector<Attribute> attributes;
    std::vector<std::string> places;
  };
  for (const Case& c : std::vector<Case>{{{pod, region, zone, cluster}, {"cart-0 in blue"}},
                                         {{pod, region, zone}, {"cart-0 in a-1"}},
                                         {{pod, region}, {"cart-0 in a"}},
                                         {{pod}, {}},
                                         {{cluster, zone, region}, {}}}) {
    resource_.attributes = c.attributes;
    resource_.known = false;
    RowOf(Make());
    EXPECT_EQ(Places(), c.places);
  }
}

TEST_F(SpanBatchTest, RowsGoOn256AtATime) {
  SpanBatch batch = Batch();
  batch.Flush();
  EXPECT_TRUE(sink_.batches.empty());  // nothing to hand on
  for (uint32_t i = 0; i < 255; ++i) batch.Add(Make(), i);
  EXPECT_TRUE(sink_.batches.empty());
  batch.Add(Make(), 255);
  ASSERT_EQ(sink_.batches.size(), 1u);
  batch.Add(Make(), 256);
  batch.Flush();
  batch.Flush();
  ASSERT_EQ(sink_.batches.size(), 2u);
  EXPECT_EQ(sink_.batches[0].calls.size(), 256u);
  ASSERT_EQ(sink_.batches[1].calls.size(), 1u);
  for (uint32_t i = 0; i < 256; ++i)
    EXPECT_EQ(sink_.batches[0].calls[i].origin, (model::Origin{7, i}));
  EXPECT_EQ(sink_.batches[1].calls[0].origin, (model::Origin{7, 256}));
}

// Those of the span, then those of its resource; values as texts, none that says what the row says.
TEST_F(SpanBatchTest, AttributesBecomeIds) {
  model::AttributeCache cache(names_, UseOf);
  context_.attributes = &cache;
  const Attribute of_span[] = {{"span.kind", Value::Text("server")},
                               {"http.url", Value::Text("/a?b=c")},
                               {"http.response.status_code", Value::Int(-200)},
                               {"cache.hit", Value::Bool(true)},
                               {"ratio", Value::Double(0.5)},
                               {"body", {Value::Type::kBytes, "xyz", 0, 0}},
                               {"plumbago.kind", Value::Text("rpc")}};
  const Attribute of_resource[] = {{"host.name", Value::Text("n1")}};
  resource_.attributes = of_resource;
  SpanBatch batch = Batch();
  Span span = Make();
  span.attributes = of_span;
  batch.Add(span, 0);
  span.attributes = {};
  batch.Add(span, 1);
  // As a reader that fills its resource anew.
  const Attribute of_other[] = {{"host.name", Value::Text("n2")}};
  resource_.attributes = of_other;
  resource_.known = false;
  batch.Add(span, 2);
  batch.Flush();
  ASSERT_EQ(sink_.batches.size(), 1u);
  const model::CallBatch& kept = sink_.batches[0];
  std::vector<std::string> texts;
  for (const model::AttributeId id : kept.attributes) texts.emplace_back(names_.Text(id));
  const std::vector<std::string> expected = {
      model::AttributeText("http.url", "/a"),
      model::AttributeText("http.response.status_code", "-200"),
      model::AttributeText("cache.hit", "true"),
      model::AttributeText("ratio", "0.5"),
      model::AttributeText("body", model::kNotKept),
      model::AttributeText("host.name", "n1"),
      model::AttributeText("host.name", "n1"),
      model::AttributeText("host.name", "n2")};
  EXPECT_EQ(texts, expected);
  ASSERT_EQ(kept.calls.size(), 3u);
  EXPECT_EQ(kept.calls[0].attributes, 6u);
  EXPECT_EQ(kept.calls[1].attributes, 1u);
  EXPECT_EQ(kept.calls[2].attributes, 1u);

  // The next block's batch may lie where this one did, the resource is the same.
  SpanBatch next = Batch();
  next.Add(span, 0);
  next.Flush();
  ASSERT_EQ(sink_.batches.size(), 2u);
  ASSERT_EQ(sink_.batches[1].attributes.size(), 1u);
  EXPECT_EQ(names_.Text(sink_.batches[1].attributes[0]), model::AttributeText("host.name", "n2"));

  const std::vector<Attribute> many(model::kMostAttributes + 5, {"k", Value::Text("v")});
  span.attributes = many;
  EXPECT_EQ(RowOf(span).attributes, model::kMostAttributes);
}

}  // namespace
}  // namespace plumbago::formats::spans
