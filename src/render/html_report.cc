#include "render/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "document/ranked_findings.h"
#include "render/html_parts.h"
#include "render/html_text.h"
#include "render/quantity.h"
#include "render/report_facts.h"
#include "render/report_style.h"

namespace plumbago::render {
namespace {

using document::Document;
using document::Figure;
using document::Section;

constexpr size_t kFindings = 5;
constexpr size_t kMostRows = 200;
constexpr size_t kContents = 200;  // lines of the table of contents
constexpr size_t kGraphSide = 7;   // nodes beside each other in the first screen's graph
constexpr std::array kPartClasses = {"whole", "mended", "dropped"};

std::string TitleOf(const Section& section) {
  return Html(section.title.empty() ? section.id : section.title, 120);
}

// Ids are given by number too: two sections may have one name.
std::string IdOf(const Section& section, size_t number) {
  return HtmlId("s-", section.id) + (section.id.empty() ? fmt::format("{}", number) : "");
}

std::string Joined(const std::vector<std::string>& parts, size_t most) {
  std::string out;
  for (size_t i = 0; i < std::min(parts.size(), most); ++i) {
    if (i > 0) out += " · ";
    out += Html(parts[i], 160);
  }
  if (parts.size() > most) out += fmt::format(" · {} more", Count(parts.size() - most));
  return out;
}

// The parts as a bar: no inline style, so that the page's policy can forbid any.
std::string PartsBar(const std::vector<TracePart>& parts, uint64_t read) {
  constexpr double kLeast = 0.4;  // percent: what is there can be seen
  std::array<double, kPartClasses.size()> percent{};
  double sum = 0;
  for (size_t i = 0; i < percent.size(); ++i) {
    if (parts[i].count == 0) continue;
    percent[i] =
        std::max(static_cast<double>(parts[i].count) / static_cast<double>(read) * 100, kLeast);
    sum += percent[i];
  }
  std::string out = R"(<svg class="parts" width="100%" height="14" aria-hidden="true">)";
  double at = 0;
  for (size_t i = 0; i < percent.size(); ++i) {
    if (percent[i] == 0) continue;
    const double wide = percent[i] / sum * 100;
    out += fmt::format(R"(<rect x="{}%" width="{}%" height="14" class="{}"/>)", Coordinate(at),
                       Coordinate(wide), kPartClasses[i]);
    at += wide;
  }
  return out + "</svg>";
}

std::string TracesHtml(const Document& document) {
  const std::vector<TracePart> parts = TraceParts(document);
  std::string out;
  if (document.traces.read > 0) out += PartsBar(parts, document.traces.read);
  out += fmt::format(R"(<ul class="line"><li><b>{}</b> traces</li>)", Count(document.traces.read));
  for (size_t i = 0; i < parts.size(); ++i) {
    out +=
        fmt::format(R"(<li><span class="key {}"></span>{}</li>)", kPartClasses[i], parts[i].text);
  }
  return out + "</ul>";
}

std::string Completeness(const Document& document) {
  const document::Completeness& c = document.completeness;
  std::string out = fmt::format(R"(<div class="card whole"><h2 class="kicker">Completeness{}</h2>)",
                                c.repair.empty() ? "" : " · repair: " + Html(c.repair, 40));
  if (c.statements.empty()) out += TracesHtml(document);
  out += R"(<dl class="columns">)";
  const auto fact = [&](const char* label, const std::string& html) {
    if (!html.empty()) out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", label, html);
  };
  for (const document::Statement& statement : c.statements)
    fact(Html(statement.label, 40).c_str(), Joined(statement.parts, 8));
  fact("window", Joined(WindowParts(c), 4));
  fact("damage", Joined(DamageParts(document.input), 5));
  std::vector<std::string> quality;
  for (const auto& [name, value] : QualityFacts(c))
    quality.push_back(fmt::format("{} {}", name, value));
  fact("quality", Joined(quality, 6));
  fact("hidden", Html(HiddenClaim(c)));
  return out + "</dl></div>";
}

std::string Findings(const Document& document, const HtmlLimits& limits) {
  const std::vector<document::RankedFinding> ranked = document::RankedFindings(document);
  std::string out = R"(<div class="card"><h2 class="kicker">Findings</h2>)";
  if (ranked.empty())
    return out + R"(<p class="note">none: no analysis had a claim to test</p></div>)";
  out += R"(<ol class="findings">)";
  for (size_t i = 0; i < std::min(kFindings, ranked.size()); ++i) {
    const size_t number = static_cast<size_t>(ranked[i].section - document.sections.data());
    out += HtmlShortFinding(*ranked[i].finding, IdOf(*ranked[i].section, number), limits);
  }
  out += "</ol>";
  if (ranked.size() > kFindings) {
    out += fmt::format(R"(<p class="note">{} more in the sections below</p>)",
                       Count(ranked.size() - kFindings));
  }
  return out + "</div>";
}

struct Picture {
  const Figure* figure = nullptr;
  const Section* of = nullptr;
};

Picture FirstOf(const Document& document, std::optional<document::FigureKind> kind) {
  for (const Section& section : document.sections) {
    for (const Figure& figure : section.figures) {
      if (figure.key && (!kind || figure.kind == *kind)) return {&figure, &section};
    }
  }
  return {};
}

// Of the first screen: the graph, and what stacked bars there are; where there is neither the first
// key figure.
std::vector<Picture> FirstPictures(const Document& document) {
  std::vector<Picture> pictures;
  for (const auto kind : {document::FigureKind::kGraph, document::FigureKind::kStackedBars}) {
    const Picture picture = FirstOf(document, kind);
    if (picture.figure != nullptr) pictures.push_back(picture);
  }
  const Picture any = FirstOf(document, std::nullopt);
  if (pictures.empty() && any.figure != nullptr) pictures.push_back(any);
  return pictures;
}

std::string Damage(const Document& document, const HtmlLimits& limits) {
  if (document.input.by_kind.empty()) return "";
  document::Table table;
  table.title = "Kinds of damage";
  table.columns = {{"kind", "kind", document::Unit::kNone, ""},
                   {"count", "count", document::Unit::kCount, ""},
                   {"help", "what it is", document::Unit::kNone, ""},
                   {"first", "first seen", document::Unit::kNone, ""}};
  for (const document::DamageCount& kind : document.input.by_kind) {
    table.rows.push_back({kind.title.empty() ? kind.kind : kind.title,
                          static_cast<int64_t>(std::min<uint64_t>(kind.count, INT64_MAX)),
                          kind.help, kind.first});
  }
  HtmlLimits wide = limits;
  wide.name = std::max<size_t>(limits.name, 240);
  return HtmlTable(table, wide, true);
}

std::string Hidden(const Document& document, const HtmlLimits& limits) {
  const document::Completeness& c = document.completeness;
  if (c.hidden.empty()) return "";
  document::Table table;
  table.title = "What whole traces alone would say";
  table.columns = {{"title", "number", document::Unit::kNone, ""},
                   {"accurate", "whole traces only", document::Unit::kNone, ""},
                   {"rebuild", "all rebuilt", document::Unit::kNone, ""},
                   {"change", "change", document::Unit::kNone, ""}};
  for (const document::Survivorship& row : c.hidden) {
    table.rows.push_back({row.title.empty() ? row.name : row.title,
                          Quantity(row.accurate, row.unit), Quantity(row.rebuild, row.unit),
                          Change(row.change)});
  }
  return HtmlTable(table, limits, true);
}

std::string SectionHtml(const Document& document, const Section& section, size_t number,
                        const HtmlLimits& limits) {
  std::string out = fmt::format(
      R"(<section class="part" id="{}"><details open><summary><h2>{}</h2><span class="question">{}</span></summary><div class="body">)",
      IdOf(section, number), TitleOf(section), Html(section.question, 300));
  const std::string headlines = HtmlHeadlines(section, limits);
  if (!headlines.empty() || !section.findings.empty()) {
    out += R"(<div class="lead">)" + headlines + "<div>";
    for (size_t i = 0; i < std::min(limits.items, section.findings.size()); ++i) {
      out += HtmlFullFinding(section.findings[i], limits);
    }
    out += "</div></div>";
  }
  const size_t figures = std::min(limits.items, section.figures.size());
  if (figures > 0) out += R"(<div class="figures">)";
  for (size_t i = 0; i < figures; ++i) {
    out += HtmlFigure(section.figures[i], section.computed, limits);
  }
  if (figures > 0) out += "</div>";
  std::string tables;
  const bool completeness = section.id == "completeness";
  if (completeness) tables += Damage(document, limits) + Hidden(document, limits);
  for (size_t i = 0; i < std::min(limits.items, section.tables.size()); ++i) {
    // The kinds of damage stand above, with the first place of each.
    if (completeness && section.tables[i].id == "damage" && !document.input.by_kind.empty())
      continue;
    tables += HtmlTable(section.tables[i], limits, true);
  }
  if (!tables.empty()) out += R"(<div class="tables">)" + tables + "</div>";
  if (!section.computed.empty()) {
    out += fmt::format("<details><summary>How this was computed</summary><p>{}</p></details>",
                       Html(section.computed, limits.prose));
  }
  return out + "</div></details></section>\n";
}

std::string Head(const Document& document) {
  const std::string title = Html(document.title.empty() ? "Report" : document.title, 200);
  std::string out =
      R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">)"
      R"(<meta http-equiv="Content-Security-Policy" content=")";
  // Not even the page's own parts but these two: what slipped in as markup could neither run nor
  // load anything.
  out += fmt::format(
      "default-src 'none';base-uri 'none';form-action 'none';style-src '{}';script-src '{}'",
      kReportStyleHash, kReportScriptHash);
  out +=
      R"("><meta name="color-scheme" content="light dark"><meta name="generator" content="Plumbago">)";
  out += fmt::format("<title>{}</title><style>{}</style></head><body>\n", title, kReportStyle);
  out +=
      R"x(<a class="skip" href="#contents">Skip to the contents</a><svg width="0" height="0" class="defs" aria-hidden="true"><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5L8 4L0 7.5Z" class="head"/></marker>)x"
      R"x(<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" class="warn-ground"/><rect width="4" height="7" class="warn-ink"/></pattern><pattern id="stripes" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" class="bad-ground"/><rect width="2" height="4" class="bad-ink"/></pattern></defs></svg>)x";
  // Neither speed nor threads: the page is the same for the same data.
  out += fmt::format(
      R"(<div class="page"><header><h1>{}</h1><p>{}</p><button type="button" id="theme" class="js-only">Theme</button></header>)",
      title, Joined(InputParts(document.input, {}), 8));
  if (document.interrupted) {
    out +=
        R"(<p class="partial"><b>Partial:</b> interrupted before the end of the input; all below is about what was read until then.</p>)";
  }
  return out;
}

