// Appends JSON without a state: what the writers of spans use, where base/json_writer would look at
// every character. Bytes that are no UTF-8 become U+FFFD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/spans/span.h"

namespace plumbago::formats::json {

// In quotes, escaped.
void AppendText(std::string_view text, std::string& out);
void AppendInt(int64_t value, std::string& out);
// The shortest that reads back as the same; "NaN", "Infinity", "-Infinity" as texts.
void AppendDouble(double value, std::string& out);
// An AnyValue of OTLP: {"intValue":"1"}.
void AppendAnyValue(const spans::Value& value, std::string& out);
// [{"key":"k","value":{"intValue":"1"}}]
void AppendAttributes(std::span<const spans::Attribute> attributes, std::string& out);

// Base64 without quotes (RFC 4648, with =).
void AppendBase64(std::string_view bytes, std::string& out);

}  // namespace plumbago::formats::json
