#include "render/finding_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "document/ranked_findings.h"
#include "render/first_screen.h"
#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Finding;
using document::Verdict;

constexpr size_t kShown = 5;

Style StyleOf(Verdict verdict) {
  return verdict == Verdict::kSupported      ? Style::kGood
         : verdict == Verdict::kContradicted ? Style::kBad
                                             : Style::kWarn;
}

void AddWrapped(std::string_view text, int indent, int width, Style style, Lines& lines) {
  if (text.empty()) return;
  for (const std::string& part : Wrap(Printable(text), width - indent)) {
    lines.push_back(Line().PadTo(indent).Add(part, style));
  }
}

}  // namespace

const char* VerdictSign(Verdict verdict) {
  return verdict == Verdict::kSupported ? "✓" : verdict == Verdict::kContradicted ? "✗" : "?";
}

const char* VerdictText(Verdict verdict) {
  return verdict == Verdict::kCannotSay ? "cannot say" : document::VerdictName(verdict);
}

std::string EffectText(const document::Effect& effect) {
  if (!effect.value && !effect.low && !effect.high) return "";
  std::string text = effect.name.empty() ? "" : effect.name + ": ";
  if (effect.value) text += Quantity(*effect.value, effect.unit);
  if (effect.low || effect.high) {
    const std::string range = Range(effect.low, effect.high, effect.unit);
    const std::string kind = effect.interval.empty() ? "" : "; " + effect.interval;
    text += effect.value ? fmt::format(" ({}{})", range, kind) : range + kind;
  }
  return text;
}

Lines ShortFinding(const Finding& finding, std::string_view note, int width) {
  Lines lines;
  for (const std::string& part : Wrap(ShortIds(Printable(finding.claim)), width - 4)) {
    Line line("  ");
    if (lines.empty()) line.Add(VerdictSign(finding.verdict), StyleOf(finding.verdict));
    lines.push_back(line.PadTo(4).Add(part, Style::kBold));
  }
  if (!note.empty() && lines.size() == 1 && lines[0].width() + 2 + TextWidth(note) <= width) {
    lines[0].Right(note, width, Style::kDim);
  }
  if (finding.verdict == Verdict::kCannotSay) {
    AddWrapped("cannot say: " + (finding.reason.empty() ? "no reason is given" : finding.reason), 4,
               width, Style::kPlain, lines);
    return lines;
  }
  // "95 %"; how the interval was made stands in the section.
  document::Effect effect = finding.effect;
  effect.interval = effect.interval.substr(0, effect.interval.find(','));
  std::vector<std::string> parts;
  for (std::string text : {EffectText(effect), finding.reason}) {
    if (!text.empty()) parts.push_back(std::move(text));
  }
  for (const std::string& part : parts.empty() ? parts : JoinParts(parts, width - 4))
    lines.push_back(Line("    ").Add(part));
  // What is contradicted is what others found, not the sentence above.
  if (finding.verdict == Verdict::kContradicted && !finding.published.empty())
    AddWrapped("elsewhere: " + finding.published, 4, width, Style::kDim, lines);
  return lines;
}

Lines FullFinding(const Finding& finding, int width) {
  constexpr int kIndent = 4, kText = 16;
  Lines lines;
  const std::string headline =
      fmt::format("{} ({})", finding.id, document::VerdictName(finding.verdict));
  lines.push_back(Line("  ")
                      .Add(VerdictSign(finding.verdict), StyleOf(finding.verdict))
                      .PadTo(kIndent)
                      .Add(headline, Style::kBold));
  AddWrapped(finding.claim, kIndent, width, Style::kPlain, lines);
  const auto fact = [&](const char* label, std::string_view text) {
    if (text.empty()) return;
    const char* shown = label;
    for (const std::string& part : Wrap(Printable(text), width - kText)) {
      lines.push_back(Line().PadTo(kIndent).Add(shown, Style::kDim).PadTo(kText).Add(part));
      shown = "";
    }
  };
  fact(finding.verdict == Verdict::kCannotSay ? "reason" : "note", finding.reason);
  fact("effect", EffectText(finding.effect));
  std::string evidence;
  for (const document::Evidence& item : finding.evidence) {
    if (!evidence.empty()) evidence += " · ";
    evidence += item.name + " " + Quantity(item.value, item.unit);
  }
  fact("evidence", evidence);
  fact("do", finding.advice);
  if (finding.saves_ns) {
    fact("saves", fmt::format("{} of requests' time in these traces, at most",
                              Quantity(*finding.saves_ns, document::Unit::kNanoseconds)));
  }
  fact("assumes", fmt::format("{}", fmt::join(finding.assumptions, "; ")));
  fact("examples", fmt::format("{}", fmt::join(finding.examples, " ")));
  fact("published", finding.published);
  fact("method", finding.method);
  fact("source", finding.source);
  return lines;
}

void AddFindings(const document::Document& document, Screen& screen) {
  const std::vector<document::RankedFinding> ranked = document::RankedFindings(document);
  if (ranked.empty()) return;
  std::array<size_t, 3> verdicts{};
  for (const auto& [finding, section] : ranked) ++verdicts[static_cast<size_t>(finding->verdict)];
  constexpr const char* kNames[] = {" supported", " contradicted", " cannot say"};
  std::vector<std::string> counts;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i] == 0) continue;
    counts.push_back(std::string(VerdictSign(static_cast<Verdict>(i))) + " " + Count(verdicts[i]) +
                     kNames[i]);
  }
  screen.Heading("FINDINGS", JoinParts(counts, 1000).front());
  for (size_t i = 0; i < std::min(ranked.size(), kShown); ++i) {
    screen.Add(ShortFinding(*ranked[i].finding, ranked[i].section->id, screen.width()));
  }
  if (ranked.size() > kShown) {
    screen.Add(
        Line(fmt::format("    … {} more: --section all", ranked.size() - kShown), Style::kDim));
  }
}

}  // namespace plumbago::render
