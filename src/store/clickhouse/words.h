// Words and numbers as ClickHouse's tables of spans hold them: the exporter of OpenTelemetry,
// SigNoz and Jaeger write the same things in different ways, and old tables hold several.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/spans/span.h"

namespace plumbago::store::clickhouse {

// "Server", "SPAN_KIND_SERVER" (before 2024-08), "server"; else unspecified.
formats::spans::SpanKind KindOf(std::string_view word);
// "Error", "STATUS_CODE_ERROR", "ERROR"; else unset.
model::Status StatusOf(std::string_view word);

// "2022-06-20 21:09:16.935625000" (taken as UTC), with "T", "Z" or "+02:00"; or seconds since 1970
// with a fraction ("1655759356.935625000"). False: neither.
bool ParseMoment(std::string_view text, int64_t& ns);
// True for a date and time of which nobody wrote the zone.
bool LacksZone(std::string_view text);

// Up to 16 hex digits; 0: none, or something else.
uint64_t SpanIdOf(std::string_view text);

}  // namespace plumbago::store::clickhouse
