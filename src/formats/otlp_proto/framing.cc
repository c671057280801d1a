#include "formats/otlp_proto/framing.h"

#include <algorithm>

#include "formats/otlp_proto/fields.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireCursor;

// Longer ones are taken for something else.
constexpr uint64_t kLongestMessage = 1u << 30;

// Looks at the beginning of a message that may be cut where the head ends.
class Prober {
 public:
  Match Probe(std::string_view request, bool cut) {
    Each(request, cut, [&](uint32_t tag, std::string_view field, bool field_cut) {
      return tag != Tag(of_request::kResourceSpans, Wire::kBytes)
                 ? tag >> 3 != of_request::kResourceSpans
                 : ResourceSpans(field, field_cut);
    });
    if (wrong_) return Match::kNo;
    return span_ ? Match::kYes : attribute_ ? Match::kMaybe : Match::kNo;
  }

 private:
  // on_field(tag, bytes, cut) of each field until a span was found; false: it does not belong here.
  template <class OnField>
  bool Each(std::string_view message, bool cut, OnField on_field) {
    WireCursor in(message);
    while (!span_ && !wrong_) {
      const uint32_t tag = in.Next();
      if (tag == 0) break;
      std::string_view field;
      bool field_cut = false;
      if ((tag & 7) == static_cast<uint32_t>(Wire::kBytes)) {
        field = in.Bytes();
        if (!in.ok() && cut && in.fault() == WireCursor::Fault::kCut) {
          field = in.rest();
          field_cut = true;
        }
      } else {
        in.Skip(tag);
      }
      if (!in.ok() && !field_cut) break;
      wrong_ |= !on_field(tag, field, field_cut);
    }
    if (!span_ && !in.ok() && !(cut && in.fault() == WireCursor::Fault::kCut)) wrong_ = true;
    return !wrong_;
  }
  // Fields 1 to `most` of a message are bytes.
  static bool AreBytes(uint32_t tag, uint32_t most) {
    return tag >> 3 > most || (tag & 7) == static_cast<uint32_t>(Wire::kBytes);
  }

  bool ResourceSpans(std::string_view message, bool cut) {
    return Each(message, cut, [&](uint32_t tag, std::string_view field, bool field_cut) {
      if (!AreBytes(tag, 3)) return false;
      switch (tag >> 3) {
        case of_resource_spans::kResource:
          return Resource(field, field_cut);
        case of_resource_spans::kScopeSpans:
        case of_resource_spans::kOldScopeSpans:
          return ScopeSpans(field, field_cut);
        default:
          return true;
      }
    });
  }
  bool Resource(std::string_view message, bool cut) {
    return Each(message, cut, [&](uint32_t tag, std::string_view field, bool field_cut) {
      if (tag >> 3 == of_resource::kAttributes) return AreBytes(tag, 1) && Pair(field, field_cut);
      return tag >> 3 != of_resource::kDroppedAttributes ||
             tag == Tag(of_resource::kDroppedAttributes, Wire::kVarint);
    });
  }
  bool Pair(std::string_view message, bool cut) {
    return Each(message, cut, [&](uint32_t tag, std::string_view field, bool field_cut) {
      if (!AreBytes(tag, 2)) return false;
      if (tag >> 3 != of_key_value::kKey) return true;
      if (std::any_of(field.begin(), field.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' '; })) {
        return false;
      }
      attribute_ |= !field.empty() && !field_cut;
      return true;
    });
  }
  bool ScopeSpans(std::string_view message, bool cut) {
    return Each(message, cut, [&](uint32_t tag, std::string_view field, bool field_cut) {
      if (!AreBytes(tag, 3)) return false;
      return tag >> 3 != of_scope_spans::kSpans || Span(field, field_cut);
    });
  }
  bool Span(std::string_view message, bool cut) {
    size_t trace_id = 0, span_id = 0;
    const bool right = Each(message, cut, [&](uint32_t tag, std::string_view field, bool) {
      if (!AreBytes(tag, 5)) return false;
      if (tag >> 3 == of_span::kTraceId) trace_id = field.size();
      if (tag >> 3 == of_span::kSpanId) span_id = field.size();
      return true;
    });
    // A first span without ids is damage for the decoder to count.
    span_ = right && trace_id == 16 && span_id == 8;
    return right;
  }

  bool wrong_ = false;
  bool attribute_ = false;
  bool span_ = false;
};

// The first message that is not empty.
Match Probe(Framing framing, std::string_view head) {
  while (!head.empty()) {
    const Frame frame = FrameOf(framing, head);
    if (frame.prefix < 0 || frame.size > kLongestMessage) return Match::kNo;
    head.remove_prefix(static_cast<size_t>(frame.prefix));
    if (frame.size > 0) {
      // A plain head may end anywhere.
      return Prober().Probe(head.substr(0, frame.size),
                            framing == Framing::kPlain || frame.size > head.size());
    }
    if (framing == Framing::kVarint) return Match::kNo;  // zeros are no evidence
  }
  return Match::kNo;
}

}  // namespace

Recognised Recognise(std::string_view head) {
  for (const Framing framing : {Framing::kPlain, Framing::kFixed32, Framing::kVarint}) {
    const Match match = Probe(framing, head);
    if (match == Match::kYes || (match == Match::kMaybe && framing != Framing::kVarint))
      return {framing, match};
  }
  return {};
}

Frame FrameOf(Framing framing, std::string_view text) {
  if (framing == Framing::kPlain) return {0, text.size()};
  if (framing == Framing::kVarint) {
    WireCursor in(text);
    const uint64_t size = in.Varint();
    return in.ok() ? Frame{static_cast<int>(in.at() - text.data()), size} : Frame{-1, 0};
  }
  if (text.size() < 4) return {-1, 0};
  uint64_t size = 0;
  for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(text[i]);
  return {4, size};
}

size_t MessageCutter::Cut(std::string_view text, bool end_of_file) const {
  if (end_of_file) return text.size();
  if (framing_ == Framing::kPlain) {
    WireCursor in(text);
    const char* whole = text.data();
    while (const uint32_t tag = in.Next()) {
      in.Skip(tag);
      if (!in.ok()) break;
      whole = in.at();
    }
    return static_cast<size_t>(whole - text.data());
  }
  size_t whole = 0;
  while (whole < text.size()) {
    const Frame frame = FrameOf(framing_, text.substr(whole));
    if (frame.prefix < 0) break;
    const size_t prefix = static_cast<size_t>(frame.prefix);
    if (frame.size > text.size() - whole - prefix) break;
    whole += prefix + frame.size;
  }
  return whole;
}

}  // namespace plumbago::formats::otlp_proto
