#include "formats/otlp_proto/otlp_proto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "formats/otlp_proto/fields.h"
#include "formats/otlp_proto/framing.h"
#include "formats/otlp_proto/span_writer.h"
#include "formats/protobuf/wire_writer.h"
#include "formats/spans/testing/decoded_spans.h"
#include "formats/spans/testing/random_spans.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireCursor;
using protobuf::WireWriter;
using spans::Span;
using spans::testing::DecodedSpans;
using spans::testing::DecodeSpans;
using spans::testing::RandomSpans;
using spans::testing::SpanText;
using namespace std::literals;

const OtlpProto kFormat;

// What the encoder makes of them, a message for each batch of rows.
std::vector<std::string> Messages(const std::vector<Span>& all, model::Names& names) {
  const auto encoder = kFormat.Write().value();
  std::vector<std::string> messages;
  for (const model::CallBatch& batch : spans::testing::MakeBatches(all, names))
    encoder->Encode(batch, names, messages.emplace_back());
  return messages;
}

std::string Framed(Framing framing, const std::vector<std::string>& messages) {
  std::string text;
  for (const std::string& message : messages) {
    if (framing == Framing::kFixed32) {
      for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(message.size() >> shift);
    } else if (framing == Framing::kVarint) {
      std::string field;
      WireWriter(&field).Bytes(1, message);
      text += field.substr(1, field.size() - 1 - message.size());
    }
    text += message;
  }
  return text;
}

std::vector<std::string> Sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

class OtlpProtoTest : public ::testing::Test {
 protected:
  // Spans, and their texts in order of text.
  void Make(size_t count) {
    for (size_t i = 0; i < count; ++i) spans_.push_back(random_spans_.Next());
    for (const Span& span : spans_) texts_.push_back(SpanText(span));
    texts_ = Sorted(std::move(texts_));
  }
  DecodedSpans Decode(std::string_view text, size_t block_bytes = size_t{1} << 30) {
    return DecodeSpans(kFormat, text, block_bytes, names_);
  }

  RandomSpans random_spans_{20261126};
  std::vector<Span> spans_;
  std::vector<std::string> texts_;
  model::Names names_;
};

