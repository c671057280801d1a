#include "serverless/figures/triggers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/share_finding.h"
#include "serverless/figures/weighted_values.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Unit;
using model::Trigger;

struct TriggerCounts {
  std::array<uint64_t, model::kTriggers> functions{}, invocations{}, apps{};
  std::map<uint32_t, uint64_t> sets;  // bits of triggers: applications
  WeightedValues timer_minutes;       // of timer functions: invocations a minute

  uint64_t all(const std::array<uint64_t, model::kTriggers>& of) const {
    uint64_t sum = 0;
    for (const uint64_t count : of) sum += count;
    return sum;
  }
};

TriggerCounts Count(const FigureContext& context) {
  TriggerCounts counts;
  for (const AppLoad& app : context.load.apps) {
    uint32_t set = 0;
    for (const FunctionLoad& function : app.functions) {
      if (function.minutes.empty()) continue;
      const auto trigger = static_cast<size_t>(function.trigger);
      set |= 1U << trigger;
      counts.functions[trigger] += app.weight;
      counts.invocations[trigger] += app.weight * function.minutes.total();
      if (function.trigger == Trigger::kTimer) {
        counts.timer_minutes.Add(
            static_cast<double>(function.minutes.total()) / (context.days * 1440), app.weight);
      }
    }
    if (set == 0) continue;
    counts.sets[set] += app.weight;
    for (size_t t = 0; t < model::kTriggers; ++t) {
      if ((set >> t & 1) != 0) counts.apps[t] += app.weight;
    }
  }
  return counts;
}

std::optional<double> Part(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

// The published triggers in their order, then the unknown where there are any.
std::vector<Trigger> Shown(const TriggerCounts& counts) {
  std::vector<Trigger> shown;
  for (const PublishedTrigger& published : Atc20Triggers()) shown.push_back(published.trigger);
  if (counts.functions[0] > 0) shown.push_back(Trigger::kUnknown);
  return shown;
}

std::string NameOf(Trigger trigger) {
  return trigger == Trigger::kUnknown ? "not known" : model::TriggerName(trigger);
}

document::Figure Bars(std::string id, std::string title, std::string y,
                      const std::vector<std::string>& labels, const std::vector<double>& own,
                      const std::vector<double>& paper, const std::vector<double>& release) {
  document::Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.kind = document::FigureKind::kBars;
  figure.y = {std::move(y), Unit::kShare, false};
  figure.labels = labels;
  const auto add = [&](const char* name, const std::vector<double>& values, const char* source) {
    document::Series& series = figure.series.emplace_back();
    series.name = name;
    series.published = source != nullptr;
    if (source != nullptr) series.source = source;
    for (size_t i = 0; i < values.size(); ++i)
      series.points.push_back({static_cast<double>(i), values[i]});
  };
  add("this data", own, nullptr);
  add("the paper", paper, "ATC'20");
  add("the release", release, "Azure 2019");
  return figure;
}

void AddByTrigger(const TriggerCounts& counts, document::Section& section) {
  document::Table table;
  table.id = "triggers";
  table.title = "Triggers: yours, the paper's, the release's";
  table.key = true;
  table.columns = {
      {"trigger", "trigger", Unit::kNone, ""},
      {"functions", "functions", Unit::kShare, "of the functions (figure 2)"},
      {"functions_paper", "paper", Unit::kShare, ""},
      {"functions_release", "release", Unit::kShare, ""},
      {"invocations", "invocations", Unit::kShare, "of the invocations (figure 2)"},
      {"invocations_paper", "paper", Unit::kShare, ""},
      {"invocations_release", "release", Unit::kShare, ""},
      {"apps", "apps", Unit::kShare, "of the applications have at least one (figure 3a)"},
      {"apps_paper", "paper", Unit::kShare, ""},
      {"apps_release", "release", Unit::kShare, ""}};
  const uint64_t functions = counts.all(counts.functions),
                 invocations = counts.all(counts.invocations);
  uint64_t apps = 0;
  for (const auto& [set, count] : counts.sets) apps += count;
  std::vector<std::string> labels;
  std::vector<double> own[3], paper[3], release[3];
  for (const Trigger trigger : Shown(counts)) {
    const auto t = static_cast<size_t>(trigger);
    const std::optional<double> shares[3] = {Part(counts.functions[t], functions),
                                             Part(counts.invocations[t], invocations),
                                             Part(counts.apps[t], apps)};
    labels.push_back(NameOf(trigger));
    for (size_t i = 0; i < 3; ++i) own[i].push_back(shares[i].value_or(0));
    std::vector<Cell> row{NameOf(trigger)};
    const auto published =
        std::find_if(Atc20Triggers().begin(), Atc20Triggers().end(),
                     [&](const PublishedTrigger& of) { return of.trigger == trigger; });
    for (size_t i = 0; i < 3; ++i) {
      row.push_back(document::CellOf(shares[i]));
      if (published == Atc20Triggers().end()) {
        row.insert(row.end(), 2, Cell());
        continue;
      }
      const double of_paper[3] = {published->paper_functions, published->paper_invocations,
                                  published->paper_apps};
      const double of_release[3] = {published->release_functions, published->release_invocations,
                                    published->release_apps};
      paper[i].push_back(of_paper[i] / 100);
      release[i].push_back(of_release[i] / 100);
      row.emplace_back(of_paper[i] / 100);
      row.emplace_back(of_release[i] / 100);
    }
    table.rows.push_back(std::move(row));
  }
  section.tables.push_back(std::move(table));
  section.figures.push_back(Bars("figure-2-functions", "Figure 2: functions by trigger",
                                 "share of the functions", labels, own[0], paper[0], release[0]));
  section.figures.push_back(Bars("figure-2-invocations", "Figure 2: invocations by trigger",
                                 "share of the invocations", labels, own[1], paper[1], release[1]));
  section.figures.push_back(
      Bars("figure-3a", "Figure 3a: applications with at least one function of a trigger",
           "share of the applications", labels, own[2], paper[2], release[2]));
}

std::string LettersOf(uint32_t set) {
  std::string letters;
  for (const Trigger trigger :
       {Trigger::kHttp, Trigger::kTimer, Trigger::kQueue, Trigger::kEvent, Trigger::kStorage,
        Trigger::kOrchestration, Trigger::kOthers, Trigger::kUnknown}) {
    if ((set >> static_cast<uint32_t>(trigger) & 1) != 0) letters += TriggerLetter(trigger);
  }
  return letters;
}

void AddSets(const TriggerCounts& counts, document::Section& section) {
  document::Table table;
  table.id = "trigger-sets";
  table.title = "Applications by their set of triggers (figure 3b)";
  table.columns = {{"set", "triggers", Unit::kNone,
                    "H http, T timer, Q queue, E event, S storage, O orchestration, o others"},
                   {"apps", "applications", Unit::kCount, ""},
                   {"share", "share", Unit::kShare, ""},
                   {"paper", "paper", Unit::kShare, ""},
                   {"release", "release", Unit::kShare, ""}};
  uint64_t apps = 0;
  for (const auto& [set, count] : counts.sets) apps += count;
  std::map<std::string, uint64_t> by_letters;
  for (const auto& [set, count] : counts.sets) by_letters[LettersOf(set)] += count;
  for (const PublishedTriggerSet& published : Atc20TriggerSets()) by_letters[published.letters];
  std::vector<std::pair<std::string, uint64_t>> sets(by_letters.begin(), by_letters.end());
  std::stable_sort(sets.begin(), sets.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [letters, count] : sets) {
    std::vector<Cell> row{letters, Cell(static_cast<int64_t>(count)),
                          document::CellOf(Part(count, apps)), Cell(), Cell()};
    for (const PublishedTriggerSet& published : Atc20TriggerSets()) {
      if (letters != published.letters) continue;
      row[3] = published.paper / 100;
      row[4] = published.release / 100;
    }
    table.rows.push_back(std::move(row));
  }
  section.tables.push_back(std::move(table));
  // The published ones in their order, so that the bars can be held against each other.
  std::vector<std::string> labels;
  std::vector<double> own, paper, release;
  for (const PublishedTriggerSet& published : Atc20TriggerSets()) {
    labels.emplace_back(published.letters);
    own.push_back(Part(by_letters[published.letters], apps).value_or(0));
    paper.push_back(published.paper / 100);
    release.push_back(published.release / 100);
  }
  section.figures.push_back(Bars(
      "figure-3b",
      "Figure 3b: applications with exactly these triggers (H http, T timer, Q queue, E event, "
      "S storage, O orchestration, o others)",
      "share of the applications", labels, own, paper, release));
}

}  // namespace

