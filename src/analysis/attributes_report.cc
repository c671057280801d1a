// What `attributes` says: its tables, findings and headlines.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "analysis/attributes.h"
#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "base/strong_id.h"
#include "model/attribute_text.h"
#include "statistics/cluster_jackknife.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;
using Compared = Attributes::Compared;
using Result = Attributes::Result;

constexpr size_t kShown = 4;  // attributes of one row; the others are counted
constexpr size_t kLongest = 80;

std::string TextOf(model::AttributeId id, const model::Names& names) {
  const model::AttributeParts parts = model::PartsOfAttribute(names.Text(id));
  std::string text = fmt::format("{}={}", parts.key, parts.value);
  if (text.size() <= kLongest) return text;
  size_t end = kLongest;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;  // a whole character
  return text.substr(0, end) + "...";
}

// "k8s.pod.name=a, host.name=b, and 2 more".
std::string TextOf(const Compared& one, const model::Names& names) {
  std::string text;
  for (size_t i = 0; i < std::min(kShown, one.attributes.size()); ++i) {
    if (i > 0) text += ", ";
    text += TextOf(one.attributes[i], names);
  }
  if (one.attributes.size() > kShown) {
    text += fmt::format(", and {} more", one.attributes.size() - kShown);
  }
  return text;
}

std::string OperationOf(const Compared& one, const model::Names& names) {
  return NameOf(names.Text(one.service), names.Text(one.operation));
}

// A ratio with as many digits as mean something.
std::string RatioText(double ratio) {
  return ratio < 10 ? fmt::format("{:.1f}", ratio) : fmt::format("{:.0f}", ratio);
}

std::string TimeText(double ns) {
  if (ns >= 1e9) return fmt::format("{:.2f} s", ns / 1e9);
  if (ns >= 1e6) return fmt::format("{:.1f} ms", ns / 1e6);
  return fmt::format("{:.1f} us", ns / 1e3);
}

document::Table FailedTable(const Result& result, const Facts& facts) {
  document::Table table;
  table.id = "attributes_failed";
  table.title = "Attributes of spans that fail more often";
  table.key = true;
  table.columns = {
      {"attribute", "attribute", Unit::kNone, "several that the same spans have are one"},
      {"operation", "operation", Unit::kNone, "service and operation whose spans are compared"},
      {"spans", "spans with it", Unit::kCount, "of the operation"},
      {"failed", "failed with it", Unit::kShare, "of these spans"},
      {"failed_without", "without it", Unit::kShare, "of the operation's other spans"},
      {"ratio", "times as often", Unit::kRatio, "of the two shares"},
      {"low", "at least", Unit::kRatio, "95 %, jackknife over groups of time"},
      {"high", "at most", Unit::kRatio, ""},
      {"excess", "failures in excess", Unit::kCount, "beyond the share of the other spans"},
      {"p", "p", Unit::kNone, "of chance, adjusted for all that was compared"},
  };
  const model::Names& names = *facts.names;
  const size_t rows = std::min(result.failed.size(), facts.table_rows);
  table.more_rows = result.failed.size() - rows;
  for (const Compared& one : std::span(result.failed).first(rows)) {
    const AttributeEffect& e = one.effect;
    table.rows.push_back(RowOf(TextOf(one, names), OperationOf(one, names), e.with.spans,
                               e.with.failed_share(), e.without.failed_share(), e.failed_ratio,
                               e.failed_bounds->low, e.failed_bounds->high,
                               std::llround(e.excess_failed()), one.failed_p));
  }
  return table;
}

document::Table SlowTable(const Result& result, const Facts& facts) {
  document::Table table;
  table.id = "attributes_slow";
  table.title = "Attributes of spans that take longer";
  table.key = true;
  table.columns = {
      {"attribute", "attribute", Unit::kNone, "several that the same spans have are one"},
      {"operation", "operation", Unit::kNone, "service and operation whose spans are compared"},
      {"spans", "spans with it", Unit::kCount, "of the operation"},
      {"median", "median with it", Unit::kNanoseconds, "of these spans"},
      {"median_without", "without it", Unit::kNanoseconds, "of the operation's other spans"},
      {"ratio", "times as long", Unit::kRatio, "of geometric means"},
      {"low", "at least", Unit::kRatio, "95 %, jackknife over groups of time"},
      {"high", "at most", Unit::kRatio, ""},
      {"slow", "slow with it", Unit::kShare, "above the 95th percentile of the operation"},
      {"slow_without", "without it", Unit::kShare, ""},
      {"excess", "time in excess", Unit::kNanoseconds,
       "beyond the mean of the other spans, summed"},
      {"p", "p", Unit::kNone, "of chance, adjusted for all that was compared"},
  };
  const model::Names& names = *facts.names;
  const size_t rows = std::min(result.slow.size(), facts.table_rows);
  table.more_rows = result.slow.size() - rows;
  for (const Compared& one : std::span(result.slow).first(rows)) {
    const AttributeEffect& e = one.effect;
    const double p =
        std::min(one.takes_longer() ? one.time_p : 1, one.slow_more() ? one.slow_p : 1);
    table.rows.push_back(RowOf(TextOf(one, names), OperationOf(one, names), e.with.spans,
                               e.with.median_ns, e.without.median_ns, e.time_ratio,
                               e.time_bounds->low, e.time_bounds->high, e.with.slow_share(),
                               e.without.slow_share(), e.excess_ns(), p));
  }
  return table;
}

