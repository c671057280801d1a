// Numbers of the fields of opentelemetry/proto/{trace,resource,common}/v1, which never change.
#pragma once

#include <cstdint>

#include "formats/protobuf/wire_cursor.h"

namespace plumbago::formats::otlp_proto {

using protobuf::Tag;
using protobuf::Wire;

namespace of_request {  // TracesData, ExportTraceServiceRequest
inline constexpr uint32_t kResourceSpans = 1;
}
namespace of_resource_spans {
inline constexpr uint32_t kResource = 1;
inline constexpr uint32_t kScopeSpans = 2;
inline constexpr uint32_t kOldScopeSpans = 1000;  // before OTLP 0.19, of the same lay-out
}  // namespace of_resource_spans
namespace of_resource {
inline constexpr uint32_t kAttributes = 1;
inline constexpr uint32_t kDroppedAttributes = 2;
}  // namespace of_resource
namespace of_scope_spans {
inline constexpr uint32_t kScope = 1;
inline constexpr uint32_t kSpans = 2;
}  // namespace of_scope_spans
namespace of_scope {
inline constexpr uint32_t kName = 1;
inline constexpr uint32_t kVersion = 2;
inline constexpr uint32_t kAttributes = 3;
inline constexpr uint32_t kDroppedAttributes = 4;
}  // namespace of_scope
namespace of_span {
inline constexpr uint32_t kTraceId = 1;
inline constexpr uint32_t kSpanId = 2;
inline constexpr uint32_t kTraceState = 3;
inline constexpr uint32_t kParentSpanId = 4;
inline constexpr uint32_t kName = 5;
inline constexpr uint32_t kKind = 6;
inline constexpr uint32_t kStart = 7;
inline constexpr uint32_t kEnd = 8;
inline constexpr uint32_t kAttributes = 9;
inline constexpr uint32_t kDroppedAttributes = 10;
inline constexpr uint32_t kEvents = 11;
inline constexpr uint32_t kDroppedEvents = 12;
inline constexpr uint32_t kLinks = 13;
inline constexpr uint32_t kDroppedLinks = 14;
inline constexpr uint32_t kStatus = 15;
inline constexpr uint32_t kFlags = 16;
}  // namespace of_span
namespace of_event {
inline constexpr uint32_t kTime = 1;
inline constexpr uint32_t kName = 2;
inline constexpr uint32_t kAttributes = 3;
inline constexpr uint32_t kDroppedAttributes = 4;
}  // namespace of_event
namespace of_link {
inline constexpr uint32_t kTraceId = 1;
inline constexpr uint32_t kSpanId = 2;
inline constexpr uint32_t kTraceState = 3;
inline constexpr uint32_t kAttributes = 4;
inline constexpr uint32_t kDroppedAttributes = 5;
inline constexpr uint32_t kFlags = 6;
}  // namespace of_link
namespace of_status {
inline constexpr uint32_t kMessage = 2;
inline constexpr uint32_t kCode = 3;
}  // namespace of_status
namespace of_key_value {
inline constexpr uint32_t kKey = 1;
inline constexpr uint32_t kValue = 2;
}  // namespace of_key_value
namespace of_value {  // AnyValue
inline constexpr uint32_t kText = 1;
inline constexpr uint32_t kBool = 2;
inline constexpr uint32_t kInt = 3;
inline constexpr uint32_t kDouble = 4;
inline constexpr uint32_t kArray = 5;
inline constexpr uint32_t kMap = 6;
inline constexpr uint32_t kBytes = 7;
}  // namespace of_value
namespace of_list {  // ArrayValue, KeyValueList
inline constexpr uint32_t kValues = 1;
}

}  // namespace plumbago::formats::otlp_proto
