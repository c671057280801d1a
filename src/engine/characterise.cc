#include "engine/characterise.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/worker_threads.h"
#include "engine/choose_analyses.h"
#include "engine/clock_offsets.h"
#include "engine/conclude_run.h"
#include "engine/run.h"
#include "engine/save_state.h"
#include "engine/sort_unique.h"
#include "engine/trace_walk.h"

namespace plumbago::engine {
namespace {

// Of `traces`, one whose rows are among those of `files`, while `progress` does not tell how far it
// was read; nothing where there is none.
std::optional<std::string> CannotGoOnWith(const std::vector<std::string>& traces,
                                          const std::vector<SavedFile>& files,
                                          const std::vector<formats::FileProgress>& progress) {
  for (const std::string& trace : traces) {
    const auto read = [&](const SavedFile& file) { return file.name == trace; };
    const auto known = [&](const formats::FileProgress& file) { return file.path == trace; };
    if (std::any_of(files.begin(), files.end(), read) &&
        std::none_of(progress.begin(), progress.end(), known)) {
      return trace;
    }
  }
  return std::nullopt;
}

// Opens the state that is gone on with, if it is there already.
Result<void> OpenResumed(const CharacteriseOptions& options, Run& run) {
  if (!options.resume || !std::filesystem::exists(options.save)) return {};
  ASSIGN_OR_RETURN(auto state, SavedState::Open(options.save));
  ASSIGN_OR_RETURN(run.resumed, state->LoadProgress());
  if (const auto trace = CannotGoOnWith(run.inputs.traces, state->head().files, run.resumed)) {
    return Fail(ErrorKind::kUsage,
                fmt::format("rows of it are in {} already, and how far it was read is not known: "
                            "--resume cannot go on with a pipe, nor with what came by another "
                            "state",
                            state->path()),
                {*trace});
  }
  run.inputs.states.push_back(std::move(state));
  return {};
}

Result<void> OpenInputs(const CharacteriseOptions& options, Run& run) {
  ASSIGN_OR_RETURN(run.inputs, FindRunInputs(options.read.inputs));
  if (options.only_states && !run.inputs.traces.empty()) {
    return Fail(ErrorKind::kUsage,
                "this is no saved state; plumbago analyze --save S.plumb makes one of it",
                {run.inputs.traces.front()});
  }
  RETURN_IF_ERROR(OpenResumed(options, run));
  ASSIGN_OR_RETURN(run.mode, ModeOf(run.inputs, options.mode));
  ASSIGN_OR_RETURN(run.analyses,
                   AnalysesOf(run.inputs, options.only, options.skip, !options.save.empty()));
  return {};
}

// The user stopped the run before there was anything to tell or to save.
tl::unexpected<Error> NothingRead(Error error, const std::string& save) {
  error.message = "interrupted before any row was read";
  if (!save.empty()) {
    const bool before = std::filesystem::exists(save);
    error.message += fmt::format("; {} {}", save, before ? "is as it was" : "was not written");
  }
  return tl::unexpected(std::move(error));
}

// Phase one: rows and names of all files, partitioned.
Result<void> ReadFiles(const CharacteriseOptions& options, Run& run) {
  ReadOptions read = options.read;
  read.inputs = run.inputs.traces;
  read.resume = run.resumed;
  read.links = true;
  read.attributes = std::any_of(run.analyses.begin(), run.analyses.end(),
                                [](const auto* analysis) { return analysis->attributes; });
  Result<ReadRows> rows = ReadAllRows(read);
  if (!rows && rows.error().kind == ErrorKind::kInterrupted) {
    return NothingRead(std::move(rows.error()), options.save);
  }
  ASSIGN_OR_RETURN(run.read, std::move(rows));
  run.interrupted = run.read.interrupted;
  if (run.interrupted) SetInterrupted(false);  // what was read until then is still analysed
  return {};
}

// By where the data of the files begins and ends: what the states hold lies elsewhere, so it must
// not have been joined.
Closing ClosingOf(const CharacteriseOptions& options, const Run& run) {
  Closing closing;
  if (options.save.empty()) return closing;
  // What an interrupted run has read may lie anywhere in time.
  closing.policy = run.interrupted ? Closing::kNone : options.closing;
  closing.saved_stay_open = options.closing != Closing::kAll;
  closing.SetWindow(run.read.first_ns, run.read.last_ns, options.open_window_ns);
  return closing;
}

void LearnFiles(Run& run) {
  for (const SavedFile& file : AllFiles(run.read, run.saved_files)) {
    if (!file.format.empty()) run.formats.push_back(file.format);
  }
  if (run.read.source != nullptr) run.skipped = run.read.source->skipped();
  for (const auto& state : run.inputs.states) {
    const std::vector<std::string>& skipped = state->head().skipped;
    run.skipped.insert(run.skipped.end(), skipped.begin(), skipped.end());
  }
  SortUnique(run.formats);
  SortUnique(run.skipped);
}

// Rows and names of the states, beside those of the files. After it all names are known, and what
// there is to know before the first trace.
Result<void> JoinStates(const CharacteriseOptions& options, Run& run) {
  ReadRows& read = run.read;
  RETURN_IF_ERROR(LoadStates(run.inputs, read, run.saved_files));
  read.ranks = read.names->Sort();
  LearnFiles(run);
  run.facts.names = read.names.get();
  run.facts.first_ns = read.first_ns;
  run.facts.last_ns = read.last_ns;
  run.facts.tick_ns = read.tick_ns;
  run.facts.sides_marked = read.sides_marked;
  run.facts.formats = run.formats;
  run.facts.join_samples = read.samples > 0 || !run.inputs.states.empty() || !options.save.empty();
  run.facts.table_rows = options.table_rows;
  run.facts.faster = options.faster;
  if (options.see_edges) run.facts.see_edges = &options.see_edges;
  if (!options.save.empty()) run.places.emplace(read, run.saved_files);
  return {};
}

std::unique_ptr<Observer> MakeObserver(const CharacteriseOptions& options, const Run& run) {
  ObserverOptions of;
  of.analyses = &run.analyses;
  of.names = run.read.names.get();
  of.facts = &run.facts;
  of.mode = run.mode;
  of.closing = run.closing;
  of.report = options.report;
  of.keep_hashes = !options.save.empty();
  of.keep_open_ids = !run.inputs.states.empty();
  of.spill = run.read.spill;
  of.most_states = run.read.plan.states / run.read.plan.threads;
  if (run.places) of.place_of = run.places->OfThread();
  return std::make_unique<Observer>(std::move(of));
}

// Phase two: every trace, on all threads.
Result<void> ObserveTraces(const CharacteriseOptions& options, Run& run) {
  // A state must not lack traces that this run has read.
  std::optional<InterruptHold> hold;
  if (!options.save.empty()) hold.emplace();
  const unsigned threads = run.read.plan.threads;
  // Open rows of a state wait for others: what their clocks tell is not known yet.
  if (options.save.empty() && run.inputs.states.empty() && !run.interrupted) {
    ASSIGN_OR_RETURN(const bool looked, LearnClocks(run.read, options.read.show_progress));
    if (!looked) run.interrupted = true;
  }
  std::vector<std::unique_ptr<Observer>> observers;
  std::vector<TraceVisitor*> visitors;
  for (unsigned i = 0; i < threads; ++i) {
    observers.push_back(MakeObserver(options, run));
    visitors.push_back(observers.back().get());
  }
  ASSIGN_OR_RETURN(const bool walked, WalkTraces(run.read, visitors, options.read.show_progress));
  if (!walked) run.interrupted = true;
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) { observers[i]->Freeze(); }));
  run.observed = std::move(observers[0]);
  for (unsigned i = 1; i < threads; ++i) run.observed->Merge(std::move(*observers[i]));
  observers.clear();
  run.observed->open_traces.Freeze();
  return {};
}

