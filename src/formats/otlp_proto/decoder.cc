#include "formats/otlp_proto/decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/otlp_proto/fields.h"
#include "formats/otlp_proto/span_message.h"
#include "formats/spans/span_batch.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireCursor;

class BlockDecoder {
 public:
  BlockDecoder(const Block& block, DecodeContext& context)
      : batch_(block, context),
        resource_(context.details),
        scope_(context.details),
        span_(context.details) {}

  // Any number of requests, one behind the other. `cut`: the text ends before the message does, and
  // that is counted.
  void Requests(std::string_view text, bool cut) {
    WireCursor in(text);
    bool in_record = false;
    while (in.ok()) {
      record_ = in.at();
      const uint32_t tag = in.Next();
      if (tag == 0) break;
      if (tag != Tag(of_request::kResourceSpans, Wire::kBytes)) {
        in.Skip(tag);
        continue;
      }
      const std::string_view message = in.Bytes();
      if (in.ok())
        ResourceSpans(message, false);
      else
        in_record = in.fault() == WireCursor::Fault::kCut;
    }
    if (in.ok()) return;
    if (!cut || in.fault() != WireCursor::Fault::kCut) {
      Count(in_record
                ? Problem{"a ResourceSpans that goes beyond the end of its message",
                          "as many bytes as its length says; what is whole of it is used", in.at()}
                : Problem{Describe(in.fault()),
                          "a ResourceSpans; what is behind it in this message is left out",
                          in.at()});
    }
    if (in_record) ResourceSpans(in.rest(), true);
  }
  void Count(const Problem& problem) {
    const uint64_t column =
        problem.at < record_ ? 0 : static_cast<uint64_t>(problem.at - record_) + 1;
    batch_.Malformed(line_++, column,
                     fmt::format("{}: expected {}", problem.found, problem.expected));
  }
  void BeginRecord(const char* at) { record_ = at; }
  uint64_t Finish() {
    batch_.Flush();
    return line_;
  }

 private:
  // Fields may stand in any order: the first `field` of a message of which `in` has read some.
  static std::string_view Ahead(WireCursor in, uint32_t field) {
    while (const uint32_t tag = in.Next()) {
      if (tag == Tag(field, Wire::kBytes)) return in.Bytes();
      in.Skip(tag);
    }
    return {};
  }

  void ReadResource(std::string_view message) {
    if (resource_.Read(message)) return;
    Count({"a resource with a damaged attribute", "a key and a value; the others are used",
           message.data()});
  }
  void ResourceSpans(std::string_view message, bool cut) {
    WireCursor in(message);
    bool known = false, in_scope = false;
    while (const uint32_t tag = in.Next()) {
      switch (tag) {
        case Tag(of_resource_spans::kResource, Wire::kBytes): {
          const std::string_view resource = in.Bytes();
          if (!known && in.ok()) ReadResource(resource);
          known = true;
          break;
        }
        case Tag(of_resource_spans::kScopeSpans, Wire::kBytes):
        case Tag(of_resource_spans::kOldScopeSpans, Wire::kBytes): {
          const std::string_view spans = in.Bytes();
          if (!known) ReadResource(Ahead(in, of_resource_spans::kResource));
          known = true;
          in_scope = !in.ok();
          if (in.ok()) ScopeSpans(spans, false);
          break;
        }
        default:
          in.Skip(tag);
      }
    }
    if (in.ok()) return;
    const bool here = in.fault() == WireCursor::Fault::kCut;
    if (!here || !cut) {
      Count({Describe(in.fault()), "the fields of a ResourceSpans; the next one is used", in.at()});
    }
    if (here && in_scope) ScopeSpans(in.rest(), true);
  }
  void ScopeSpans(std::string_view message, bool cut) {
    WireCursor in(message);
    bool known = false;
    const spans::Scope* scope = nullptr;
    const auto read_scope = [&](std::string_view bytes) {
      if (!scope_.Read(bytes)) {
        Count({"a scope with a damaged attribute", "a key and a value; the others are used",
               bytes.data()});
      }
      scope = &scope_.scope();
    };
    while (const uint32_t tag = in.Next()) {
      switch (tag) {
        case Tag(of_scope_spans::kScope, Wire::kBytes): {
          const std::string_view bytes = in.Bytes();
          if (!known && in.ok()) read_scope(bytes);
          known = true;
          break;
        }
        case Tag(of_scope_spans::kSpans, Wire::kBytes): {
          const std::string_view span = in.Bytes();
          if (!in.ok()) break;
          if (!known) {
            const std::string_view bytes = Ahead(in, of_scope_spans::kScope);
            if (bytes.data() != nullptr) read_scope(bytes);
            known = true;
          }
          Span(span, scope);
          break;
        }
        default:
          in.Skip(tag);
      }
    }
    if (in.ok() || (cut && in.fault() == WireCursor::Fault::kCut)) return;
    Count({Describe(in.fault()), "the fields of a ScopeSpans; the next one is used", in.at()});
  }
  void Span(std::string_view message, const spans::Scope* scope) {
    if (!span_.Read(message)) [[unlikely]] {
      Count({span_.problem().found, span_.problem().expected, span_.problem().at});
      return;
    }
    spans::Span& span = span_.span();
    span.resource = &resource_.resource();
    span.scope = scope;
    batch_.Add(span, line_++);
    if (span_.bad_links() > 0) [[unlikely]]
      Count(span_.first_bad_link());
  }

  spans::SpanBatch batch_;
  ResourceReader resource_;
  ScopeReader scope_;
  SpanReader span_;
  const char* record_ = nullptr;
  uint32_t line_ = 0;
};

}  // namespace

void OtlpProtoDecoder::Decode(const Block& block, DecodeContext& context) const {
  BlockDecoder decoder(block, context);
  std::string_view text = block.text;
  while (!text.empty()) {
    const Frame frame = FrameOf(framing_, text);
    decoder.BeginRecord(text.data());
    if (frame.prefix < 0) {
      decoder.Count({"the file ends within the length of a message", "a message", text.data()});
      break;
    }
    text.remove_prefix(static_cast<size_t>(frame.prefix));
    const bool cut = frame.size > text.size();
    if (cut) {
      decoder.Count({"the file ends within a message",
                     "as many bytes as its length says; what is whole of it is used", text.data()});
    }
    const size_t size = cut ? text.size() : static_cast<size_t>(frame.size);
    decoder.Requests(text.substr(0, size), cut);
    text.remove_prefix(size);
  }
  context.lines = decoder.Finish();
}

}  // namespace plumbago::formats::otlp_proto
