// Parts of a document as HTML: tables, figures, findings. Pieces of a page, escaped; bounded by the
// limits.
#pragma once

#include <string>

#include "document/document.h"
#include "render/svg_chart.h"

namespace plumbago::render {

struct HtmlLimits {
  size_t rows = 20;         // of a table
  size_t figure_rows = 60;  // of the numbers below a figure
  size_t prose = 1500;      // characters of a text
  size_t name = 160;        // of a name
  size_t items = 40;        // of a list: findings, headlines, figures of a section, columns
  size_t graph_side = 20;   // nodes beside each other in a graph
  ChartLimits chart;
};

std::string HtmlTable(const document::Table& table, const HtmlLimits& limits, bool captioned);

// The picture, its legend, its numbers, and how it was computed.
std::string HtmlFigure(const document::Figure& figure, const std::string& computed,
                       const HtmlLimits& limits);

// Claim, effect, what it could save. `link`: id of the place with the rest.
std::string HtmlShortFinding(const document::Finding& finding, const std::string& link,
                             const HtmlLimits& limits);
std::string HtmlFullFinding(const document::Finding& finding, const HtmlLimits& limits);

// Headlines with their values under each repair.
std::string HtmlHeadlines(const document::Section& section, const HtmlLimits& limits);

}  // namespace plumbago::render