std::string FirstScreen(const Document& document, const HtmlLimits& limits) {
  const std::vector<Picture> pictures = FirstPictures(document);
  std::string out = fmt::format(R"(<main><div class="first{}">)", pictures.empty() ? " bare" : "");
  out += Completeness(document) + Findings(document, limits);
  if (!pictures.empty()) {
    HtmlLimits few = limits;
    few.graph_side = kGraphSide;
    out += R"(<div class="card">)";
    for (const Picture& picture : pictures)
      out += HtmlFigure(*picture.figure, picture.of->computed, few);
    out += "</div>";
  }
  return out + "</div>";
}

std::string Contents(const Document& document) {
  std::string out =
      R"(<nav class="contents card" id="contents" aria-label="Contents" tabindex="-1"><h2 class="kicker">Contents</h2><ol>)";
  for (size_t i = 0; i < std::min(kContents, document.sections.size()); ++i) {
    const Section& section = document.sections[i];
    out += fmt::format(R"(<li><a href="#{}">{}</a></li>)", IdOf(section, i), TitleOf(section));
  }
  return out + "</ol></nav>\n";
}

std::string Foot(const Document& document, size_t left_out) {
  std::string out;
  if (left_out > 0) {
    out += fmt::format(R"(<p class="note">{} {} no room in this file: see --json.</p>)",
                       Plural(left_out, "section", "sections"), left_out == 1 ? "has" : "have");
  }
  if (!document.next.empty()) {
    out += R"(<section class="part"><div class="card"><h2 class="kicker">Next</h2><ul>)";
    for (size_t i = 0; i < std::min<size_t>(document.next.size(), 12); ++i) {
      out += fmt::format("<li><code>{}</code></li>", Html(document.next[i], 300));
    }
    out += "</ul></div></section>";
  }
  out += "</main><footer>Made by Plumbago. This page needs no network and holds no other file.";
  if (!document.input.files.empty()) {
    out += " Read: " + Joined(document.input.files, 12) + ".";
  }
  return out + fmt::format("</footer></div><script>{}</script></body></html>\n", kReportScript);
}

}  // namespace

