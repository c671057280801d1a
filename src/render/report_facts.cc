#include "render/report_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "render/quantity.h"

namespace plumbago::render {

using document::Completeness;
using document::Document;
using document::Unit;

std::string Plural(uint64_t count, const char* one, const char* many) {
  return Count(count) + " " + (count == 1 ? one : many);
}

std::vector<std::string> InputParts(const document::Input& input, const document::Run& run) {
  std::vector<std::string> parts;
  if (!input.incomplete.empty()) parts.push_back(input.incomplete);
  if (!input.format.empty()) parts.push_back(input.format);
  parts.push_back(Plural(input.files.size(), "file", "files"));
  if (!input.skipped.empty())
    parts.back() += fmt::format(" ({} skipped)", Count(input.skipped.size()));
  parts.push_back(Quantity(static_cast<double>(input.bytes), Unit::kBytes));
  const std::array<std::array<const char*, 2>, 4> names = {
      {{"row", "rows"}, {"sample", "samples"}, {"graph", "graphs"}, {"pair", "pairs"}}};
  const std::array counts = {input.rows, input.samples, input.graphs, input.pairs};
  // The rate is that of what there is most of.
  const auto most =
      static_cast<size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0 || i == most) parts.push_back(Plural(counts[i], names[i][0], names[i][1]));
  }
  const double rate = static_cast<double>(counts[most]) / run.seconds;
  if (run.seconds > 0 && std::isfinite(rate)) {
    parts.push_back(Quantity(run.seconds * 1e9, Unit::kNanoseconds));
    std::string text = Quantity(rate, Unit::kPerSecond);
    parts.push_back(text.replace(text.find('/'), 1, fmt::format(" {}/", names[most][1])));
  }
  if (run.threads > 0) parts.push_back(Plural(run.threads, "thread", "threads"));
  return parts;
}

std::vector<TracePart> TraceParts(const Document& document) {
  const document::Traces& traces = document.traces;
  const bool as_written = document.completeness.repair == "none";
  const auto part = [&](uint64_t count, const char* what) {
    std::string text = fmt::format("{} {}", Count(count), what);
    if (traces.read > 0 && count > 0) {
      text += fmt::format(
          " ({})",
          Quantity(static_cast<double>(count) / static_cast<double>(traces.read), Unit::kShare));
    }
    return TracePart{count, text};
  };
  return {part(traces.complete, "whole"),
          part(traces.repaired, as_written ? "damaged, used as written" : "mended"),
          part(traces.dropped, "dropped")};
}

std::vector<std::string> WindowParts(const Completeness& c) {
  std::vector<std::string> parts;
  if (c.cut_left > 0 && c.cut_right > 0) {
    parts.push_back(fmt::format("{} cut by the window, {} at its start and {} at its end",
                                Count(c.cut_left + c.cut_right), Count(c.cut_left),
                                Count(c.cut_right)));
  } else if (c.cut_left + c.cut_right > 0) {
    parts.push_back(fmt::format("{} cut by the window, at its {}", Count(c.cut_left + c.cut_right),
                                c.cut_left > 0 ? "start" : "end"));
  }
  if (c.reused_ids > 0) parts.push_back(Plural(c.reused_ids, "reused id", "reused ids"));
  if (!c.window.empty()) parts.push_back(c.window);
  if (!c.exact) parts.push_back("not exact: traces were closed too early (see damage)");
  return parts;
}

std::vector<std::string> DamageParts(const document::Input& input) {
  if (input.damaged == 0 && input.by_kind.empty()) {
    return {"none: no row was lost or altered"};
  }
  std::string rows = Plural(input.damaged, "row", "rows") + " lost or altered";
  if (input.rows > 0) {
    rows += fmt::format(
        " ({} per 100 usable)",
        Quantity(100.0 * static_cast<double>(input.damaged) / static_cast<double>(input.rows),
                 Unit::kNone));
  }
  std::vector<std::string> parts = {rows};
  for (const document::DamageCount& kind : input.by_kind) {
    parts.push_back((kind.title.empty() ? kind.kind : kind.title) + " " + Count(kind.count));
  }
  return parts;
}

std::vector<std::pair<std::string, std::string>> QualityFacts(const Completeness& c) {
  std::vector<std::pair<std::string, std::string>> facts;
  const auto share = [](uint64_t part, uint64_t whole) {
    return Quantity(static_cast<double>(part) / static_cast<double>(whole), Unit::kShare);
  };
  if (c.rows > 0)
    facts.emplace_back("rows in traces without damage", share(c.rows_in_whole_traces, c.rows));
  const bool as_written = c.repair == "none";
  if (c.calls > 0 && !as_written)
    facts.emplace_back("calls mended", share(c.calls_mended, c.calls));
  if (c.calls_mean_whole) {
    facts.emplace_back("calls of a whole trace, mean", Quantity(c.calls_mean_whole, Unit::kCount));
  }
  if (c.links_mended_confidence) {
    facts.emplace_back("mended links expected to be right",
                       Quantity(c.links_mended_confidence, Unit::kShare));
  }
  if (c.calls_mean_damaged) {
    facts.emplace_back(
        as_written ? "calls of a damaged trace, mean" : "calls of a mended trace, mean",
        Quantity(c.calls_mean_damaged, Unit::kCount));
  }
  if (c.calls_inserted > 0) facts.emplace_back("lost calls put back", Count(c.calls_inserted));
  if (c.from_queues > 0)
    facts.emplace_back("calls from queues, producer not in the trace", Count(c.from_queues));
  if (c.sampled_of && c.effective_traces) {
    facts.emplace_back("requests that the sampled traces stand for", Count(*c.sampled_of));
    facts.emplace_back("as good as so many traces without weights",
                       Quantity(c.effective_traces, Unit::kCount));
  }
  if (c.span_links_not_here > 0) {
    facts.emplace_back("span links that lead to spans that are not here",
                       fmt::format("{} of {}", Count(c.span_links_not_here), Count(c.span_links)));
  }
  return facts;
}

std::string HiddenClaim(const Completeness& c) {
  if (c.headlines == 0) return "";
  return c.headlines_changed == 0
             ? fmt::format(
                   "looking at whole traces alone would change none of {} headlines by more than "
                   "5 %",
                   Count(c.headlines))
             : fmt::format(
                   "looking at whole traces alone would change {} of {} headlines by more than 5 %",
                   Count(c.headlines_changed), Count(c.headlines));
}

}  // namespace plumbago::render
