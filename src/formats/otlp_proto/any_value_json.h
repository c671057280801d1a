// AnyValue of OTLP as JSON text, by the protobuf mapping: {"intValue":"1"}, {"stringValue":"x"},
// {"bytesValue":"aGk="}, {"arrayValue":{"values":[...]}}, {"kvlistValue":{"values":[{"key":..}]}},
// {} for no value. Numbers that JSON lacks are the texts NaN, Infinity, -Infinity.
#pragma once

#include <string>
#include <string_view>

namespace plumbago::formats::otlp_proto {

// Appends the JSON of an AnyValue's message. False: damage, or deeper than kMostDepth; then what
// was appended means nothing.
bool AppendJson(std::string_view message, std::string& json);

// Appends the fields of the AnyValue's message that `json` stands for. False: it is no such JSON;
// then nothing is appended.
bool AppendMessage(std::string_view json, std::string& message);

}  // namespace plumbago::formats::otlp_proto
