#include "formats/spans/span_details.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "formats/spans/testing/random_spans.h"
#include "formats/spans/testing/span_text.h"

namespace plumbago::formats::spans {
namespace {

class SpanDetailsTest : public ::testing::Test {
 protected:
  // The row of a span, as far as Restore looks at it; the span has no name.
  static model::Call RowOf(const Span& span) {
    model::Call call;
    call.trace = span.trace;
    call.span = span.id;
    call.parent_span = span.parent;
    call.start_ns = span.start_ns;
    call.duration_ns =
        span.duration_ns < 0 && span.duration_ns != model::kNoTime ? 0 : span.duration_ns;
    return call;
  }
  // From a buffer that ends where the bytes end, so that a sanitizer sees reads beyond it.
  bool Restore(const Span& span, std::string_view details) {
    const auto bytes = std::make_unique<char[]>(details.size());
    std::copy(details.begin(), details.end(), bytes.get());
    const bool restored = restored_.Restore(RowOf(span), {bytes.get(), details.size()}, names_);
    if (restored) text_ = testing::SpanText(restored_.span());  // touches all that was read
    return restored;
  }
  static std::string DetailsOf(const Span& span) {
    std::string details;
    AppendDetails(span, details);
    return details;
  }
  // A span whose bytes lie where the tests of single bytes say.
  Span Small() const {
    Span span;
    span.trace = MakeTraceId(1, 2);
    span.id = 3;
    span.resource = &resource_;
    return span;
  }