bool Triggers(const FigureContext& context, document::Section& section) {
  section.computed =
      "Functions and applications that were invoked in the data. An application belongs to each "
      "trigger that one of its functions has, and to exactly one set of triggers.";
  const ShareFinding rare_timers{
      "timers-fire-rarely",
      "Timers fire at most once a minute",
      "Many timers fire more than once a minute",
      "functions with a timer, invoked at most once a minute on average",
      0.9,
      "ATC'20 section 3.2",
      "95 % of the functions with a timer fire at most once a minute on average",
      "Invocations by the minutes that the data tell of."};
  if (!context.triggers) {
    section.computed += " No table tells what triggers a function: cannot say.";
    section
        .AddHeadline("http_functions", "functions with an http trigger", Unit::kShare, std::nullopt)
        .published = 0.55;
    section.findings.push_back(CannotSay(rare_timers, "no table tells what triggers a function"));
    return true;
  }
  const TriggerCounts counts = Count(context);
  const uint64_t functions = counts.all(counts.functions);
  uint64_t apps = 0, timers_only = 0, timers_and = 0;
  constexpr uint32_t kTimer = 1U << static_cast<uint32_t>(Trigger::kTimer);
  for (const auto& [set, count] : counts.sets) {
    apps += count;
    if (set == kTimer) timers_only += count;
    if ((set & kTimer) != 0 && set != kTimer) timers_and += count;
  }
  section
      .AddHeadline("http_functions", "functions with an http trigger", Unit::kShare,
                   Part(counts.functions[static_cast<size_t>(Trigger::kHttp)], functions))
      .published = 0.55;
  section
      .AddHeadline("timer_functions", "functions with a timer", Unit::kShare,
                   Part(counts.functions[static_cast<size_t>(Trigger::kTimer)], functions))
      .published = 0.156;
  auto& only = section.AddHeadline("timers_only", "applications with timers only", Unit::kShare,
                                   Part(timers_only, apps));
  only.published = 0.1336;
  section
      .AddHeadline("timers_and_others", "applications with timers and others", Unit::kShare,
                   Part(timers_and, apps))
      .published = 0.158;
  AddByTrigger(counts, section);
  AddSets(counts, section);
  const std::optional<double> rare = counts.timer_minutes.ShareAtMost(1);
  section.findings.push_back(rare ? Decide(rare_timers, *rare, counts.timer_minutes.Effective())
                                  : CannotSay(rare_timers, "no function with a timer was invoked"));
  return true;
}

}  // namespace plumbago::serverless
