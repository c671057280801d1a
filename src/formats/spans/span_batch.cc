#include "formats/spans/span_batch.h"

#include <fmt/format.h>

#include <atomic>

#include "base/strong_id.h"
#include "formats/csv/number.h"
#include "formats/spans/semantic_conventions.h"
#include "formats/spans/span_details.h"
#include "model/attribute_cache.h"
#include "model/attribute_text.h"

namespace plumbago::formats::spans {
namespace {

using model::Call;
using model::Kind;
using model::kNoTime;
using model::Side;

// 2096 as time since 1970, as in CSV: no sum of two times overflows.
constexpr int64_t kMostNs = csv::kMaxMilliseconds * 1'000'000;

Side SideOf(SpanKind kind) {
  switch (kind) {
    case SpanKind::kClient:
    case SpanKind::kProducer:
      return Side::kClient;
    case SpanKind::kServer:
    case SpanKind::kConsumer:
      return Side::kServer;
    case SpanKind::kInternal:
    case SpanKind::kUnspecified:
      break;
  }
  return Side::kUnknown;
}

// A resource outlives the batch of a block, and the next one may lie where that did.
uint64_t NextNumber() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

SpanBatch::SpanBatch(const Block& block, DecodeContext& context)
    : block_(block), context_(context) {
  if (context.attributes != nullptr) number_ = NextNumber();
  batch_.calls.reserve(kRows);
}

void SpanBatch::Add(const Span& span, uint32_t line) {
  static constexpr Call kBlank;
  Call& call = batch_.calls.emplace_back(kBlank);
  call.origin = {block_.index, line};
  call.trace = span.trace;
  call.span = span.id;
  call.parent_span = span.parent;
  call.side = SideOf(span.kind);
  call.status = span.status;
  call.from_store = span.from_store;
  SetTimes(span, call);
  if (!span.trace_state.empty()) call.weight = WeightOf(span.trace_state);
  SetNames(span, call);
  if (!span.links.empty()) [[unlikely]]
    AddLinks(span, call);
  if (context_.attributes != nullptr) AddAttributes(span, call);
  if (context_.details) {
    call.details_offset = batch_.details.size();
    AppendDetails(span, batch_.details);
    call.details_size = static_cast<uint32_t>(batch_.details.size() - call.details_offset);
  }
  if (batch_.calls.size() == kRows) Flush();
}

void SpanBatch::SetTimes(const Span& span, Call& call) {
  const bool starts = span.start_ns >= -kMostNs && span.start_ns <= kMostNs;  // not kNoTime
  call.start_ns = starts ? span.start_ns : kNoTime;
  if (starts && span.duration_ns >= 0 && span.duration_ns <= kMostNs - span.start_ns) [[likely]] {
    call.duration_ns = span.duration_ns;
    return;
  }
  call.duration_ns = kNoTime;
  if (span.start_ns == kNoTime || span.duration_ns == kNoTime) return;  // not told
  if (starts && span.duration_ns < 0) call.duration_ns = 0;
  if (!context_.damage.WantsExample(model::Damage::kWrongTime, call.origin)) {
    context_.damage.Add(model::Damage::kWrongTime);
    return;
  }
  context_.damage.Add(model::Damage::kWrongTime,
                      model::Example{call.origin,
                                     0,
                                     fmt::format("span {:016x} starts at {} ns and takes {} ns",
                                                 span.id, span.start_ns, span.duration_ns),
                                     {}});
}

void SpanBatch::Know(const Resource& resource, const model::Origin& origin) {
  model::NameCaches& names = context_.names;
  resource.known = true;
  resource.attributes_of = 0;
  resource.service_id = model::kNoService;
  resource.instance_id = model::kNoInstance;
  if (!resource.service.empty())
    resource.service_id = Id<model::ServiceId>(names.services.Intern(resource.service));
  const std::string_view instance = InstanceOf(resource);
  if (instance.empty()) return;
  resource.instance_id = Id<model::InstanceId>(names.instances.Intern(instance));
  const Place place = PlaceOf(resource);
  // The widest that is told: clusters are what calls may cross at a price (T6).
  for (const std::string_view where : {place.cluster, place.zone, place.region}) {
    if (where.empty()) continue;
    said_.Say(resource.instance_id, Id<model::InstanceId>(names.instances.Intern(where)), origin,
              batch_.samples);
    break;
  }
}

void SpanBatch::SetNames(const Span& span, Call& call) {
  const Resource& resource = *span.resource;
  if (!resource.known) Know(resource, call.origin);
  model::NameCaches& names = context_.names;
  // Waiting for the memory of the name overlaps with what stands between these.
  const uint64_t name_hash = names.operations.Prepare(span.name);
  const Meaning meaning = MeaningOf(span, scratch_);
  names.operations.Approach(name_hash);
  call.kind = meaning.kind;
  if (meaning.receives) call.side = Side::kServer;
  if (call.side == Side::kClient) {
    call.caller = resource.service_id;
    call.caller_instance = resource.instance_id;
    if (!meaning.peer.empty())
      call.callee = Id<model::ServiceId>(names.services.Intern(meaning.peer));
  } else {
    call.callee = resource.service_id;
    call.callee_instance = resource.instance_id;
    // A consumer's queue: who called it, unless its producer is in the trace (docs/design/0016).
    if (!meaning.peer.empty())
      call.caller = Id<model::ServiceId>(names.services.Intern(meaning.peer));
  }
  for (const Attribute& attribute : span.attributes) {
    if (IsOwnKey(attribute.key)) [[unlikely]] {
      TakeBack(span, call);
      break;
    }
  }
  if (!span.name.empty())
    call.operation = Id<model::OperationId>(names.operations.Intern(span.name, name_hash));
}

void SpanBatch::AddAttribute(model::ServiceId service, const Attribute& attribute,
                             std::vector<model::AttributeId>& ids) {
  model::AttributeCache& cache = *context_.attributes;
  const Value& value = attribute.value;
  char digits[32];
  const auto text = [&]() -> std::string_view {
    switch (value.type) {
      case Value::Type::kBool:
        return value.integer != 0 ? "true" : "false";
      case Value::Type::kInt:
        return {digits, fmt::format_to_n(digits, sizeof digits, "{}", value.integer).out};
      case Value::Type::kDouble:
        return {digits, fmt::format_to_n(digits, sizeof digits, "{}", value.number).out};
      case Value::Type::kBytes:
        return model::kNotKept;
      default:
        return value.text;
    }
  };
  const model::AttributeId id = cache.Intern(service, attribute.key, text());
  if (id != model::AttributeCache::kUnused) ids.push_back(id);
}

// Those of the span, then those of its resource.
void SpanBatch::AddAttributes(const Span& span, Call& call) {
  const Resource& resource = *span.resource;
  std::vector<model::AttributeId>& ids = batch_.attributes;
  const size_t begin = ids.size();
  for (const Attribute& attribute : span.attributes) {
    AddAttribute(resource.service_id, attribute, ids);
  }
  if (resource.attributes_of != number_) {
    resource.attributes_of = number_;
    const size_t first = resource_attributes_.size();
    for (const Attribute& attribute : resource.attributes) {
      AddAttribute(resource.service_id, attribute, resource_attributes_);
    }
    resource.attributes_begin = static_cast<uint32_t>(first);
    resource.attributes_count = static_cast<uint32_t>(resource_attributes_.size() - first);
  }
  const auto of_resource = resource_attributes_.begin() + resource.attributes_begin;
  ids.insert(ids.end(), of_resource, of_resource + resource.attributes_count);
  if (ids.size() - begin > model::kMostAttributes) ids.resize(begin + model::kMostAttributes);
  call.attributes = static_cast<uint8_t>(ids.size() - begin);
}

// Of the name and the place that a row of the span tells.
void SpanBatch::AddLinks(const Span& span, const Call& call) {
  const bool client = model::ClientWrote(call);
  for (const Link& link : span.links) {
    model::SpanLink& out = batch_.links.emplace_back();
    out.target = link.trace;
    out.target_span = link.span;
    out.from = span.trace;
    out.from_span = span.id;
    out.start_ns = call.start_ns;
    out.service = client ? call.caller : call.callee;
    out.operation = call.operation;
    out.instance = client ? call.caller_instance : call.callee_instance;
    out.origin = call.origin;
    out.repeats_parent = link.trace == span.trace && link.span == span.parent;
  }
}

void SpanBatch::TakeBack(const Span& span, Call& call) {
  model::NameCaches& names = context_.names;
  const bool client = call.side == Side::kClient;
  for (const Attribute& attribute : span.attributes) {
    const std::string_view text = attribute.value.text;
    if (attribute.key == kKindKey) {
      for (uint8_t k = 0; k < model::kKinds; ++k) {
        if (text == model::KindName(static_cast<Kind>(k))) call.kind = static_cast<Kind>(k);
      }
    } else if (attribute.key == kOtherKey && !text.empty()) {
      (client ? call.callee : call.caller) = Id<model::ServiceId>(names.services.Intern(text));
    } else if (attribute.key == kOtherInstanceKey && !text.empty()) {
      (client ? call.callee_instance : call.caller_instance) =
          Id<model::InstanceId>(names.instances.Intern(text));
    } else if (attribute.key == kEntryKey && !text.empty()) {
      call.entry = Id<model::OperationId>(names.operations.Intern(text));
    } else if (attribute.key == kFromUserKey) {
      call.from_user = attribute.value.integer != 0;
    } else if (attribute.key == kWeightKey && attribute.value.number >= 1 &&
               attribute.value.number <= 1e30) {
      call.weight = static_cast<float>(attribute.value.number);
    }
  }
}

void SpanBatch::Malformed(uint32_t line, uint64_t column, std::string_view text) {
  const model::Origin origin{block_.index, line};
  if (!context_.damage.WantsExample(model::Damage::kMalformed, origin)) {
    context_.damage.Add(model::Damage::kMalformed);
    return;
  }
  context_.damage.Add(model::Damage::kMalformed,
                      model::Example{origin, column, std::string(text), {}});
}

void SpanBatch::Flush() {
  if (batch_.calls.empty() && batch_.samples.empty()) return;
  context_.sink.Accept(batch_);
  batch_.Clear();
}

}  // namespace plumbago::formats::spans