  model::Names names_;
  Resource resource_;
  RestoredSpan restored_;
  std::string text_;
};

TEST_F(SpanDetailsTest, ComeBackEqualFromReusedMemory) {
  testing::RandomSpans random(1);
  for (int i = 0; i < 1000; ++i) {
    Span span = random.Next();
    span.name = {};
    ASSERT_TRUE(Restore(span, DetailsOf(span)));
    ASSERT_EQ(text_, testing::SpanText(span));
  }
}

TEST_F(SpanDetailsTest, CutAnywhereAreRefused) {
  testing::RandomSpans random(2);
  for (int i = 0; i < 100; ++i) {
    const Span& span = random.Next();
    const std::string details = DetailsOf(span);
    // Of length 0 they are not there.
    for (size_t size = 1; size < details.size(); ++size)
      ASSERT_FALSE(Restore(span, std::string_view(details).substr(0, size))) << size;
    ASSERT_TRUE(Restore(span, details));
    ASSERT_FALSE(Restore(span, details + '\0'));
    ASSERT_FALSE(Restore(span, details + details));
  }
}

TEST_F(SpanDetailsTest, AnyByteMayBeWrong) {
  testing::RandomSpans random(3);
  std::mt19937_64 dice(3);
  size_t refused = 0, taken = 0;
  for (int i = 0; i < 60; ++i) {
    const Span& span = random.Next();
    const std::string details = DetailsOf(span);
    for (size_t at = 0; at < details.size(); ++at) {
      for (const unsigned wrong : {0u, 1u, 0x7Fu, 0x80u, 0xFFu, static_cast<unsigned>(dice())}) {
        std::string damaged = details;
        damaged[at] = static_cast<char>(wrong);
        ++(Restore(span, damaged) ? taken : refused);
        // Cut as well.
        Restore(span, std::string_view(damaged).substr(0, 1 + dice() % details.size()));
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(taken, 1000u);  // bytes of texts
}

TEST_F(SpanDetailsTest, WhatCannotBeIsRefused) {
  const Span span = Small();
  const std::string plain = DetailsOf(span);
  // Bits, kind, status, flags, two texts, three counts; the resource's text, count, attributes; the
  // span's attributes, events, links.
  ASSERT_EQ(plain, std::string(15, '\0'));
  const auto with = [&](size_t at, std::string_view bytes) {
    std::string details = plain;
    details.replace(at, 1, bytes);
    return Restore(span, details);
  };
  EXPECT_TRUE(with(1, "\5"));
  EXPECT_FALSE(with(1, "\6"));  // kinds
  EXPECT_TRUE(with(2, "\2"));
  EXPECT_FALSE(with(2, "\3"));  // states
  EXPECT_TRUE(with(3, "\xFF\xFF\xFF\xFF\x0F"));
  EXPECT_FALSE(with(3, "\xFF\xFF\xFF\xFF\x10"));  // more than 32 bits
  EXPECT_FALSE(with(3, std::string(11, '\x80') + '\1'));
  EXPECT_FALSE(with(4, "\x0B"));                                       // a text beyond the end
  EXPECT_FALSE(with(4, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));   // far beyond
  EXPECT_FALSE(with(12, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));  // so many attributes
  EXPECT_FALSE(with(13, "\x01"));                                      // events
  EXPECT_FALSE(with(14, "\x01"));                                      // links

  for (int type = 0; type < 256; ++type) {
    // One attribute: its key "k", its type, and what reads as any value.
    std::string details = plain.substr(0, 12) + "\1\1k" + static_cast<char>(type);
    const bool number = type >= 1 && type <= 3;
    details += number ? std::string(8, '\1') : std::string("\1x");
    EXPECT_EQ(Restore(span, details + std::string(2, '\0')), type <= 5) << type;
  }
  for (int form = 0; form < 256; ++form) {
    // One link, whose trace is of this form.
    std::string details = plain.substr(0, 14) + '\1' + std::string(16, '\1');
    details += static_cast<char>(form) + std::string(8, '\1') + std::string(5, '\0');
    EXPECT_EQ(Restore(span, details), form <= 3) << form;
  }
}

TEST_F(SpanDetailsTest, WithoutThemTheRowSpeaks) {
  model::NameCaches caches(names_);
  using model::Kind;
  using model::Side;
  struct Case {
    Side side;
    Kind kind;
    SpanKind expected;
  };
  for (const Case& c : std::vector<Case>{{Side::kClient, Kind::kRpc, SpanKind::kClient},
                                         {Side::kClient, Kind::kMessage, SpanKind::kProducer},
                                         {Side::kServer, Kind::kHttp, SpanKind::kServer},
                                         {Side::kServer, Kind::kMessage, SpanKind::kConsumer},
                                         {Side::kUnknown, Kind::kInternal, SpanKind::kInternal},
                                         {Side::kUnknown, Kind::kRpc, SpanKind::kUnspecified}}) {
    model::Call call = RowOf(Small());
    call.side = c.side;
    call.kind = c.kind;
    call.caller = Id<model::ServiceId>(caches.services.Intern("cart"));
    call.callee = Id<model::ServiceId>(caches.services.Intern("stock"));
    call.caller_instance = Id<model::InstanceId>(caches.instances.Intern("cart-0"));
    ASSERT_TRUE(restored_.Restore(call, {}, names_));
    const Span& span = restored_.span();
    EXPECT_EQ(span.kind, c.expected);
    const bool client = c.side == Side::kClient;
    EXPECT_EQ(span.resource->service, client ? "cart" : "stock");
    ASSERT_EQ(span.resource->attributes.size(), client ? 1u : 0u);
    if (client) {
      EXPECT_EQ(span.resource->attributes[0].key, "service.instance.id");
      EXPECT_EQ(span.resource->attributes[0].value.text, "cart-0");
    }
    std::string attributes;
    for (const Attribute& attribute : span.attributes) {
      attributes += attribute.key;
      attributes += '=';
      attributes += attribute.value.text;
      attributes += ' ';
    }
    const std::string kind = c.kind == Kind::kInternal
                                 ? ""
                                 : std::string("plumbago.kind=") + model::KindName(c.kind) + " ";
    EXPECT_EQ(attributes, kind + (client ? "plumbago.peer=stock "
                                         : "plumbago.peer=cart plumbago.peer.instance=cart-0 "));
    EXPECT_EQ(span.scope, nullptr);
  }
}

}  // namespace
}  // namespace plumbago::formats::spans
