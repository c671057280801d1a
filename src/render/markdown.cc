#include "render/markdown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "document/ranked_findings.h"
#include "render/chart.h"
#include "render/figure_table.h"
#include "render/finding_lines.h"
#include "render/quantity.h"
#include "render/report_facts.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Document;
using document::Figure;
using document::FigureKind;
using document::Finding;
using document::Section;
using document::Unit;
using document::Verdict;

constexpr int kChartColumns = 72;
constexpr size_t kFindings = 10;
constexpr size_t kFigureRows = 12;

std::string TitleOr(const std::string& title, const std::string& id) {
  return MarkdownText(title.empty() ? id : title);
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += " · ";
    out += MarkdownText(part);
  }
  return out;
}

void AddTable(const document::Table& table, size_t top, std::string& out) {
  if (table.columns.empty()) return;
  const size_t rows = std::min(top, table.rows.size());
  std::string rule = "|";
  out += "|";
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const document::Column& column = table.columns[c];
    bool number = column.unit != Unit::kNone;
    for (size_t r = 0; r < rows; ++r) {
      const auto& row = table.rows[r];
      if (c < row.size() && std::holds_alternative<std::string>(row[c])) number = false;
    }
    out += " " + MarkdownText(column.title.empty() ? column.id : column.title) + " |";
    rule += number ? " ---: |" : " --- |";
  }
  out += "\n" + rule + "\n";
  for (size_t r = 0; r < rows; ++r) {
    out += "|";
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const document::Cell cell = c < table.rows[r].size() ? table.rows[r][c] : document::Cell();
      const bool none = std::holds_alternative<std::monostate>(cell);
      out +=
          " " + (none ? "–" : MarkdownText(ShortIds(Quantity(cell, table.columns[c].unit)))) + " |";
    }
    out += "\n";
  }
  if (rows < table.rows_total()) {
    out += fmt::format("\n{} of {} rows\n", Count(rows), Count(table.rows_total()));
  }
  out += "\n";
}

void AddFigure(const Figure& figure, std::string& out) {
  out += fmt::format("**{}**\n\n", TitleOr(figure.title, figure.id));
  if (figure.kind == FigureKind::kGraph || figure.kind == FigureKind::kHeatMap) {
    AddTable(FigureTable(figure, kFigureRows), kFigureRows, out);
    return;
  }
  const bool bars = figure.kind == FigureKind::kBars || figure.kind == FigureKind::kHistogram ||
                    figure.kind == FigureKind::kStackedBars;
  const Lines lines =
      bars ? FullChart(figure, kChartColumns, kFigureRows) : SmallChart(figure, kChartColumns);
  // A block that is indented, not fenced: no text can end it.
  for (const Line& line : lines) out += "    " + line.Text(kChartColumns, false) + "\n";
  out += "\n";
}

void AddFinding(const Finding& finding, std::string& out) {
  out += fmt::format("- {} **{}** ({})", VerdictSign(finding.verdict),
                     MarkdownText(ShortIds(finding.claim)), VerdictText(finding.verdict));
  const auto add = [&](const char* label, const std::string& text) {
    if (!text.empty()) out += fmt::format("\n  - {}{}", label, MarkdownText(text));
  };
  if (finding.verdict != Verdict::kCannotSay) add("", EffectText(finding.effect));
  add(finding.verdict == Verdict::kCannotSay ? "why not: " : "note: ", finding.reason);
  add("do: ", finding.advice);
  if (finding.saves_ns) {
    add("could save, at most: ", Quantity(*finding.saves_ns, Unit::kNanoseconds));
  }
  add("assumes: ", fmt::format("{}", fmt::join(finding.assumptions, "; ")));
  add("examples: ", fmt::format("{}", fmt::join(finding.examples, " ")));
  add("published: ", finding.published);
  add("source: ", finding.source);
  out += "\n";
}

void AddCompleteness(const Document& document, std::string& out) {
  const document::Completeness& c = document.completeness;
  out += "## Completeness\n\n";
  std::vector<std::string> traces = {Count(document.traces.read) + " read"};
  for (const TracePart& part : TraceParts(document)) traces.push_back(part.text);
  if (!c.repair.empty()) traces.push_back("repair: " + c.repair);
  const auto fact = [&](const char* label, const std::string& text) {
    if (!text.empty()) out += fmt::format("- **{}**: {}\n", label, text);
  };
  if (c.statements.empty()) fact("traces", Joined(traces));
  for (const document::Statement& statement : c.statements)
    fact(MarkdownText(statement.label).c_str(), Joined(statement.parts));
  fact("window", Joined(WindowParts(c)));
  fact("damage", Joined(DamageParts(document.input)));
  std::vector<std::string> quality;
  for (const auto& [name, value] : QualityFacts(c))
    quality.push_back(fmt::format("{} {}", name, value));
  fact("quality", Joined(quality));
  fact("hidden", MarkdownText(HiddenClaim(c)));
  out += "\n";
}

