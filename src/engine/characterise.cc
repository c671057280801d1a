#include "engine/characterise.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/worker_threads.h"
#include "engine/completeness_section.h"
#include "engine/run_inputs.h"
#include "engine/save_state.h"
#include "engine/trace_walk.h"

namespace plumbago::engine {
namespace {

using analysis::AnyAnalysis;
using analysis::Facts;
using graph::RepairMode;

// All that a run is made of, from the inputs to what was learnt of them.
struct RunState {
  RunInputs inputs;
  std::vector<formats::FileProgress> resumed;  // files of the state that is gone on with
  Analyses analyses;
  RepairMode mode = RepairMode::kRebuild;
  ReadRows read;
  std::vector<SavedFile> saved_files;  // of all states
  std::vector<std::string> formats;
  Facts facts;
  std::vector<std::unique_ptr<Observer>> observers;
  bool interrupted = false;
};

// The analyses of this run: those that are asked for, of those that the states hold; beside them
// what only saved states hold.
Result<Analyses> AnalysesOf(const RunInputs& inputs, const CharacteriseOptions& options) {
  ASSIGN_OR_RETURN(const Analyses chosen, ChooseAnalyses(options.only, options.skip));
  ASSIGN_OR_RETURN(const Analyses held, HeldAnalyses(inputs));
  const auto in = [](const Analyses& list, const AnyAnalysis* a) {
    return std::find(list.begin(), list.end(), a) != list.end();
  };
  Analyses analyses;
  for (const AnyAnalysis* a : held) {
    const bool wanted = a->in_report ? in(chosen, a) : !options.save.empty();
    if (wanted) analyses.push_back(a);
  }
  for (const AnyAnalysis* a : chosen) {
    if (in(held, a) || options.only.empty()) continue;
    return Fail(ErrorKind::kUsage,
                fmt::format("this state was saved without the analysis {}", a->description->id),
                {inputs.states.front()->path()});
  }
  return analyses;
}

// What a pipe gave is in the state already, and nobody can say how much of it that was.
Result<void> CheckResumable(const RunState& run, const SavedState& state) {
  for (const std::string& input : run.inputs.traces) {
    const auto read = [&](const auto& file) { return file.name == input; };
    const auto known = [&](const formats::FileProgress& file) { return file.path == input; };
    const std::vector<SavedFile>& files = state.head().files;
    if (std::none_of(files.begin(), files.end(), read)) continue;
    if (std::any_of(run.resumed.begin(), run.resumed.end(), known)) continue;
    return Fail(ErrorKind::kUsage,
                fmt::format("rows of it are in {} already, and how far it was read is not known: "
                            "--resume cannot go on with a pipe",
                            state.path()),
                {input});
  }
  return {};
}

Result<void> OpenInputs(const CharacteriseOptions& options, RunState& run) {
  ASSIGN_OR_RETURN(run.inputs, FindRunInputs(options.read.inputs));
  if (options.only_states && !run.inputs.traces.empty()) {
    return Fail(ErrorKind::kUsage,
                "this is no saved state; plumbago analyze --save S.plumb makes one of it",
                {run.inputs.traces.front()});
  }
  if (options.resume && std::filesystem::exists(options.save)) {
    ASSIGN_OR_RETURN(auto state, SavedState::Open(options.save));
    ASSIGN_OR_RETURN(run.resumed, state->LoadProgress());
    RETURN_IF_ERROR(CheckResumable(run, *state));
    run.inputs.states.push_back(std::move(state));
  }
  ASSIGN_OR_RETURN(run.mode, ModeOf(run.inputs, options.mode));
  ASSIGN_OR_RETURN(run.analyses, AnalysesOf(run.inputs, options));
  return {};
}

// Phase one: rows and names of all inputs, partitioned.
Result<void> ReadInputs(const CharacteriseOptions& options, RunState& run) {
  ReadOptions read = options.read;
  read.inputs = run.inputs.traces;
  read.resume = run.resumed;
  ASSIGN_OR_RETURN(run.read, ReadAllRows(read));
  run.interrupted = run.read.interrupted;
  if (run.interrupted) SetInterrupted(false);  // what was read until then is still analysed
  return {};
}

void LearnFacts(const CharacteriseOptions& options, RunState& run) {
  ReadRows& read = run.read;
  if (read.source != nullptr) {
    for (const formats::FileInfo& file : read.source->files()) {
      if (file.format != nullptr) run.formats.emplace_back(file.format->name());
    }
  }
  for (const SavedFile& file : run.saved_files) {
    if (!file.format.empty()) run.formats.push_back(file.format);
  }
  std::sort(run.formats.begin(), run.formats.end());
  run.formats.erase(std::unique(run.formats.begin(), run.formats.end()), run.formats.end());
  run.facts.names = read.names.get();
  run.facts.first_ns = read.first_ns;
  run.facts.last_ns = read.last_ns;
  run.facts.sides_marked = read.sides_marked;
  run.facts.formats = run.formats;
  run.facts.table_rows = options.table_rows;
}

// Phase two: every trace, on all threads; false: interrupted.
Result<bool> ObserveTraces(const CharacteriseOptions& options, const Closing& closing,
                           const SavedPlaces* places, RunState& run) {
  const unsigned threads = run.read.plan.threads;
  std::vector<TraceVisitor*> visitors;
  for (unsigned i = 0; i < threads; ++i) {
    ObserverOptions of;
    of.analyses = &run.analyses;
    of.names = run.read.names.get();
    of.facts = &run.facts;
    of.mode = run.mode;
    of.closing = closing;
    of.report = options.report;
    of.keep_hashes = !options.save.empty();
    of.keep_open_ids = !run.inputs.states.empty();
    of.spill = run.read.spill;
    of.most_states = run.read.plan.states / threads;
    if (places != nullptr) of.place_of = places->OfThread();
    run.observers.push_back(std::make_unique<Observer>(std::move(of)));
    visitors.push_back(run.observers.back().get());
  }
  ASSIGN_OR_RETURN(const bool walked, WalkTraces(run.read, visitors, options.read.show_progress));
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) { run.observers[i]->Freeze(); }));
  Observer& all = *run.observers[0];
  for (unsigned i = 1; i < threads; ++i) all.Merge(std::move(*run.observers[i]));
  run.observers.resize(1);
  all.open_traces.Freeze();
  return walked;
}

