// Spans of one block on their way to the sink: makes rows of them, by the semantic conventions.
//
// On the stack of Decode. What a span tells and a row does not hold goes to the row's details, if
// the run wants them (DecodeContext::details). Nothing of a span is kept after Add.
//
// Damage counted here: a time that is wrong (kWrongTime), what is longer than a row can hold
// (kTooLong). What a reader cannot make a span of it counts itself: Malformed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"
#include "formats/said_places.h"
#include "formats/spans/span.h"
#include "model/call_batch.h"

namespace plumbago::formats::spans {

class SpanBatch {
 public:
  // So many rows stay in the second cache until the sink has read them.
  static constexpr size_t kRows = 256;

  SpanBatch(const Block& block, DecodeContext& context);

  // `line` as in Origin: lines of the block before the span.
  void Add(const Span& span, uint32_t line);
  // Counts something that is no span: `column` is 1-based (0: not known), `text` says what was
  // found, what was expected and what to do.
  void Malformed(uint32_t line, uint64_t column, std::string_view text);
  // Hands on what is left.
  void Flush();

 private:
  void SetTimes(const Span& span, model::Call& call);
  void SetNames(const Span& span, model::Call& call);
  void AddAttributes(const Span& span, model::Call& call);
  // Appends what `attribute` is called, unless nobody compares it.
  void AddAttribute(model::ServiceId service, const Attribute& attribute,
                    std::vector<model::AttributeId>& ids);
  void AddLinks(const Span& span, const model::Call& call);
  // What FromRow of span_details put into attributes.
  void TakeBack(const Span& span, model::Call& call);
  void Know(const Resource& resource, const model::Origin& origin);

  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
  SaidPlaces said_;
  std::string scratch_;
  uint64_t number_ = 0;                                  // of this batch in the process
  std::vector<model::AttributeId> resource_attributes_;  // of all resources
};

}  // namespace plumbago::formats::spans
