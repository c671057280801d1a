#include "render/html_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "render/figure_graph.h"
#include "render/figure_table.h"
#include "render/finding_lines.h"
#include "render/html_text.h"
#include "render/quantity.h"
#include "render/svg_graph.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Cell;
using document::Figure;
using document::FigureKind;
using document::Finding;
using document::Headline;
using document::Table;
using document::Unit;
using document::Verdict;

bool IsNumeric(const Table& table, size_t column, size_t rows) {
  bool number = table.columns[column].unit != Unit::kNone;
  for (size_t r = 0; r < rows; ++r) {
    if (column >= table.rows[r].size()) continue;
    if (std::holds_alternative<std::string>(table.rows[r][column])) return false;
    number = number || Number(table.rows[r][column]).has_value();
  }
  return number;
}

std::string TableCell(const Cell& cell, Unit unit, bool numeric, const HtmlLimits& limits) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    const std::string full = Printable(text->substr(0, 4 * limits.name));
    const std::string shown = ShortName(full);
    return fmt::format(R"(<td class="{}"{}>{}</td>)", TextWidth(shown) <= 24 ? "w" : "t",
                       shown == full ? "" : fmt::format(R"( title="{}")", Html(full, limits.name)),
                       HtmlName(shown, limits.name));
  }
  const std::optional<double> number = Number(cell);
  const std::string value =
      number && std::isfinite(*number) ? fmt::format(R"( data-v="{}")", *number) : "";
  return fmt::format(R"(<td class="{}"{}>{}</td>)", numeric ? "n" : "t", value,
                     number ? Quantity(cell, unit) : "–");
}

std::string TitleOr(const std::string& title, const std::string& id) {
  return title.empty() ? id : title;
}

// Where the value and its interval lie: on 0 .. 1 for a share, else from 0 to a bit more than the
// largest.
std::string IntervalPicture(const document::Effect& effect) {
  double most = effect.unit == Unit::kShare ? 1 : 0;
  for (const auto& value : {effect.low, effect.value, effect.high}) {
    if (!value) continue;
    if (!std::isfinite(*value) || *value < 0) return "";
    most = std::max(most, *value);
  }
  if (most <= 0 || !effect.low || !effect.high) return "";
  if (effect.unit != Unit::kShare) most *= 1.15;
  const auto at = [&](double value) { return Coordinate(5 + 210 * value / most); };
  std::string out =
      R"(<svg class="interval" viewBox="0 0 220 12" width="220" height="12" aria-hidden="true"><path class="rail" d="M5 6H215"/>)";
  out += fmt::format(R"(<path class="range" d="M{} 6H{}"/>)", at(*effect.low), at(*effect.high));
  if (effect.value) {
    out += fmt::format(R"(<circle class="dot" cx="{}" cy="6" r="4"/>)", at(*effect.value));
  }
  return out + "</svg>";
}

// A claim that is too long, up to where a part of it ends.
std::string FirstPart(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  for (const char* end : {": ", "; ", " (", ", ", " "}) {
    const size_t at = text.rfind(end, most - 2);
    if (at != std::string::npos && at >= most / 2) return text.substr(0, at) + " …";
  }
  return text;  // one long word: cut where it is escaped
}

std::string FocusName(const Figure& figure) {
  const std::optional<size_t> focus = FocusOf(figure);
  return focus ? figure.nodes[*focus].name : "the left";
}

std::string Saves(const Finding& finding) {
  if (!finding.saves_ns) return "";
  return fmt::format(R"(<span class="saves">could save at most {}</span> )",
                     Quantity(*finding.saves_ns, Unit::kNanoseconds));
}

// How many rows there are beyond those shown, and where they are to be had.
std::string RowsNote(const Table& table, size_t shown) {
  if (shown >= table.rows_total()) return "";
  return fmt::format(
      R"(<p class="note">{} of {} rows; all: <code>analyze --json --top all</code></p>)",
      Count(shown), Count(table.rows_total()));
}

}  // namespace

