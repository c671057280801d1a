#include "engine/run_inputs.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <span>
#include <utility>

#include "base/input_files.h"
#include "base/worker_threads.h"
#include "engine/sort_unique.h"

namespace plumbago::engine {
namespace {

constexpr std::string_view kSuffix = ".plumb";

bool MayBeState(const InputFile& file) {
  return (file.named || file.path.ends_with(kSuffix)) && IsSavedState(file.path);
}

// Each state stays open until its tables have been read. Where the system allows no more, opening
// one says so.
void AllowOpenFiles(size_t files) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files + 64) return;
  limit.rlim_cur = std::min<rlim_t>(files + 64, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<RunInputs> FindRunInputs(const std::vector<std::string>& inputs) {
  RunInputs found;
  std::vector<std::string> paths;
  for (const std::string& input : inputs) {
    const std::string one[] = {input};
    ASSIGN_OR_RETURN(const std::vector<InputFile> files, FindInputFiles(one));
    std::vector<std::string> others;
    bool any = false;
    for (const InputFile& file : files) {
      if (MayBeState(file)) {
        any = true;
        paths.push_back(file.path);
      } else {
        others.push_back(file.path);
      }
    }
    if (!any) others = {input};
    found.traces.insert(found.traces.end(), others.begin(), others.end());
  }
  SortUnique(paths);
  AllowOpenFiles(paths.size());
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(auto state, SavedState::Open(path));
    found.states.push_back(std::move(state));
  }
  return found;
}

Result<graph::RepairMode> ModeOf(const RunInputs& inputs, std::optional<graph::RepairMode> wanted) {
  graph::RepairMode mode = wanted.value_or(
      inputs.states.empty() ? graph::RepairMode::kRebuild : inputs.states.front()->head().mode);
  for (const auto& state : inputs.states) {
    if (state->head().mode == mode) continue;
    if (VariantOf(mode) != Variant::kAsked && wanted) continue;  // every state holds it
    const SavedState& first = *inputs.states.front();
    if (wanted) {
      return Fail(
          ErrorKind::kUsage,
          fmt::format("this state was saved with --repair {}, which says nothing about {}; "
                      "none, accurate and rebuild are in every state",
                      graph::RepairModeName(state->head().mode), graph::RepairModeName(mode)),
          {state->path()});
    }
    return Fail(ErrorKind::kUsage,
                fmt::format("saved with --repair {}, but {} with --repair {}: say which with "
                            "--repair",
                            graph::RepairModeName(state->head().mode), first.path(),
                            graph::RepairModeName(first.head().mode)),
                {state->path()});
  }
  return mode;
}

Result<Analyses> HeldAnalyses(const RunInputs& inputs) {
  Analyses known;
  for (const auto list : {analysis::Analyses(), analysis::SavedAnalyses()}) {
    for (const analysis::AnyAnalysis& a : list) known.push_back(&a);
  }
  if (inputs.states.empty()) return known;
  const SavedState& first = *inputs.states.front();
  for (const auto& state : inputs.states) {
    if (state->head().analyses == first.head().analyses) continue;
    return Fail(ErrorKind::kUsage,
                fmt::format("this state holds {}, but {} holds {}: states of the same analyses "
                            "(--only, --skip) go together",
                            fmt::join(state->head().analyses, ", "), first.path(),
                            fmt::join(first.head().analyses, ", ")),
                {state->path()});
  }
  Analyses held;
  for (const std::string& id : first.head().analyses) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto* a) { return a->description->id == id; });
    if (found == known.end()) {
      return Fail(
          ErrorKind::kUnsupported,
          fmt::format("this state holds an analysis that this program does not know: {}", id),
          {first.path()});
    }
    held.push_back(*found);
  }
  return held;
}

Result<void> LoadStates(const RunInputs& inputs, ReadRows& read, std::vector<SavedFile>& files) {
  files.clear();
  for (const auto& state : inputs.states) {
    const SavedHead& head = state->head();
    files.insert(files.end(), head.files.begin(), head.files.end());
    if (head.first_ns != model::kNoTime &&
        (read.first_ns == model::kNoTime || head.first_ns < read.first_ns)) {
      read.first_ns = head.first_ns;
    }
    read.last_ns = std::max(read.last_ns, head.last_ns);
    read.tick_ns = std::min(read.tick_ns, head.tick_ns);
    read.sides_marked |= head.sides_marked;
  }
  SortUnique(files);

  std::atomic<size_t> next{0};
  return RunOnThreads(read.plan.threads, [&](unsigned thread) -> Result<void> {
    PartitionWriter& rows = *read.writers[thread];
    for (size_t i = next++; i < inputs.states.size(); i = next++) {
      SavedState& state = *inputs.states[i];
      RETURN_IF_ERROR(state.LoadNames(*read.names));
      std::vector<uint32_t> numbers;
      for (const SavedFile& file : state.head().files) {
        const auto at = std::lower_bound(files.begin(), files.end(), file);
        numbers.push_back(static_cast<uint32_t>(at - files.begin()));
      }
      RETURN_IF_ERROR(state.LoadOpenRows(numbers, rows));
      RETURN_IF_ERROR(rows.status());
    }
    return {};
  });
}

}  // namespace plumbago::engine
