#include "formats/spans/span_batch.h"

#include <fmt/format.h>

#include "base/strong_id.h"
#include "formats/csv/number.h"
#include "formats/spans/semantic_conventions.h"
#include "formats/spans/span_details.h"

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

}  // namespace

SpanBatch::SpanBatch(const Block& block, DecodeContext& context)
    : block_(block), context_(context) {
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
  if (call.side == Side::kClient) {
    call.caller = resource.service_id;
    call.caller_instance = resource.instance_id;
    if (!meaning.peer.empty())
      call.callee = Id<model::ServiceId>(names.services.Intern(meaning.peer));
  } else {
    call.callee = resource.service_id;
    call.callee_instance = resource.instance_id;
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