// True if a state is of a run that was stopped, and this run does not go on with it.
bool StatesInterrupted(const RunState& run) {
  return std::any_of(run.inputs.states.begin(), run.inputs.states.end(), [&](const auto& state) {
    const bool gone_on_with = !run.resumed.empty() && state == run.inputs.states.back();
    return state->head().interrupted && !gone_on_with;
  });
}

document::Input DescribeInput(const RunState& run, const FoundDamage& damage,
                              const document::Completeness& completeness, uint64_t rows_damaged) {
  document::Input input;
  for (const SavedFile& file : AllFiles(run.read.source.get(), run.saved_files)) {
    input.files.push_back(file.name);
    input.bytes += file.bytes;
  }
  input.format = fmt::format("{}", fmt::join(run.formats, ", "));
  if (run.read.source != nullptr) input.skipped = run.read.source->skipped();
  for (const auto& state : run.inputs.states) {
    input.skipped.insert(input.skipped.end(), state->head().skipped.begin(),
                         state->head().skipped.end());
  }
  input.rows = completeness.rows;
  input.damaged = rows_damaged + damage.Count(model::Damage::kMalformed) +
                  damage.Count(model::Damage::kTooLong) + run.read.rows_left_out;
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    const model::DamageInfo& info = model::Describe(kind);
    document::DamageCount count{info.name, info.title, damage.Count(kind), info.help, ""};
    if (const FoundExample* first = damage.First(kind)) count.first = first->Text();
    input.by_kind.push_back(std::move(count));
  }
  std::stable_sort(input.by_kind.begin(), input.by_kind.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return input;
}

// Damage of the edges of the data, and what no single trace can tell.
void AddOverallDamage(const Learnt& learnt, const RunState& run, const OpenTraces& open,
                      const ClosedTraces& closed, FoundDamage& damage) {
  const WindowDamage window = DamageOf(learnt.completeness.window, run.facts.first_ns);
  damage.Add(model::Damage::kLeftCut, window.cut_left);
  damage.Add(model::Damage::kRightCut, window.cut_right);
  damage.Add(model::Damage::kReusedId, window.reused_ids);
  if (run.inputs.states.empty()) return;
  const OpenTraces::TooEarly too_early = open.ClosedTooEarly(closed);
  if (too_early.traces == 0) return;
  damage.Add(model::Damage::kClosedTooEarly, too_early.traces);
  damage.Offer(model::Damage::kClosedTooEarly, {{}, 0, 0, too_early.example});
}

// Adds what the states hold of closed traces.
Result<void> LoadClosed(const RunState& run, Observer& observed, FoundDamage& damage) {
  // Of many states, so many at a time are merged to the spill file: each one that is read takes a
  // block of memory a table.
  constexpr size_t kAtOnce = statistics::kMostRuns;
  size_t loaded = 0;
  for (const auto& state : run.inputs.states) {
    RETURN_IF_ERROR(
        state->LoadClosed(run.read.ranks, run.analyses, observed.closed, observed.closed_traces));
    damage.Merge(state->head().damage);
    if (++loaded % kAtOnce != 0 || run.inputs.states.size() < 2 * kAtOnce) continue;
    RETURN_IF_ERROR(observed.closed.Spill(run.read.spill));
    RETURN_IF_ERROR(observed.closed_traces.Spill(run.read.spill));
  }
  return {};
}

}  // namespace

