#include "engine/conclude_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/clock_offsets.h"
#include "engine/clock_section.h"
#include "engine/completeness_section.h"
#include "engine/fetch_section.h"

namespace plumbago::engine {
namespace {

// Of closed and open traces, of the edges of the data, and what no single trace can tell.
FoundDamage AllDamage(const CompletenessState& completeness, const Run& run) {
  FoundDamage damage = run.closed_damage;
  damage.Merge(run.open_damage);
  const WindowDamage window = DamageOf(completeness.window, run.facts.first_ns);
  damage.Add(model::Damage::kLeftCut, window.cut_left);
  damage.Add(model::Damage::kRightCut, window.cut_right);
  damage.Add(model::Damage::kReusedId, window.reused_ids);
  if (run.inputs.states.empty()) return damage;
  const OpenTraces::TooEarly too_early =
      run.observed->open_traces.ClosedTooEarly(run.observed->closed_traces);
  if (too_early.traces == 0) return damage;
  damage.Add(model::Damage::kClosedTooEarly, too_early.traces);
  damage.Offer(model::Damage::kClosedTooEarly, {{}, 0, 0, too_early.example});
  return damage;
}

// All kinds that occur, the most frequent first.
std::vector<document::DamageCount> ByKind(const FoundDamage& damage) {
  std::vector<document::DamageCount> kinds;
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    const model::DamageInfo& info = model::Describe(kind);
    document::DamageCount count{info.name, info.title, damage.Count(kind), info.help, ""};
    if (const FoundExample* first = damage.First(kind)) count.first = first->Text();
    kinds.push_back(std::move(count));
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return kinds;
}

std::vector<formats::FetchReport> FetchedOf(const Run& run) {
  if (run.read.source == nullptr) return {};
  return run.read.source->Fetched();
}

document::Input DescribeInput(const Run& run, const FoundDamage& damage,
                              const CompletenessState& completeness) {
  document::Input input;
  for (const SavedFile& file : AllFiles(run.read, run.saved_files)) {
    input.files.push_back(file.name);
    input.bytes += file.bytes;
  }
  input.format = fmt::format("{}", fmt::join(run.formats, ", "));
  input.skipped = run.skipped;
  input.damaged = DamagedRows(completeness, run.mode) + damage.Count(model::Damage::kMalformed) +
                  damage.Count(model::Damage::kTooLong) + run.read.rows_left_out;
  input.samples = completeness.samples;
  input.graphs = completeness.graphs;
  input.pairs = completeness.pairs;
  input.by_kind = ByKind(damage);
  input.incomplete = IncompleteText(FetchedOf(run), damage.Count(model::Damage::kNotFetched));
  return input;
}

Result<void> AddSections(const CharacteriseOptions& options, const Run& run, Learnt& learnt,
                         document::Document& document) {
  ASSIGN_OR_RETURN(document.sections, ConcludeSections(learnt, run.analyses, run.mode, run.facts,
                                                       run.read.plan.threads));
  FillSurvivorship(document);
  if (WantsCompleteness(options.only, options.skip)) {
    document.sections.insert(document.sections.begin(), CompletenessSection(document));
    AddFetch(FetchedOf(run), document.sections.front());
    if (run.read.clocks) {
      AddClocks(*run.read.clocks, *run.read.names, options.table_rows, document.sections.front());
    }
  }
  document.next = SuggestNext(document);
  return {};
}

}  // namespace

Result<document::Document> ConcludeRun(const CharacteriseOptions& options, Run& run) {
  Learnt all = std::move(run.observed->closed);
  all.Merge(std::move(run.observed->open));
  const FoundDamage damage = AllDamage(all.completeness, run);

  document::Document document;
  document.title = "Characteristics of microservice traces";
  document.interrupted = run.Partial();
  document.traces = ConcludeTraces(all.completeness, run.mode);
  document.completeness = ConcludeCompleteness(all.completeness, run.mode, run.facts.first_ns);
  document.completeness.exact = damage.Count(model::Damage::kClosedTooEarly) == 0;
  document.input = DescribeInput(run, damage, all.completeness);
  document.input.rows = document.completeness.rows;
  if (options.report) RETURN_IF_ERROR(AddSections(options, run, all, document));
  // Tables were read while they were visited.
  RETURN_IF_ERROR(run.read.spill->status());
  for (const auto& state : run.inputs.states) RETURN_IF_ERROR(state->status());
  return document;
}

}  // namespace plumbago::engine
