// Reads attributes as OTLP's JSON has them: {"key":"k","value":{"intValue":"1"}}. Enums, ids and
// numbers are taken in every way in which they are written (docs/formats/otlp-json.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/json/cursor.h"
#include "formats/spans/span.h"

namespace plumbago::formats::json {

bool ReadAnyValue(Cursor& json, spans::Value& value);
bool ReadAttribute(Cursor& json, spans::Attribute& attribute);
// Appends those of an array; null is none.
bool ReadAttributes(Cursor& json, std::vector<spans::Attribute>& attributes);

// Base64 of either alphabet, with or without = at its end. False: it is none.
bool DecodeBase64(std::string_view text, TextArena& arena, std::string_view& bytes);

}  // namespace plumbago::formats::json