std::string RenderHtml(const Document& document, const HtmlOptions& options) {
  HtmlLimits limits;
  limits.rows = std::min(options.top, kMostRows);
  std::string top, end;
  std::vector<std::string> sections;
  for (;;) {
    top = Head(document) + FirstScreen(document, limits) + Contents(document);
    sections.clear();
    end = Foot(document, 0);
    size_t bytes = top.size() + end.size();
    for (size_t i = 0; i < document.sections.size() && bytes <= options.most_bytes; ++i) {
      sections.push_back(SectionHtml(document, document.sections[i], i, limits));
      bytes += sections.back().size();
    }
    if (bytes <= options.most_bytes) {
      for (const std::string& section : sections) top += section;
      return top + end;
    }
    if (limits.rows <= 5 && limits.items <= 5) break;
    limits.rows = std::max<size_t>(limits.rows / 2, 5);
    limits.figure_rows = std::max<size_t>(limits.figure_rows / 2, 5);
    limits.items = std::max<size_t>(limits.items / 2, 5);
    limits.prose = std::max<size_t>(limits.prose / 2, 200);
    limits.name = std::max<size_t>(limits.name / 2, 40);
    limits.chart.points = std::max<size_t>(limits.chart.points / 2, 40);
    limits.chart.cells = std::max<size_t>(limits.chart.cells / 2, 100);
    limits.chart.bars = std::max<size_t>(limits.chart.bars / 2, 6);
  }
  // As small as they get, and still too many: the first ones that fit.
  constexpr size_t kNote = 200;
  size_t shown = 0;
  for (; shown < sections.size(); ++shown) {
    if (top.size() + sections[shown].size() + end.size() + kNote > options.most_bytes) break;
    top += sections[shown];
  }
  return top + Foot(document, document.sections.size() - shown);
}

}  // namespace plumbago::render
