// The structs of formats/spans as messages of OTLP.
#pragma once

#include <string>

#include "formats/spans/span.h"

namespace plumbago::formats::otlp_proto {

// Append the fields of a message Resource, InstrumentationScope, Span.
void WriteResource(const spans::Resource& resource, std::string& out);
void WriteScope(const spans::Scope& scope, std::string& out);
void WriteSpan(const spans::Span& span, std::string& out);

}  // namespace plumbago::formats::otlp_proto