void AddFindings(const Document& document, std::string& out) {
  const std::vector<document::RankedFinding> ranked = document::RankedFindings(document);
  if (ranked.empty()) return;
  out += "## Findings\n\n";
  size_t number = 0;
  for (const auto& [finding, section] : ranked) {
    if (number == kFindings) break;
    std::string said;
    if (finding->verdict == Verdict::kCannotSay) {
      said = "cannot say: " + finding->reason;
    } else {
      said = EffectText(finding->effect);
    }
    out += fmt::format("{}. {} {}{}{}\n", ++number, VerdictSign(finding->verdict),
                       MarkdownText(ShortIds(finding->claim)), said.empty() ? "" : " — ",
                       MarkdownText(said));
  }
  if (ranked.size() > number) {
    out += fmt::format("\n{} more in the sections below\n", Count(ranked.size() - number));
  }
  out += "\n";
}

void AddSection(const Section& section, size_t top, std::string& out) {
  out += fmt::format("## {}\n\n", TitleOr(section.title, section.id));
  if (!section.question.empty()) out += fmt::format("*{}*\n\n", MarkdownText(section.question));
  if (!section.headline.empty()) {
    document::Table table;
    table.columns = {{"name", "number", Unit::kNone, ""},
                     {"value", "value", Unit::kNone, ""},
                     {"accurate", "whole traces only", Unit::kNone, ""},
                     {"published", "published", Unit::kNone, ""}};
    const auto text = [](const std::optional<double>& value, Unit unit) {
      return value ? document::Cell(Quantity(*value, unit)) : document::Cell();
    };
    for (const document::Headline& headline : section.headline) {
      table.rows.push_back({headline.title.empty() ? headline.name : headline.title,
                            Quantity(headline.value, headline.unit),
                            text(headline.accurate, headline.unit),
                            text(headline.published, headline.unit)});
    }
    AddTable(table, table.rows.size(), out);
  }
  for (const Finding& finding : section.findings) AddFinding(finding, out);
  if (!section.findings.empty()) out += "\n";
  for (const Figure& figure : section.figures) AddFigure(figure, out);
  for (const document::Table& table : section.tables) {
    out += fmt::format("**{}**\n\n", TitleOr(table.title, table.id));
    AddTable(table, top, out);
  }
  if (!section.computed.empty()) {
    out += fmt::format("How this was computed: {}\n\n", MarkdownText(section.computed));
  }
}

}  // namespace

std::string MarkdownText(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*[]#|~$";
  const std::string printable = Printable(text);
  const auto letter = [&](size_t at) {
    const auto c = at < printable.size() ? static_cast<unsigned char>(printable[at]) : ' ';
    return std::isalnum(c) != 0 || c >= 0x80;
  };
  std::string out;
  out.reserve(printable.size() + 8);
  bool start = true, digits = true;  // nothing but blanks, or but digits, stands before
  for (size_t i = 0; i < printable.size(); ++i) {
    const char c = printable[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@') {
      out += "&#64;";  // a backslash does not keep it from calling someone
    } else {
      // "+", "-", "=" and "1." make lists and headings only where a line begins; an underline
      // within a word is none, so names stay readable.
      const bool leads = start ? (c == '+' || c == '-' || c == '=' || c == '>')
                               : digits && (c == '.' || c == ')') && !letter(i + 1);
      const bool underline = c == '_' && !(i > 0 && letter(i - 1) && letter(i + 1));
      if (leads || underline || kMarkup.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    if (c != ' ') start = false;
    if (c != ' ' && (c < '0' || c > '9')) digits = false;
  }
  return out;
}

std::string RenderMarkdown(const Document& document, const MarkdownOptions& options) {
  std::string out =
      fmt::format("# {}\n\n", MarkdownText(document.title.empty() ? "Report" : document.title));
  if (document.interrupted) {
    out +=
        "> **Partial**: interrupted before the end of the input; all below is about what was read "
        "until then.\n\n";
  }
  // Neither speed nor threads: the same text for the same data.
  out += Joined(InputParts(document.input, {})) + "\n\n";
  AddCompleteness(document, out);
  AddFindings(document, out);
  for (const Section& section : document.sections) AddSection(section, options.top, out);
  if (!document.next.empty()) {
    out += "## Next\n\n";
    for (const std::string& command : document.next) out += "    " + Printable(command) + "\n";
  }
  return out;
}

}  // namespace plumbago::render