void GatherDamage(Run& run) {
  const Places origins = PlacesOf(run.read, run.saved_files);
  run.closed_damage = FoundDamage(run.read.damage, origins);
  run.closed_damage.Merge(FoundDamage(run.observed->closed.damage, origins));
  run.open_damage = FoundDamage(run.observed->open.damage, origins);
}

// Adds what the states hold of closed traces.
Result<void> JoinClosedTraces(Run& run) {
  // Of many states, so many at a time are merged to the spill file: each one that is read takes a
  // block of memory a table.
  constexpr size_t kAtOnce = statistics::kMostRuns;
  Observer& observed = *run.observed;
  size_t loaded = 0;
  for (const auto& state : run.inputs.states) {
    RETURN_IF_ERROR(
        state->LoadClosed(run.read.ranks, run.analyses, observed.closed, observed.closed_traces));
    run.closed_damage.Merge(state->head().damage);
    if (++loaded % kAtOnce != 0 || run.inputs.states.size() < 2 * kAtOnce) continue;
    RETURN_IF_ERROR(observed.closed.Spill(run.read.spill));
    RETURN_IF_ERROR(observed.closed_traces.Spill(run.read.spill));
  }
  return {};
}

}  // namespace

bool Run::Partial() const {
  const auto stopped = [&](const auto& state) {
    const bool gone_on_with = !resumed.empty() && state == inputs.states.back();
    return state->head().interrupted && !gone_on_with;
  };
  return interrupted || std::any_of(inputs.states.begin(), inputs.states.end(), stopped);
}

Result<Characterised> Characterise(const CharacteriseOptions& options) {
  const double begin = MonotonicSeconds();
  Run run;
  RETURN_IF_ERROR(OpenInputs(options, run));
  RETURN_IF_ERROR(ReadFiles(options, run));
  run.closing = ClosingOf(options, run);
  RETURN_IF_ERROR(JoinStates(options, run));
  RETURN_IF_ERROR(ObserveTraces(options, run));
  GatherDamage(run);
  RETURN_IF_ERROR(JoinClosedTraces(run));
  if (!options.save.empty()) RETURN_IF_ERROR(SaveState(options.save, run));

  Characterised result;
  result.interrupted = run.interrupted;
  result.states = run.inputs.states.size();
  result.open_traces = run.observed->open_traces.size();
  if (run.places && run.read.source != nullptr) {
    result.cannot_go_on_with =
        CannotGoOnWith(run.inputs.traces, run.places->files(), run.read.source->Progress());
  }
  ASSIGN_OR_RETURN(result.document, ConcludeRun(options, run));
  result.document.run = {MonotonicSeconds() - begin, run.read.plan.threads, PeakResidentBytes()};
  return result;
}

}  // namespace plumbago::engine
