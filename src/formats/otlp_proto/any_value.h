// Values of attributes: AnyValue of OTLP, to and from spans::Value. Arrays, maps and "no value"
// become the JSON of OTLP's protobuf mapping without blanks, which any format can carry as text.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>

#include "formats/spans/span.h"

namespace plumbago::formats::otlp_proto {

// What views point into that are in no message. Rare: arrays and maps.
using Texts = std::forward_list<std::string>;

// Values within values.
inline constexpr int kMostDepth = 32;

// Reads the message of an AnyValue. Views point into it; the text of an array or map into `texts`,
// or is empty where that is nullptr (it is checked all the same). False: damage, or deeper than
// kMostDepth.
bool ReadValue(std::string_view message, spans::Value& value, Texts* texts);

// Appends the fields of an AnyValue. A text of kJson that is no such JSON is written as text.
void WriteValue(const spans::Value& value, std::string& out);

}  // namespace plumbago::formats::otlp_proto