document::Table LeftOutTable(const Result& result, const Facts& facts) {
  document::Table table;
  table.id = "attributes_left_out";
  table.title = "Attributes that were not compared";
  table.columns = {
      {"service", "service", Unit::kNone, "that wrote the spans"},
      {"key", "key", Unit::kNone, "of the attribute"},
      {"spans", "spans", Unit::kCount, "whose value was not compared"},
      {"why", "why", Unit::kNone, ""},
  };
  using Row = Attributes::NotCompared;
  const auto why = [](Row::Why of) -> std::string {
    switch (of) {
      case Row::Why::kManyKeys:
        return fmt::format("more than {} keys", model::AttributeKeys::kMostKeys);
      case Row::Why::kManyValues:
        return fmt::format("more than {} values: an id, or unique per request",
                           model::AttributeKeys::kMostValues);
      case Row::Why::kLongValues:
        break;
    }
    return "these values are long, or no text";
  };
  std::vector<Row> rows = result.not_compared;
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.spans > b.spans; });
  const size_t shown = std::min(rows.size(), facts.table_rows);
  table.more_rows = rows.size() - shown;
  for (const Row& row : std::span(rows).first(shown)) {
    table.rows.push_back(RowOf(NameOf(facts.names->Text(row.service), ""),
                               row.why == Row::Why::kManyKeys ? "(all)" : row.key, row.spans,
                               why(row.why)));
  }
  return table;
}

// Why nothing can be said of what; "" where something can.
std::string CannotSay(const Attributes::State& state, const Result& result) {
  if (state.spans == 0) {
    return "there are no spans with times: this data has rows of calls, which carry no attributes";
  }
  if (state.with_attributes == 0) return "no span has attributes that can be compared";
  if (result.compared > 0) return "";
  if (result.too_small > 0) {
    return fmt::format(
        "too little data: of none of {} values there are {} spans with it and {} without, spread "
        "over {} groups of time or more",
        result.too_small, kLeastSpans, kLeastSpans, statistics::kLeastClusters);
  }
  return "all spans of an operation have the same attributes: there is nothing to compare them "
         "with";
}

const char* const kMethod =
    "Spans with one value of a key against the other spans of the same operation: Fisher's or "
    "Wilcoxon's test of counts divided by the design effect of requests and seconds, which a "
    "jackknife over groups of seconds must confirm; Benjamini-Hochberg over all values.";
const char* const kAssociation =
    "It goes with it; whether it is the cause, or something else that these spans have in common, "
    "this cannot tell.";

document::Finding Nothing(const char* id, const char* what, const Attributes::State& state,
                          const Result& result) {
  document::Finding finding;
  finding.id = id;
  finding.method = kMethod;
  finding.source = "statistics T11; Benjamini, Hochberg, JRSS B 57, 1995";
  finding.claim = fmt::format("Some attribute goes with {} spans", what);
  finding.reason = CannotSay(state, result);
  if (!finding.reason.empty()) return finding;
  finding.verdict = Verdict::kContradicted;
  finding.reason = fmt::format(
      "none of {} values that were compared does, beyond chance and by much", result.compared);
  return finding;
}

document::Finding FailedFinding(const Attributes::State& state, const Result& result,
                                const Facts& facts) {
  document::Finding finding = Nothing("attributes-failed", "failed", state, result);
  if (result.failed.empty()) return finding;
  const model::Names& names = *facts.names;
  const Compared& first = result.failed.front();
  const AttributeEffect& e = first.effect;
  finding.verdict = Verdict::kSupported;
  finding.claim = fmt::format("{} fails {} times as often with {}: {} of {} spans, against {}",
                              OperationOf(first, names), RatioText(e.failed_ratio),
                              TextOf(first, names), PercentText(e.with.failed_share()),
                              e.with.spans, PercentText(e.without.failed_share()));
  finding.reason = kAssociation;
  finding.effect = {"failures, as often as without",
                    Unit::kRatio,
                    e.failed_ratio,
                    e.failed_bounds->low,
                    e.failed_bounds->high,
                    "95 %, jackknife over groups of time"};
  finding.evidence = {{"spans with it", Unit::kCount, static_cast<int64_t>(e.with.spans)},
                      {"failed", Unit::kCount, static_cast<int64_t>(e.with.failed)},
                      {"spans without it", Unit::kCount, static_cast<int64_t>(e.without.spans)},
                      {"failed without it", Unit::kCount, static_cast<int64_t>(e.without.failed)},
                      {"p, adjusted", Unit::kNone, first.failed_p},
                      {"values compared", Unit::kCount, static_cast<int64_t>(result.compared)}};
  finding.rank = e.excess_failed() / static_cast<double>(e.with.failed + e.without.failed);
  return finding;
}