std::string HtmlTable(const Table& table, const HtmlLimits& limits, bool captioned) {
  const size_t rows = std::min(limits.rows, table.rows.size());
  const size_t columns = std::min(limits.items, table.columns.size());
  const std::string title = Html(TitleOr(table.title, table.id), 200);
  std::string out = fmt::format(
      R"(<div><div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="data">)",
      title);
  if (captioned) {
    out += fmt::format("<caption>{}</caption>", title);
  }
  out += "<thead><tr>";
  std::vector<bool> numeric;
  for (size_t c = 0; c < columns; ++c) {
    const document::Column& column = table.columns[c];
    numeric.push_back(IsNumeric(table, c, rows));
    const std::string help =
        column.help.empty() ? "" : fmt::format(R"( title="{}")", Html(column.help, 300));
    out += fmt::format(R"(<th scope="col"{}{}>{}</th>)", numeric[c] ? R"( class="n")" : "", help,
                       Html(TitleOr(column.title, column.id), 120));
  }
  out += "</tr></thead><tbody>";
  for (size_t r = 0; r < rows; ++r) {
    out += "<tr>";
    for (size_t c = 0; c < columns; ++c) {
      const bool there = c < table.rows[r].size();
      out +=
          TableCell(there ? table.rows[r][c] : Cell(), table.columns[c].unit, numeric[c], limits);
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>";
  out += RowsNote(table, rows);
  const bool explained =
      captioned && std::any_of(table.columns.begin(), table.columns.end(),
                               [](const document::Column& c) { return !c.help.empty(); });
  if (explained) {
    out += R"(<details class="note"><summary>What the columns mean</summary><dl class="facts">)";
    for (size_t c = 0; c < columns; ++c) {
      const document::Column& column = table.columns[c];
      if (column.help.empty()) continue;
      out += fmt::format("<dt>{}</dt><dd>{}</dd>", Html(TitleOr(column.title, column.id), 120),
                         Html(column.help, 300));
    }
    out += "</dl></details>";
  }
  return out + "</div>";
}

std::string HtmlFigure(const Figure& figure, const std::string& computed,
                       const HtmlLimits& limits) {
  const bool graph = figure.kind == FigureKind::kGraph;
  std::string picture = graph ? SvgWideGraph(figure, limits.graph_side) + SvgNarrowGraph(figure)
                              : SvgChart(figure, limits.chart);
  if (picture.empty()) picture = R"(<p class="note">no point of it can be drawn</p>)";
  std::string out =
      fmt::format("<figure{}><figcaption>{}</figcaption>", graph ? R"( class="full")" : "",
                  Html(ShortIds(TitleOr(figure.title, figure.id)), 300));
  out += picture + ChartLegend(figure);
  if (graph) {
    const size_t more = figure.more_nodes + SvgGraphLeftOut(figure, limits.graph_side);
    out += fmt::format(
        R"(<p class="note">By a name: calls × and their p99 on its strongest link towards {}; a line is as thick as the time waited, the bar in a box is its own time.{}</p>)",
        Html(ShortIds(FocusName(figure)), 60),
        more > 0 ? fmt::format(" {} more {} next to these.", Count(more),
                               more == 1 ? "service is" : "services are")
                 : "");
  }
  HtmlLimits numbers = limits;
  numbers.rows = limits.figure_rows;
  out += "<details><summary>The numbers, and how they were computed</summary>" +
         HtmlTable(FigureTable(figure, numbers.rows), numbers, false);
  if (!computed.empty()) out += fmt::format("<p>{}</p>", Html(computed, limits.prose));
  return out + "</details></figure>";
}

std::string HtmlShortFinding(const Finding& finding, const std::string& link,
                             const HtmlLimits& limits) {
  const char* verdict = document::VerdictName(finding.verdict);
  std::string out = fmt::format(
      R"(<li><span class="sign {}" role="img" aria-label="{}">{}</span><p class="claim">{}</p>)",
      verdict, VerdictText(finding.verdict), VerdictSign(finding.verdict),
      Html(FirstPart(ShortIds(finding.claim), std::min<size_t>(limits.prose, 170)), 180));
  std::string said;
  if (finding.verdict == Verdict::kCannotSay) {
    said = "cannot say: " + (finding.reason.empty() ? "no reason is given" : finding.reason);
  } else {
    document::Effect effect = finding.effect;
    effect.interval = effect.interval.substr(0, effect.interval.find(','));
    // What it could save is said once.
    if (finding.saves_ns && effect.value == finding.saves_ns) {
      effect.value.reset();
      effect.name.clear();
    }
    said = EffectText(effect);
    // What is contradicted is what others found, not the sentence above.
    if (finding.verdict == Verdict::kContradicted && !finding.published.empty()) {
      said += (said.empty() ? "elsewhere: " : " · elsewhere: ") + FirstPart(finding.published, 90);
    }
  }
  out +=
      fmt::format(R"(<p class="effect">{}{}{}<a href="#{}">more<span hidden> of {}</span></a></p>)",
                  Saves(finding), Html(ShortIds(said), 260), said.empty() ? "" : " · ", link,
                  Html(finding.id, 60));
  return out + "</li>";
}

std::string HtmlFullFinding(const Finding& finding, const HtmlLimits& limits) {
  const char* verdict = document::VerdictName(finding.verdict);
  std::string out = fmt::format(
      R"(<article class="finding v-{}"><p class="claim"><span class="chip {}">{} {}</span>{}</p>)",
      verdict, verdict, VerdictSign(finding.verdict), VerdictText(finding.verdict),
      Html(finding.claim, limits.prose));
  const std::string effect = EffectText(finding.effect);
  if (!effect.empty()) {
    out += fmt::format(R"(<p class="effect">{}</p>)", Html(effect, limits.prose)) +
           IntervalPicture(finding.effect);
  }
  out += R"(<dl class="facts">)";
  const auto fact = [&](const char* label, const std::string& html) {
    if (!html.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>", label, html);
  };
  fact(finding.verdict == Verdict::kCannotSay ? "why not" : "note",
       Html(finding.reason, limits.prose));
  fact("do", Html(finding.advice, limits.prose));
  if (finding.saves_ns) {
    fact("could save", Quantity(*finding.saves_ns, Unit::kNanoseconds) +
                           " of requests' time in these traces, at most");
  }
  std::string evidence;
  for (size_t i = 0; i < std::min(limits.items, finding.evidence.size()); ++i) {
    const document::Evidence& item = finding.evidence[i];
    if (i > 0) evidence += " · ";
    evidence +=
        Html(item.name, limits.name) + " " + Html(Quantity(item.value, item.unit), limits.name);
  }
  fact("evidence", evidence);
  const auto list = [&](const std::vector<std::string>& texts, const char* between) {
    std::string joined;
    for (size_t i = 0; i < std::min(limits.items, texts.size()); ++i) {
      if (i > 0) joined += between;
      joined += Html(texts[i], limits.name * 2);
    }
    return joined;
  };
  fact("assumes", list(finding.assumptions, "; "));
  const std::string examples = list(finding.examples, " ");
  if (!examples.empty()) fact("examples", "<code>" + examples + "</code>");
  fact("published", Html(finding.published, limits.prose));
  fact("method", Html(finding.method, limits.prose));
  fact("source", Html(finding.source, limits.prose));
  return out + "</dl></article>";
}

std::string HtmlHeadlines(const document::Section& section, const HtmlLimits& limits) {
  if (section.headline.empty()) return "";
  struct Variant {
    const char* title;
    const char* help;
    std::optional<double> Headline::* value;
  };
  constexpr Variant kVariants[] = {
      {"as written", "nothing is repaired", &Headline::none},
      {"whole traces only", "damaged traces are left out", &Headline::accurate},
      {"all rebuilt", "damaged traces are mended", &Headline::rebuild},
      {"published", "what a source gives for its own data", &Headline::published}};
  std::vector<const Variant*> shown;
  for (const Variant& variant : kVariants) {
    const bool any = std::any_of(section.headline.begin(), section.headline.end(),
                                 [&](const Headline& h) { return (h.*variant.value).has_value(); });
    if (any) shown.push_back(&variant);
  }
  std::string out =
      R"(<div class="scroll" tabindex="0" role="region" aria-label="Main numbers"><table><thead><tr><th scope="col">main numbers</th><th scope="col" class="n">value</th>)";
  for (const Variant* variant : shown) {
    out += fmt::format(R"(<th scope="col" class="n" title="{}">{}</th>)", variant->help,
                       variant->title);
  }
  out += "</tr></thead><tbody>";
  for (size_t i = 0; i < std::min(limits.items, section.headline.size()); ++i) {
    const Headline& headline = section.headline[i];
    out += fmt::format(R"(<tr><th scope="row" class="t">{}</th><td class="n"><b>{}</b></td>)",
                       Html(TitleOr(headline.title, headline.name), limits.name),
                       Quantity(headline.value, headline.unit));
    for (const Variant* variant : shown) {
      const std::optional<double>& value = headline.*variant->value;
      out += fmt::format(R"(<td class="n">{}</td>)", value ? Quantity(*value, headline.unit) : "–");
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

}  // namespace plumbago::render
