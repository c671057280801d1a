#include "generate/targets.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate {

using document::Document;
using document::Headline;
using document::Section;

namespace {

// To steps of 2 %: 381 becomes 383.
double Rounded(double value) {
  if (value < 50) return value;
  return std::round(std::exp(std::round(std::log(value) / std::log(1.02)) * std::log(1.02)));
}

const Section* FindSection(const Document& document, std::string_view id) {
  for (const Section& section : document.sections) {
    if (section.id == id) return &section;
  }
  return nullptr;
}

double NumberOf(const document::Cell& cell) {
  if (const auto* whole = std::get_if<int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  return 0;
}

size_t ColumnOf(const document::Table& table, std::string_view id) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].id == id) return i;
  }
  return 0;
}

void ReadOwnTimes(const Document& document, Targets& targets) {
  const Section* edges = FindSection(document, "edges");
  if (edges == nullptr) return;
  for (const document::Table& table : edges->tables) {
    if (table.id != "slowest_edges") continue;
    const size_t kind = ColumnOf(table, "kind"), calls = ColumnOf(table, "calls"),
                 own = ColumnOf(table, "self_mean");
    std::array<double, model::kKinds> sum{}, count{};
    for (const auto& row : table.rows) {
      const auto* name = std::get_if<std::string>(&row[kind]);
      for (size_t k = 0; name != nullptr && k < model::kKinds; ++k) {
        if (*name != model::KindName(static_cast<model::Kind>(k))) continue;
        sum[k] += NumberOf(row[own]) * NumberOf(row[calls]);
        count[k] += NumberOf(row[calls]);
      }
    }
    for (size_t k = 0; k < model::kKinds; ++k) {
      if (count[k] >= kRare) targets.own_ns[k] = sum[k] / count[k];
    }
  }
}

void ReadPairs(const Document& document, double traces, Targets& targets) {
  const Section* section = FindSection(document, "parallelism");
  if (section == nullptr || traces <= 0) return;
  for (const document::Table& table : section->tables) {
    if (table.id != "parallel_by_kind" || table.rows.empty()) continue;
    // The first row: calls that are waited for.
    const auto& row = table.rows.front();
    const double callers = NumberOf(row[ColumnOf(table, "callers")]);
    if (callers < kRare) continue;
    targets.callers = callers / traces;
    targets.pairs = NumberOf(row[ColumnOf(table, "pairs")]) / traces;
  }
}

}  // namespace

std::optional<double> Targets::Find(std::string_view section, std::string_view name) const {
  for (const Value& value : values) {
    if (value.section == section && value.name == name) return value.value;
  }
  return std::nullopt;
}

Targets TargetsOf(const Document& document) {
  Targets targets;
  const auto traces = static_cast<double>(document.traces.complete + document.traces.repaired);
  targets.rows = static_cast<double>(document.input.rows);
  targets.traces = static_cast<double>(document.traces.read);
  for (const Section& section : document.sections) {
    for (const Headline& headline : section.headline) {
      if (!headline.value) continue;
      // The last percent of fewer than a thousand traces is fewer than ten of them.
      const std::string_view name = headline.name;
      if (name.ends_with("_p99") && traces < kRare / 0.01) continue;
      if (name.ends_with("_p90") && traces < kRare / 0.1) continue;
      const bool largest = name.ends_with("_max");
      targets.values.push_back(
          {section.id, headline.name, largest ? Rounded(*headline.value) : *headline.value});
    }
    for (const document::Figure& figure : section.figures) {
      const bool services = figure.id == "services_tail";
      if (section.id != "graph-size" || (!services && figure.id != "calls_tail")) continue;
      Targets::Tail tail{services ? Feature::kServices : Feature::kCalls, {}};
      for (const document::Point& point : figure.series.front().points) {
        if (point.y * traces >= kRare) tail.points.push_back(point);
      }
      targets.tails.push_back(std::move(tail));
    }
  }
  targets.largest.services = targets.Find("graph-size", "services_max").value_or(0);
  targets.largest.calls = targets.Find("graph-size", "calls_max").value_or(0);
  const double calls = std::max(1.0, targets.Find("scale", "calls").value_or(1));
  const double rows = std::max(1.0, targets.rows);
  for (const document::DamageCount& count : document.input.by_kind) {
    const auto n = static_cast<double>(count.count);
    if (count.kind == "duplicate") targets.duplicates = std::min(0.5, n / rows);
    if (count.kind == "malformed") targets.malformed = std::min(0.5, n / rows);
    if (count.kind == "propagation") targets.propagation = std::min(0.5, n / calls);
    if (count.kind == "missing_parent") targets.missing = std::min(0.5, n / calls);
  }
  ReadOwnTimes(document, targets);
  ReadPairs(document, traces, targets);
  return targets;
}

