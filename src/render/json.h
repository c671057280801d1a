// A document as JSON: one object, one line. The layout is documented in docs/formats/report-json.md
// and, for machines, in docs/formats/report.schema.json; a test checks real output against it. Keys
// come in a fixed order, numbers in the shortest form that reads back the same, so equal documents
// give equal bytes.
#pragma once

#include <optional>
#include <string>

#include "document/document.h"

namespace plumbago::render {

// Grows when a key is renamed, removed or changes its meaning; not when one is added.
inline constexpr int kReportSchema = 1;

struct JsonOptions {
  std::optional<size_t> top = 20;  // rows of each table; nothing: all
};

std::string RenderJson(const document::Document& document, const JsonOptions& options = {});

}  // namespace plumbago::render
