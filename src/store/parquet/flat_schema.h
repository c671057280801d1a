// Our own schema of spans in Parquet (docs/formats/parquet.md): a row is a span, with all that a
// span tells. Written by flat_stage, read by flat_layout.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "formats/spans/span.h"

namespace plumbago::store::flat {

struct ColumnSpec {
  const char* name;
  const char* type;  // of SQL
  bool of_row;       // read even where details are not wanted
};

#define PLUMBAGO_FLAT_MAP "MAP(VARCHAR, VARCHAR)"
inline constexpr std::array kColumns{
    ColumnSpec{"trace_id", "BLOB", true},
    ColumnSpec{"span_id", "BLOB", true},
    ColumnSpec{"parent_span_id", "BLOB", true},
    ColumnSpec{"service", "VARCHAR", true},
    ColumnSpec{"name", "VARCHAR", true},
    ColumnSpec{"kind", "VARCHAR", true},
    ColumnSpec{"start_ns", "BIGINT", true},
    ColumnSpec{"duration_ns", "BIGINT", true},
    ColumnSpec{"status", "VARCHAR", true},
    ColumnSpec{"status_message", "VARCHAR", false},
    ColumnSpec{"weight", "DOUBLE", false},
    ColumnSpec{"nested_left", "INTEGER", false},
    ColumnSpec{"nested_right", "INTEGER", false},
    ColumnSpec{"depth", "INTEGER", false},
    ColumnSpec{"attributes", PLUMBAGO_FLAT_MAP, true},
    ColumnSpec{"attribute_types", "VARCHAR", true},
    ColumnSpec{"resource_attributes", PLUMBAGO_FLAT_MAP, true},
    ColumnSpec{"resource_attribute_types", "VARCHAR", true},
    ColumnSpec{"scope_name", "VARCHAR", false},
    ColumnSpec{"scope_version", "VARCHAR", false},
    ColumnSpec{"scope_attributes", PLUMBAGO_FLAT_MAP, false},
    ColumnSpec{"scope_attribute_types", "VARCHAR", false},
    ColumnSpec{"events",
               "STRUCT(time_ns BIGINT, name VARCHAR, attributes " PLUMBAGO_FLAT_MAP
               ", attribute_types VARCHAR, dropped_attributes UINTEGER)[]",
               false},
    ColumnSpec{
        "links",
        "STRUCT(trace_id BLOB, span_id BLOB, trace_state VARCHAR, attributes " PLUMBAGO_FLAT_MAP
        ", attribute_types VARCHAR, dropped_attributes UINTEGER, "
        "flags UINTEGER, child_of BOOLEAN)[]",
        true},
    ColumnSpec{"trace_state", "VARCHAR", true},
    ColumnSpec{"flags", "UINTEGER", false},
    ColumnSpec{"follows_from", "BOOLEAN", false},
    ColumnSpec{"shared", "BOOLEAN", false},
    ColumnSpec{"from_store", "BOOLEAN", true},
    ColumnSpec{"dropped_attributes", "UINTEGER", false},
    ColumnSpec{"dropped_events", "UINTEGER", false},
    ColumnSpec{"dropped_links", "UINTEGER", false},
    ColumnSpec{"resource_dropped_attributes", "UINTEGER", false},
    ColumnSpec{"scope_dropped_attributes", "UINTEGER", false},
};
#undef PLUMBAGO_FLAT_MAP

// "internal", "server", ... and "unset", "ok", "error"; read back the same.
std::string_view KindWord(formats::spans::SpanKind kind);
std::string_view StatusWord(model::Status status);

// Values are texts; a letter each, in order, says of which type: s text, b boolean, i integer,
// d double, x bytes (base64), j JSON. No letters: all are texts.
char TypeLetter(formats::spans::Value::Type type);
bool TypeOf(char letter, formats::spans::Value::Type& type);
// `scratch` is overwritten; the answer may point into it.
std::string_view ValueText(const formats::spans::Value& value, std::string& scratch);

}  // namespace plumbago::store::flat