Result<std::vector<const AnyAnalysis*>> ChooseAnalyses(const std::vector<std::string>& only,
                                                       const std::vector<std::string>& skip) {
  const auto known = [](const std::string& id) {
    if (id == kCompletenessDescription.id) return true;
    for (const AnyAnalysis& a : analysis::Analyses()) {
      if (id == a.description->id) return true;
    }
    return false;
  };
  for (const auto* list : {&only, &skip}) {
    for (const std::string& id : *list) {
      if (!known(id)) {
        return Fail(
            ErrorKind::kUsage,
            fmt::format("no analysis is called '{}'; `plumbago analyze --list` names them all",
                        id));
      }
    }
  }
  const auto in = [](const std::vector<std::string>& list, const char* id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  std::vector<const AnyAnalysis*> chosen;
  for (const AnyAnalysis& a : analysis::Analyses()) {
    if ((only.empty() || in(only, a.description->id)) && !in(skip, a.description->id)) {
      chosen.push_back(&a);
    }
  }
  return chosen;
}

Result<Characterised> Characterise(const CharacteriseOptions& options) {
  const double begin = MonotonicSeconds();
  RunState run;
  RETURN_IF_ERROR(OpenInputs(options, run));
  RETURN_IF_ERROR(ReadInputs(options, run));
  ReadRows& read = run.read;

  // Where the data of this run begins and ends: what the states hold lies elsewhere.
  Closing closing;
  const bool save = !options.save.empty();
  if (save) {
    // What an interrupted run has read may lie anywhere in time.
    closing.policy = run.interrupted ? Closing::kNone : options.closing;
    closing.saved_stay_open = options.closing != Closing::kAll;
    closing.SetWindow(read.first_ns, read.last_ns, options.open_window_ns);
  }
  RETURN_IF_ERROR(LoadStates(run.inputs, read, run.saved_files));
  read.ranks = read.names->Sort();
  LearnFacts(options, run);

  std::optional<SavedPlaces> places;
  if (save) places.emplace(read.source.get(), run.saved_files);
  bool walked_all = true;
  {
    // A state must not lack traces that this run has read.
    std::optional<InterruptHold> hold;
    if (save) hold.emplace();
    ASSIGN_OR_RETURN(walked_all, ObserveTraces(options, closing, places ? &*places : nullptr, run));
  }
  Observer& observed = *run.observers[0];

  // What is closed: of this run, and of all states.
  const Places origins = PlacesOf(read.source.get(), run.saved_files);
  FoundDamage closed_damage(read.damage, origins);
  closed_damage.Merge(FoundDamage(observed.closed.damage, origins));
  RETURN_IF_ERROR(LoadClosed(run, observed, closed_damage));

  Characterised result;
  result.interrupted = run.interrupted || !walked_all;
  result.states = run.inputs.states.size();
  result.open_traces = observed.open_traces.size();
  if (save) {
    SaveOptions to;
    to.path = options.save;
    to.mode = run.mode;
    to.interrupted = result.interrupted || StatesInterrupted(run);
    RETURN_IF_ERROR(
        SaveState(to, run.analyses, read, run.inputs, *places, closed_damage, observed));
  }

  document::Document& document = result.document;
  document.interrupted = result.interrupted || StatesInterrupted(run);
  FoundDamage damage = std::move(closed_damage);
  damage.Merge(FoundDamage(observed.open.damage, origins));
  Learnt all = std::move(observed.closed);
  all.Merge(std::move(observed.open));
  AddOverallDamage(all, run, observed.open_traces, observed.closed_traces, damage);

  document.title = "Characteristics of microservice traces";
  document.traces = ConcludeTraces(all.completeness, run.mode);
  document.completeness = ConcludeCompleteness(all.completeness, run.mode, run.facts.first_ns);
  document.completeness.exact = damage.Count(model::Damage::kClosedTooEarly) == 0;
  document.input =
      DescribeInput(run, damage, document.completeness, DamagedRows(all.completeness, run.mode));
  if (options.report) {
    ASSIGN_OR_RETURN(document.sections,
                     ConcludeSections(all, run.analyses, run.mode, run.facts, read.plan.threads));
    FillSurvivorship(document);
    if (WantsCompleteness(options.only, options.skip)) {
      document.sections.insert(document.sections.begin(), CompletenessSection(document));
    }
    document.next = SuggestNext(document);
  }
  // Tables were read while they were visited.
  RETURN_IF_ERROR(read.spill->status());
  for (const auto& state : run.inputs.states) RETURN_IF_ERROR(state->status());
  document.run = {MonotonicSeconds() - begin, read.plan.threads, PeakResidentBytes()};
  return result;
}

}  // namespace plumbago::engine
