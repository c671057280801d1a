#include "engine/completeness_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/share.h"
#include "engine/characterise.h"

namespace plumbago::engine {

using analysis::Share;
using document::CellOf;
using document::Headline;
using document::Section;
using document::Unit;

const analysis::Description kCompletenessDescription = {
    "completeness", "Completeness",
    "How much of the truth does the data hold, and what hides in the rest?",
    "trace, path or parent, caller, callee",
    "Luo et al., SoCC'21; CASPER, ICPE'24; statistics.md T3, T4"};

namespace {

constexpr double kWorthTelling = 0.05;  // T3: a difference above 5 % is itself a finding

double Change(double accurate, double rebuild) {
  if (accurate == rebuild) return 0;
  return rebuild == 0 ? (accurate > 0 ? 1 : -1) : accurate / rebuild - 1;
}

document::Table DamageTable(const document::Document& d) {
  document::Table table{"damage",
                        "Damage by kind",
                        {{"kind", "kind", Unit::kNone, "name of the counter"},
                         {"count", "count", Unit::kCount, "rows, calls or traces hit"},
                         {"help", "what it means", Unit::kNone, "and what is done about it"}},
                        {},
                        false};
  for (const document::DamageCount& count : d.input.by_kind) {
    table.rows.push_back({count.kind, static_cast<int64_t>(count.count), count.help});
  }
  return table;
}

document::Table SurvivorshipTable(const document::Document& d) {
  document::Table table{"survivorship",
                        "Headlines with and without the damaged traces",
                        {{"section", "section", Unit::kNone, "of the headline"},
                         {"headline", "headline", Unit::kNone, "its name"},
                         {"none", "none", Unit::kNone, "nothing repaired"},
                         {"accurate", "accurate", Unit::kNone, "only undamaged traces"},
                         {"rebuild", "rebuild", Unit::kNone, "all rebuilt"}},
                        {},
                        false};
  for (const Section& section : d.sections) {
    for (const Headline& h : section.headline) {
      table.rows.push_back(
          {section.id, h.name, CellOf(h.none), CellOf(h.accurate), CellOf(h.rebuild)});
    }
  }
  return table;
}

document::Finding SurvivorshipFinding(const document::Document& d) {
  const document::Completeness& c = d.completeness;
  document::Finding f;
  f.id = "survivorship";
  f.claim = "keeping only undamaged traces gives the same picture";
  f.method =
      "each headline over undamaged traces alone against all traces rebuilt; 5 % counts as changed";
  f.source = "rule T3: a trace with more calls has more chances of damage";
  f.evidence = {
      {"headlines", Unit::kCount, static_cast<int64_t>(c.headlines)},
      {"changed by more than 5 %", Unit::kCount, static_cast<int64_t>(c.headlines_changed)},
      {"calls of an undamaged trace, mean", Unit::kCount, CellOf(c.calls_mean_whole)},
      {"calls of a damaged trace, mean", Unit::kCount, CellOf(c.calls_mean_damaged)}};
  if (d.traces.read == 0 || d.traces.complete == d.traces.read) {
    f.verdict = document::Verdict::kCannotSay;
    f.reason =
        d.traces.read == 0 ? "no trace was read" : "no trace is damaged: nothing could be hidden";
    return f;
  }
  if (d.traces.complete == 0) {
    f.verdict = document::Verdict::kContradicted;
    f.reason = "no trace is undamaged: nothing would be left";
    return f;
  }
  f.verdict =
      c.headlines_changed == 0 ? document::Verdict::kSupported : document::Verdict::kContradicted;
  f.effect = {
      "headlines that change", Unit::kShare, Share(c.headlines_changed, c.headlines), {}, {}, ""};
  f.rank = static_cast<double>(c.headlines_changed);
  return f;
}

// A headline that the repair mode changes.
struct Changed {
  const Section* section;
  const Headline* headline;
  const char* other;  // the mode that differs most from rebuild
  double others, rebuild;
  double change;
};

// The largest changes first.
std::vector<Changed> ChangedHeadlines(const document::Document& d, size_t& compared) {
  std::vector<Changed> all;
  for (const Section& section : d.sections) {
    for (const Headline& h : section.headline) {
      if (h.total || !h.rebuild || (!h.none && !h.accurate)) continue;
      ++compared;
      Changed changed{&section, &h, "", 0, *h.rebuild, 0};
      for (const auto& [mode, value] :
           {std::pair("none", h.none), std::pair("accurate", h.accurate)}) {
        if (!value || std::abs(Change(*value, *h.rebuild)) <= std::abs(changed.change)) continue;
        changed.other = mode;
        changed.others = *value;
        changed.change = Change(*value, *h.rebuild);
      }
      if (std::abs(changed.change) > kWorthTelling) all.push_back(changed);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Changed& a, const Changed& b) {
    return std::abs(a.change) > std::abs(b.change);
  });
  return all;
}

std::string ValueText(double value, Unit unit) {
  switch (unit) {
    case Unit::kShare:
      return fmt::format("{:.1f} %", value * 100);
    case Unit::kNanoseconds:
      return fmt::format("{:.4g} ms", value / 1e6);
    default:
      return fmt::format("{:.4g}", value);
  }
}

// T3: which answers depend on what is done about the damage.
document::Finding RepairFinding(const document::Document& d) {
  constexpr size_t kNamed = 3;
  document::Finding f;
  f.id = "repair-changes-answers";
  f.claim = "answers change with what is done about damaged traces";
  f.method =
      "each headline that does not grow with the number of traces, with all rebuilt, with nothing "
      "repaired, and over undamaged traces alone; more than 5 % counts as changed";
  f.source = "rule T3: a trace with more calls has more chances of damage";
  if (d.traces.complete == d.traces.read) {
    f.reason = d.traces.read == 0 ? "no trace was read" : "no trace is damaged: nothing to repair";
    return f;
  }
  size_t compared = 0;
  const std::vector<Changed> changed = ChangedHeadlines(d, compared);
  if (compared == 0) {
    f.reason = "no headline has a value in two of the modes";
    return f;
  }
  f.evidence = {{"headlines compared", Unit::kCount, static_cast<int64_t>(compared)},
                {"changed by more than 5 %", Unit::kCount, static_cast<int64_t>(changed.size())}};
  f.effect = {"headlines that change", Unit::kShare, Share(changed.size(), compared), {}, {}, ""};
  if (changed.empty()) {
    f.verdict = document::Verdict::kContradicted;
    f.reason = fmt::format("none of {} answers changes by more than 5 %", compared);
    return f;
  }
  f.verdict = document::Verdict::kSupported;
  f.rank = static_cast<double>(changed.size());
  f.advice = "Say with such an answer how it was repaired, and look at both values before you act.";
  f.claim = fmt::format(
      "{} of {} answers change by more than 5 % with the repair: ", changed.size(), compared);
  for (size_t i = 0; i < std::min(kNamed, changed.size()); ++i) {
    const Changed& c = changed[i];
    f.claim += fmt::format("{}{}: {} is {} rebuilt, {} with --repair {}", i > 0 ? "; " : "",
                           c.section->id, c.headline->title, ValueText(c.rebuild, c.headline->unit),
                           ValueText(c.others, c.headline->unit), c.other);
  }
  if (changed.size() > kNamed) f.claim += fmt::format("; and {} more", changed.size() - kNamed);
  return f;
}

}  // namespace

void FillSurvivorship(document::Document& document) {
  document::Completeness& c = document.completeness;
  if (document.traces.complete == document.traces.read) return;
  for (const Section& section : document.sections) {
    for (const Headline& h : section.headline) {
      if (h.total || !h.rebuild) continue;
      if (!h.accurate) continue;  // whole traces alone say nothing of it
      ++c.headlines;
      const double change = Change(*h.accurate, *h.rebuild);
      if (std::abs(change) <= kWorthTelling) continue;
      ++c.headlines_changed;
      c.hidden.push_back({section.id, h.name, h.title, h.unit, h.accurate, h.rebuild, change});
    }
  }
  std::stable_sort(c.hidden.begin(), c.hidden.end(), [](const auto& a, const auto& b) {
    return std::abs(a.change) > std::abs(b.change);
  });
}

Section CompletenessSection(const document::Document& d) {
  const document::Completeness& c = d.completeness;
  Section section;
  section.id = kCompletenessDescription.id;
  section.title = kCompletenessDescription.title;
  section.question = kCompletenessDescription.question;
  section.AddHeadline("traces_complete", "traces without damage", Unit::kShare,
                      Share(d.traces.complete, d.traces.read));
  section.AddHeadline("traces_kept", "traces kept", Unit::kShare,
                      Share(d.traces.complete + d.traces.repaired, d.traces.read));
  section.AddHeadline("rows_complete", "rows in traces without damage", Unit::kShare,
                      Share(c.rows_in_whole_traces, c.rows));
  section.AddHeadline("calls_mended", "calls mended", Unit::kShare, Share(c.calls_mended, c.calls));
  section.AddHeadline("calls_inserted", "calls inserted", Unit::kShare,
                      Share(c.calls_inserted, c.calls));
  section.AddHeadline("links_mended_right", "mended links expected to be right", Unit::kShare,
                      c.links_mended_confidence);
  section.AddHeadline("links_right", "all links expected to be right", Unit::kShare,
                      c.links_confidence);
  // Of traces with span ids alone.
  if (c.rows_folded + c.sides_inferred != 0) {
    section.AddHeadline("rows_folded", "rows of work inside a service", Unit::kShare,
                        Share(c.rows_folded, c.rows));
    section.AddHeadline("sides_inferred", "calls whose client side was inferred", Unit::kShare,
                        Share(c.sides_inferred, c.calls));
  }
  if (c.from_queues != 0) {
    section.AddHeadline("calls_from_queues",
                        "calls of a consumer whose producer is not in its trace", Unit::kShare,
                        Share(c.from_queues, c.calls));
  }
  if (c.sampled_of) {
    section
        .AddHeadline("sampled_of", "requests that the sampled traces stand for", Unit::kCount,
                     static_cast<double>(*c.sampled_of))
        .total = true;
    section
        .AddHeadline("effective_traces", "as good as so many traces without weights", Unit::kCount,
                     c.effective_traces)
        .total = true;
  }
  // Of spans with links to other traces alone.
  if (c.span_links != 0) {
    section.AddHeadline("span_links_not_here", "span links that lead to no span that is here",
                        Unit::kShare, Share(c.span_links_not_here, c.span_links));
  }
  section.findings = {SurvivorshipFinding(d), RepairFinding(d)};
  section.tables = {DamageTable(d), SurvivorshipTable(d)};
  section.computed =
      "Traces are whole (nothing altered but exact repeats joined), repaired (damaged and kept by "
      "the mode) or dropped. Mended links carry the odds that the evidence gives them; their mean "
      "is the share that is expected to be right. Cut at the start: " +
      c.window + ".";
  return section;
}

bool WantsCompleteness(const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  const auto in = [](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), kCompletenessDescription.id) != list.end();
  };
  return (only.empty() || in(only)) && !in(skip);
}

std::vector<std::string> SuggestNext(const document::Document& d) {
  std::vector<std::string> next;
  std::string input = d.input.files.empty() ? "INPUT" : d.input.files.front();
  if (d.input.files.size() > 1) input = "INPUT...";
  if (d.traces.repaired + d.traces.dropped != 0) {
    next.push_back(fmt::format("plumbago analyze --section completeness {}", input));
    next.push_back(fmt::format(
        "plumbago convert --repair rebuild --repair-log repairs.csv {} -o repaired.csv", input));
  }
  next.push_back(fmt::format("plumbago analyze --section edges --top 50 {}", input));
  next.push_back(fmt::format("plumbago analyze --json {} > report.json", input));
  return next;
}

}  // namespace plumbago::engine