const std::vector<RatioHeadline>& RatioHeadlines() {
  static const std::vector<RatioHeadline> kHeadlines = {
      {"graph-size", "services_mean", Feature::kServices, Feature::kOne},
      {"graph-size", "calls_mean", Feature::kCalls, Feature::kOne},
      {"paradigms", "rpc", Feature::kRpcCalls, Feature::kKnownCalls},
      {"paradigms", "message", Feature::kMessageCalls, Feature::kKnownCalls},
      {"paradigms", "other", Feature::kOtherCalls, Feature::kKnownCalls},
      {"paradigms", "cache", Feature::kCacheCalls, Feature::kCalls},
      {"paradigms", "database", Feature::kDatabaseCalls, Feature::kCalls},
      {"shape", "depth_mean", Feature::kDepth, Feature::kOne},
      {"shape", "tiers_mean", Feature::kTiers, Feature::kOne},
      {"shape", "width_mean", Feature::kWidth, Feature::kOne},
      {"shape", "single_service_tiers", Feature::kSingleTiers, Feature::kTiers},
      {"shape", "one_caller", Feature::kOneCaller, Feature::kCalled},
      {"shape", "fan_out_5", Feature::kFanOut, Feature::kStateless},
      {"shape", "tree_like", Feature::kTreeLike, Feature::kOne},
      {"edges", "top_10_share", Feature::kWatchedOwnMs, Feature::kOwnMs},
      {"edges", "client_side", Feature::kClientSide, Feature::kCalls},
      {"parallelism", "callers_parallel_surely", Feature::kCallersSurely, Feature::kCallers},
      {"parallelism", "callers_parallel_possibly", Feature::kCallersPossibly, Feature::kCallers},
      {"parallelism", "pairs_parallel_surely", Feature::kPairsSurely, Feature::kPairs},
      {"parallelism", "pairs_parallel_possibly", Feature::kPairsPossibly, Feature::kPairs},
      {"parallelism", "pairs_undecided", Feature::kPairsUndecided, Feature::kPairs},
      {"parallelism", "effective_parallelism", Feature::kBusyMs, Feature::kCoveredMs},
      {"parallelism", "rpc_pairs_parallel", Feature::kRpcPairsOverlapping, Feature::kRpcPairs},
  };
  return kHeadlines;
}

std::vector<Constraint> ConstraintsOf(const Targets& targets) {
  std::vector<Constraint> constraints;
  for (const RatioHeadline& headline : RatioHeadlines()) {
    if (const auto value = targets.Find(headline.section, headline.name)) {
      constraints.push_back({Constraint::kRatio, headline.part, headline.whole, 0, *value});
    }
  }
  if (targets.callers)
    constraints.push_back(
        {Constraint::kRatio, Feature::kCallers, Feature::kOne, 0, *targets.callers});
  if (targets.pairs)
    constraints.push_back({Constraint::kRatio, Feature::kPairs, Feature::kOne, 0, *targets.pairs});
  for (const Targets::Tail& tail : targets.tails) {
    const char* measure = tail.of == Feature::kServices ? "services" : "calls";
    std::vector<size_t> chosen;
    std::vector<double> share;
    share.reserve(tail.points.size());
    for (const document::Point& point : tail.points) share.push_back(point.y);
    // On both sides of each quantile, so that it comes out the same; off its share, where it is a
    // near thing.
    for (const auto& [quantile, q] :
         {std::pair<const char*, double>{"_p50", 0.5}, {"_p90", 0.9}, {"_p99", 0.99}}) {
      const auto value = targets.Find("graph-size", measure + std::string(quantile));
      for (size_t i = 0; value && i < tail.points.size(); ++i) {
        if (tail.points[i].x <= *value) continue;
        chosen.push_back(i);
        share[i] = std::min(share[i], 0.985 * (1 - q));
        if (i == 0) break;
        chosen.push_back(i - 1);
        share[i - 1] = std::max(share[i - 1], 1.015 * (1 - q));
        break;
      }
    }
    // The published border, and steps of the share in between.
    double last = 1;
    for (size_t i = 0; i < tail.points.size(); ++i) {
      const document::Point& point = tail.points[i];
      const bool border =
          tail.of == Feature::kServices && i > 0 && tail.points[i - 1].x < 41 && point.x >= 41;
      if (point.y <= last * 0.6 || (point.y < 1 && last == 1) || border) {
        chosen.push_back(i);
        last = point.y;
      }
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    for (const size_t i : chosen) {
      if (tail.points[i].y >= 1) continue;
      constraints.push_back(
          {Constraint::kAtLeast, tail.of, Feature::kOne, tail.points[i].x, share[i]});
    }
  }
  return constraints;
}

double HeadlineMatch::Error() const {
  if (!wanted || !got) return wanted.has_value() == got.has_value() ? 0 : 1;
  if (*wanted == *got) return 0;
  if (*wanted == 0) return 1;
  return std::abs(*got / *wanted - 1);
}

namespace {

bool IsAimedAt(std::string_view section) {
  constexpr std::string_view kAims[] = {"completeness", "scale", "graph-size", "paradigms",
                                        "shape",        "edges", "parallelism"};
  return std::find(std::begin(kAims), std::end(kAims), section) != std::end(kAims);
}

}  // namespace

std::vector<HeadlineMatch> MatchHeadlines(const Document& wanted, const Document& got) {
  std::vector<HeadlineMatch> matches;
  for (const Section& section : wanted.sections) {
    const Section* other = FindSection(got, section.id);
    if (other == nullptr) continue;
    const bool aimed = IsAimedAt(section.id);
    for (const Headline& headline : section.headline) {
      for (const Headline& same : other->headline) {
        if (same.name != headline.name) continue;
        matches.push_back({section.id, headline.name, headline.unit, headline.value, same.value,
                           headline.total, aimed});
      }
    }
  }
  return matches;
}

}  // namespace plumbago::generate