TEST_F(OtlpProtoTest, SpansComeBackEqual) {
  Make(3000);
  const std::string text = Framed(Framing::kPlain, Messages(spans_, names_));
  const DecodedSpans whole = Decode(text);
  EXPECT_EQ(whole.malformed, 0u) << whole.example;
  EXPECT_EQ(whole.lines, 3000u);
  EXPECT_EQ(Sorted(whole.spans), texts_);
  for (const size_t bytes : {size_t{1}, size_t{700}, size_t{100'000}}) {
    const DecodedSpans pieces = Decode(text, bytes);
    EXPECT_EQ(pieces.spans, whole.spans);
    EXPECT_EQ(pieces.span_lines, whole.span_lines);
  }
}

TEST_F(OtlpProtoTest, Framings) {
  Make(700);
  const std::vector<std::string> messages = Messages(spans_, names_);
  ASSERT_EQ(messages.size(), 3u);
  for (const Framing framing : {Framing::kPlain, Framing::kFixed32, Framing::kVarint}) {
    const std::string text = Framed(framing, messages);
    const Recognised found = Recognise(std::string_view(text).substr(0, 1u << 16));
    EXPECT_EQ(found.match, Match::kYes);
    EXPECT_EQ(found.framing, framing);
    for (const size_t bytes : {size_t{1} << 30, size_t{1}, size_t{20'000}}) {
      const DecodedSpans decoded = Decode(text, bytes);
      EXPECT_EQ(decoded.malformed, 0u) << decoded.example;
      EXPECT_EQ(Sorted(decoded.spans), texts_);
    }
  }
}

// How messages nest: the message of a field, or nullptr.
struct Shape {
  std::vector<std::pair<uint32_t, const Shape*>> nested;
};
const Shape* ShapeOf(const Shape& shape, uint32_t field) {
  for (const auto& [number, nested] : shape.nested) {
    if (number == field) return nested;
  }
  return nullptr;
}

// The same message in another way of writing it: fields in another order (those of one number keep
// theirs), unknown fields among them, numbers with more bytes than they need.
std::string Rewritten(std::string_view message, const Shape& shape, std::mt19937_64& random) {
  struct Field {
    uint32_t number;
    std::string bytes;
  };
  const auto number = [&](uint64_t value) {
    std::string out;
    const size_t least = random() % 3;
    while (value >= 0x80 || out.size() < least) {
      out += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    out += static_cast<char>(value);
    return out;
  };
  std::vector<Field> fields;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    Field& field = fields.emplace_back(Field{tag >> 3, number(tag)});
    if ((tag & 7) == 2) {
      const std::string_view bytes = in.Bytes();
      const Shape* nested = ShapeOf(shape, field.number);
      const std::string text =
          nested != nullptr ? Rewritten(bytes, *nested, random) : std::string(bytes);
      field.bytes += number(text.size()) + text;
    } else {
      const char* const begin = in.at();
      if ((tag & 7) == 0)
        field.bytes += number(in.Varint());
      else {
        in.Skip(tag);
        field.bytes.append(begin, in.at());
      }
    }
  }
  EXPECT_TRUE(in.ok());
  for (size_t extra = random() % 3; extra > 0; --extra) {
    Field field{static_cast<uint32_t>(100 + random() % 50), {}};
    WireWriter out(&field.bytes);
    switch (random() % 4) {
      case 0:
        out.Varint(field.number, random());
        break;
      case 1:
        out.Fixed64(field.number, random());
        break;
      case 2:
        out.Bytes(field.number, "unknown");
        break;
      default:
        out.Fixed32(field.number, 1);
    }
    fields.push_back(std::move(field));
  }
  std::vector<uint32_t> order;
  for (const Field& field : fields) order.push_back(field.number);
  std::sort(order.begin(), order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  std::shuffle(order.begin(), order.end(), random);
  std::string out;
  for (const uint32_t wanted : order) {
    for (const Field& field : fields) {
      if (field.number == wanted) out += field.bytes;
    }
  }
  return out;
}

TEST_F(OtlpProtoTest, AnyWayOfWritingIt) {
  Make(1500);
  static const Shape value;
  static const Shape key_value{{{of_key_value::kValue, &value}}};
  static const Shape event{{{of_event::kAttributes, &key_value}}};
  static const Shape link{{{of_link::kAttributes, &key_value}}};
  static const Shape span{{{of_span::kAttributes, &key_value},
                           {of_span::kEvents, &event},
                           {of_span::kLinks, &link},
                           {of_span::kStatus, &value}}};
  static const Shape scope{{{of_scope::kAttributes, &key_value}}};
  static const Shape scope_spans{
      {{of_scope_spans::kScope, &scope}, {of_scope_spans::kSpans, &span}}};
  static const Shape resource{{{of_resource::kAttributes, &key_value}}};
  static const Shape resource_spans{
      {{of_resource_spans::kResource, &resource}, {of_resource_spans::kScopeSpans, &scope_spans}}};
  static const Shape request{{{of_request::kResourceSpans, &resource_spans}}};
  std::mt19937_64 random(4);
  const std::string text = Framed(Framing::kPlain, Messages(spans_, names_));
  const DecodedSpans plain = Decode(text);
  for (int round = 0; round < 5; ++round) {
    const DecodedSpans other = Decode(Rewritten(text, request, random));
    EXPECT_EQ(other.malformed, 0u) << other.example;
    EXPECT_EQ(other.spans, plain.spans);
  }
}

// One span below one resource, by hand.
std::string OneSpan(std::string_view span_fields, std::string_view resource = "") {
  std::string text;
  WireWriter out(&text);
  const size_t record = out.Begin(1);
  if (!resource.empty()) out.Bytes(of_resource_spans::kResource, resource);
  const size_t scope = out.Begin(of_resource_spans::kScopeSpans);
  out.Bytes(of_scope_spans::kSpans, span_fields);
  out.End(scope);
  out.End(record);
  return text;
}
std::string Ids(size_t trace_bytes = 16, size_t span_bytes = 8, char fill = 7) {
  std::string text;
  WireWriter out(&text);
  out.Bytes(of_span::kTraceId, std::string(trace_bytes, fill));
  out.Bytes(of_span::kSpanId, std::string(span_bytes, fill));
  return text;
}

TEST_F(OtlpProtoTest, IdsOfAWrongLength) {
  EXPECT_EQ(Decode(OneSpan(Ids())).spans.size(), 1u);
  for (const std::string& ids : {Ids(15), Ids(17), Ids(0), Ids(16, 7), Ids(16, 0), Ids(16, 8, 0)}) {
    const DecodedSpans decoded = Decode(OneSpan(ids) + OneSpan(Ids()));
    EXPECT_EQ(decoded.malformed, 1u);
    EXPECT_EQ(decoded.spans.size(), 1u);
    EXPECT_EQ(decoded.span_lines.front(), 2u);
    EXPECT_EQ(decoded.example_line, 1u);
    EXPECT_EQ(decoded.lines, 2u);
    EXPECT_NE(decoded.example.find("expected"), std::string::npos) << decoded.example;
  }
  std::string parent = Ids();
  WireWriter(&parent).Bytes(of_span::kParentSpanId, "1234567");
  EXPECT_EQ(Decode(OneSpan(parent)).malformed, 1u);
  EXPECT_EQ(Decode(OneSpan(Ids(5))).example, "a trace id of a wrong length: expected 16 bytes");
  EXPECT_EQ(Decode(OneSpan(Ids(5))).example_column, 9u);  // the id's first byte
}

TEST_F(OtlpProtoTest, AParentOfZerosIsNone) {
  std::string span = Ids();
  WireWriter(&span).Bytes(of_span::kParentSpanId, std::string(8, '\0'));
  const DecodedSpans decoded = Decode(OneSpan(span));
  ASSERT_EQ(decoded.spans.size(), 1u);
  EXPECT_EQ(decoded.batches[0].calls[0].parent_span, 0u);
}

TEST_F(OtlpProtoTest, ABadLinkCostsTheLink) {
  std::string span = Ids(), link;
  WireWriter(&link).Bytes(of_link::kTraceId, "short");
  WireWriter(&span).Bytes(of_span::kLinks, link);
  link.clear();
  WireWriter(&link).Bytes(of_link::kTraceId, std::string(16, 'x'));
  WireWriter(&link).Bytes(of_link::kSpanId, std::string(8, 'y'));
  WireWriter(&span).Bytes(of_span::kLinks, link);
  const DecodedSpans decoded = Decode(OneSpan(span));
  EXPECT_EQ(decoded.malformed, 1u);
  ASSERT_EQ(decoded.spans.size(), 1u);
  EXPECT_NE(decoded.spans[0].find("link 78787878787878787878787878787878 7979797979797979"),
            std::string::npos)
      << decoded.spans[0];
}

TEST_F(OtlpProtoTest, ADamagedRecordCostsNoOther) {
  const std::string good = OneSpan(Ids());
  for (const std::string& bad : {
           OneSpan("\x0a\x7f"),                  // an id beyond its span
           OneSpan("\x4a\x02\x0a\x05" + Ids()),  // a key beyond its attribute
           OneSpan(Ids() + "\x0b\x0c"),          // a group
           OneSpan(Ids() + "\x07"),              // no field
           "\x0a\x03\x12\x7f\x0a"s,              // spans beyond their resource
           "\x0a\x02\xff\xff"s,
       }) {
    const DecodedSpans decoded = Decode(good + bad + good, 1);
    EXPECT_EQ(decoded.malformed, 1u) << decoded.example;
    EXPECT_EQ(decoded.spans.size(), 2u);
    EXPECT_EQ(decoded.example_line, 2u);
    EXPECT_EQ(decoded.span_lines.back(), 3u);
  }
  const DecodedSpans beyond = Decode(good + good.substr(0, 20), 1);
  EXPECT_EQ(beyond.malformed, 1u);
  EXPECT_EQ(beyond.example_column, 3u);  // behind tag and length
  // A field's number that the end cuts is no cut ResourceSpans, whatever stands before it.
  for (const size_t bytes : {size_t{1}, size_t{1000}}) {
    const DecodedSpans cut = Decode(good + "\xe3\xe3", bytes);
    EXPECT_EQ(cut.malformed, 1u);
    EXPECT_TRUE(cut.example.starts_with("a field that goes beyond")) << cut.example;
  }
  // Damage to the outermost lengths: nobody knows where the next begins.
  const DecodedSpans lost = Decode(good + "\x0f" + good, 1);
  EXPECT_EQ(lost.malformed, 1u);
  EXPECT_EQ(lost.spans.size(), 1u);
}

// Where spans end in a plain file.
void SpanEnds(std::string_view message, const std::vector<uint32_t>& way, size_t depth,
              const char* begin, std::vector<size_t>& ends) {
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    if (tag != Tag(way[depth], Wire::kBytes)) {
      in.Skip(tag);
      continue;
    }
    const std::string_view field = in.Bytes();
    if (depth + 1 == way.size())
      ends.push_back(static_cast<size_t>(in.at() - begin));
    else
      SpanEnds(field, way, depth + 1, begin, ends);
  }
}

TEST_F(OtlpProtoTest, WhatIsWholeOfACutFileIsUsed) {
  Make(300);
  for (const Framing framing : {Framing::kPlain, Framing::kFixed32, Framing::kVarint}) {
    const std::vector<std::string> messages = Messages(spans_, names_);
    const std::string text = Framed(framing, messages);
    std::vector<size_t> ends;
    const size_t first = text.find(messages[0]);
    SpanEnds(messages[0],
             {of_request::kResourceSpans, of_resource_spans::kScopeSpans, of_scope_spans::kSpans},
             0, messages[0].data(), ends);
    for (size_t size = first + 50; size < first + messages[0].size(); size += 1009) {
      const DecodedSpans decoded = Decode(text.substr(0, size));
      EXPECT_EQ(decoded.malformed, size == first + ends.back() ? 0u : 1u) << decoded.example;
      const auto whole = std::upper_bound(ends.begin(), ends.end(), size - first) - ends.begin();
      EXPECT_EQ(decoded.spans.size(), static_cast<size_t>(whole));
      EXPECT_EQ(decoded.spans, Decode(text.substr(0, size), 3000).spans);
    }
  }
}

TEST_F(OtlpProtoTest, TellsWhereAFileIsCut) {
  const std::string one = OneSpan(Ids());
  const std::string text = Framed(Framing::kFixed32, {one, one});
  DecodedSpans decoded = Decode(text.substr(0, text.size() - 1), 1);
  EXPECT_EQ(decoded.spans.size(), 1u);
  EXPECT_EQ(decoded.malformed, 1u);
  EXPECT_EQ(decoded.example_line, 2u);
  EXPECT_EQ(decoded.example_column, 5u);
  EXPECT_EQ(decoded.example,
            "the file ends within a message: expected as many bytes as its length says; what is "
            "whole of it is used");
  decoded = Decode(text.substr(0, one.size() + 6), 1);
  EXPECT_EQ(decoded.malformed, 1u);
  EXPECT_EQ(decoded.example, "the file ends within the length of a message: expected a message");
  EXPECT_EQ(decoded.example_column, 1u);
}

TEST_F(OtlpProtoTest, RowsAreTheSameWithoutDetails) {
  Make(500);
  const std::string text = Framed(Framing::kPlain, Messages(spans_, names_));
  const DecodedSpans with = DecodeSpans(kFormat, text, 1 << 20, names_);
  const DecodedSpans without = DecodeSpans(kFormat, text, 1 << 20, names_, false);
  ASSERT_EQ(with.batches.size(), without.batches.size());
  for (size_t b = 0; b < with.batches.size(); ++b) {
    EXPECT_TRUE(without.batches[b].details.empty());
    for (size_t i = 0; i < with.batches[b].calls.size(); ++i) {
      const model::Call& a = with.batches[b].calls[i];
      const model::Call& c = without.batches[b].calls[i];
      EXPECT_EQ(a.operation, c.operation);
      EXPECT_EQ(a.callee, c.callee);
      EXPECT_EQ(a.caller, c.caller);
      EXPECT_EQ(a.kind, c.kind);
      EXPECT_EQ(a.weight, c.weight);
    }
  }
}

TEST_F(OtlpProtoTest, Sniffs) {
  Make(3);
  const std::vector<std::string> messages = Messages(spans_, names_);
  for (const Framing framing : {Framing::kPlain, Framing::kFixed32, Framing::kVarint}) {
    const std::string text = Framed(framing, messages);
    EXPECT_EQ(kFormat.Sniff(text, "x"), Match::kYes);
    // Empty messages before it: an exporter that had nothing to say.
    if (framing == Framing::kFixed32) {
      EXPECT_EQ(kFormat.Sniff(std::string(8, '\0') + text, "x"), Match::kYes);
    }
  }
  // A resource that is longer than the head.
  std::string resource;
  WireWriter out(&resource);
  for (int i = 0; i < 3000; ++i) {
    std::string pair;
    WireWriter(&pair).Bytes(1, "key");
    WireWriter(&pair).Bytes(2, "\x0a\x10some text of 16b");
    out.Bytes(1, pair);
  }
  EXPECT_EQ(kFormat.Sniff(OneSpan(Ids(), resource).substr(0, 1 << 16), ""), Match::kMaybe);
  for (const std::string_view text :
       {""sv, "\n"sv, "\n\n"sv, "\n\0"sv, "{\"resourceSpans\":[]}"sv, "a,b,c\n1,2,3\n"sv,
        "\nsome text that begins with an empty line\nand goes on\n"sv, "\x1f\x8b\x08"sv,
        "\0\0\0\0"sv, "PAR1"sv, "\x28\xb5\x2f\xfd"sv}) {
    EXPECT_EQ(kFormat.Sniff(text, "spans.pb"), Match::kNo) << text;
  }
  // Logs: time as the first field of a record.
  std::string record, logs;
  WireWriter(&record).Fixed64(1, 1'700'000'000'000'000'000);
  WireWriter(&record).Bytes(3, "INFO");
  EXPECT_EQ(kFormat.Sniff(OneSpan(record, "\x0a\x07\x0a\x01k\x12\x02\x0a\x00"sv), ""), Match::kNo);
}

// As libprotobuf wrote it (opentelemetry-proto 1.45 for Python): what it said, beside what we read.
TEST_F(OtlpProtoTest, BytesOfLibprotobuf) {
  static constexpr std::string_view kHex =
      "0adc030a340a160a0c736572766963652e6e616d6512060a04636172740a180a0c6b38732e706f642e6e616d6512"
      "080a06636172742d30100112fa020a110a036c69621201311a070a01611202100112b4020a100001020304050607"
      "08090a0b0c0d0e0f120801020304050607081a076f743d74683a38220802030405060708092a0448474554300339"
      "01002a36fe9c97174189132a36fe9c97174a140a0964622e73797374656d12070a0572656469734a100a016e120b"
      "18feffffffffffffffff014a0e0a0178120921000000000000e03f4a090a016212043a0200ff4a120a016c120d2a"
      "0b0a0218010a030a01780a004a220a016d121d321b0a090a016b12043a0268690a0e0a0164120921000000000000"
      "f87f4a060a046e6f6e6550ac025a1b0909032a36fe9c9717120572657472791a070a016912021803200460056a32"
      "0a10101112131415161718191a1b1c1d1e1f120800010203040506071a03613d6222080a017412030a0175280235"
      "0100000070067a081204646f776e1802850101010000122e0a10000102030405060708090a0b0c0d0e0f12080203"
      "0405060708092a05474554202f30023900002a36fe9c97171a2768747470733a2f2f6f70656e74656c656d657472"
      "792e696f2f736368656d61732f312e33302e30";
  std::string text;
  for (size_t i = 0; i < kHex.size(); i += 2)
    text += static_cast<char>(std::stoi(std::string(kHex.substr(i, 2)), nullptr, 16));
  EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes);
  const DecodedSpans decoded = Decode(text);
  EXPECT_EQ(decoded.malformed, 0u) << decoded.example;
  ASSERT_EQ(decoded.spans.size(), 2u);
  const std::string writer =
      "resource 'cart'\n"
      "  'k8s.pod.name': 'cart-0'\n"
      "  dropped 1\n"
      "scope 'lib' '1'\n"
      "  'a': true\n";
  EXPECT_EQ(decoded.spans[0],
            R"(trace 000102030405060708090a0b0c0d0e0f span 0102030405060708 parent 0203040506070809
start 1700000000000000001 duration 5000 name 'HGET' kind 3 status 2 'down' flags 257
state 'ot=th:8'
  'db.system': 'redis'
  'n': -2
  'x': 5.000000e-01=3fe0000000000000
  'b': bytes '\00\ff'
  'l': json '{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"x"},{}]}}'
  'm': json '{"kvlistValue":{"values":[{"key":"k","value":{"bytesValue":"aGk="}},)"
            R"({"key":"d","value":{"doubleValue":"NaN"}}]}}'
  'none': json '{}'
  dropped 300
)" + writer + R"(event 1700000000000000777 'retry'
  'i': 3
  dropped 4
dropped events 5
link 101112131415161718191a1b1c1d1e1f 0001020304050607 state 'a=b' flags 1
  't': 'u'
  dropped 2
dropped links 6
)");
  EXPECT_EQ(decoded.spans[1],
            "trace 000102030405060708090a0b0c0d0e0f span 0203040506070809 parent "
            "0000000000000000\nstart 1700000000000000000 duration -9223372036854775808 "
            "name 'GET /' kind 2 status 0 '' flags 0\n" +
                writer);
  const model::Call& call = decoded.batches[0].calls[0];
  EXPECT_EQ(names_.Text(call.caller), "cart");
  EXPECT_EQ(names_.Text(call.caller_instance), "cart-0");
  EXPECT_EQ(names_.Text(call.callee), "redis");
  EXPECT_EQ(call.kind, model::Kind::kCache);
  EXPECT_EQ(call.weight, 2);
}

}  // namespace
}  // namespace plumbago::formats::otlp_proto