document::Finding SlowFinding(const Attributes::State& state, const Result& result,
                              const Facts& facts) {
  document::Finding finding = Nothing("attributes-slow", "slow", state, result);
  if (result.slow.empty()) return finding;
  const model::Names& names = *facts.names;
  const Compared& first = result.slow.front();
  const AttributeEffect& e = first.effect;
  finding.verdict = Verdict::kSupported;
  finding.claim =
      first.takes_longer()
          ? fmt::format("{} takes {} times as long with {}: {} against {} (medians, {} spans)",
                        OperationOf(first, names), RatioText(e.time_ratio), TextOf(first, names),
                        TimeText(e.with.median_ns), TimeText(e.without.median_ns), e.with.spans)
          : fmt::format("{} is slow in {} of {} spans with {}, against {}",
                        OperationOf(first, names), PercentText(e.with.slow_share()), e.with.spans,
                        TextOf(first, names), PercentText(e.without.slow_share()));
  finding.reason = kAssociation;
  finding.effect = {
      "time, as long as without", Unit::kRatio,        e.time_ratio,
      e.time_bounds->low,         e.time_bounds->high, "95 %, jackknife over groups of time"};
  finding.evidence = {
      {"spans with it", Unit::kCount, static_cast<int64_t>(e.with.spans)},
      {"median", Unit::kNanoseconds, e.with.median_ns},
      {"spans without it", Unit::kCount, static_cast<int64_t>(e.without.spans)},
      {"median without it", Unit::kNanoseconds, e.without.median_ns},
      {"p, adjusted", Unit::kNone, first.takes_longer() ? first.time_p : first.slow_p},
      {"values compared", Unit::kCount, static_cast<int64_t>(result.compared)}};
  const double all = e.with.mean_ns * static_cast<double>(e.with.spans) +
                     e.without.mean_ns * static_cast<double>(e.without.spans);
  finding.rank = all > 0 ? std::max(0.0, e.excess_ns() / all) : 0;
  return finding;
}

}  // namespace

document::Section Attributes::Conclude(const State& state, const Facts& facts) {
  const Result result = Compare(state, facts);
  const auto count = [](size_t number) { return static_cast<double>(number); };
  document::Section section;
  section.AddHeadline("spans_with_attributes", "spans with attributes", Unit::kShare,
                      Share(state.with_attributes, state.spans));
  section.AddHeadline("values_compared", "values compared", Unit::kCount, count(result.compared))
      .total = true;
  section
      .AddHeadline("values_failed", "that go with failures", Unit::kCount,
                   count(result.failed.size()))
      .total = true;
  section
      .AddHeadline("values_slow", "that go with long times", Unit::kCount,
                   count(result.slow.size()))
      .total = true;
  if (facts.headline_only) return section;
  section.findings.push_back(FailedFinding(state, result, facts));
  section.findings.push_back(SlowFinding(state, result, facts));
  if (!result.failed.empty()) section.tables.push_back(FailedTable(result, facts));
  if (!result.slow.empty()) section.tables.push_back(SlowTable(result, facts));
  if (!result.not_compared.empty()) section.tables.push_back(LeftOutTable(result, facts));
  section.computed = fmt::format(
      "{} spans with a time, {} of them with attributes. Of each operation the spans with one "
      "value "
      "of a key against all others of it: {} values compared; {} were seen on fewer than {} spans, "
      "or "
      "within too little time; {} are on every span of their operation. Values that the same spans "
      "have are one. Reported is what is worse by much (fails 1.5 times as often and 1 % of spans "
      "more, takes 10 % longer, or twice as often above the operation's 95th percentile) with at "
      "most "
      "{} of chance finds expected among all reported. Spans count as they were recorded, without "
      "sampling weights.",
      state.spans, state.with_attributes, result.compared, result.too_small, kLeastSpans,
      result.constant, PercentText(kFalseShare));
  return section;
}

}  // namespace plumbago::analysis
