// What holds for saved states of any traces: however time-ordered rows are cut, the merged states
// say what one run over all rows says, in any order of merging and for any number of threads; where
// a window is too small, exactly the traces that were closed too early are counted. And the parts
// of a state that belong to the engine merge in any order and load as they were saved.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/kept_blocks.h"
#include "base/section_file.h"
#include "base/test_files.h"
#include "document/testing/report_text.h"
#include "engine/characterise.h"
#include "engine/found_damage.h"
#include "engine/saved_progress.h"
#include "engine/saved_state.h"
#include "engine/testing/made_traces.h"
#include "engine/trace_hashes.h"

namespace plumbago::engine {
namespace {

using document::testing::ReportText;
using testing::ClosedTooEarly;
using testing::CutAnywhere;
using testing::Dealt;
using testing::MadeTraces;
using testing::Piece;
using testing::TraceMaker;

constexpr int64_t kMs = 1'000'000;

uint64_t Count(const document::Document& document, model::Damage damage) {
  for (const document::DamageCount& count : document.input.by_kind) {
    if (count.kind == model::Describe(damage).name) return count.count;
  }
  return 0;
}

// The sections of a state but those that tell how the input was read.
std::map<std::string, std::vector<std::string>> Learned(const std::string& path) {
  auto file = SectionFile::Open(path, kStateMagic, kStateVersion);
  RC_ASSERT(file.has_value());
  std::map<std::string, std::vector<std::string>> sections;
  for (const SectionFile::Section& section : (*file)->sections()) {
    if (section.name == "head" || section.name == "progress") continue;
    SectionCursor cursor = (*file)->Cursor(section.name);
    std::string block;
    while (cursor.NextBlock(block).value()) sections[section.name].push_back(block);
  }
  return sections;
}

// Runs over files in a folder of its own.
class Runs {
 public:
  explicit Runs(Dice& dice) : dice_(dice) {
    options_.read.memory = dice.Once(2) ? 64u << 20 : 512u << 20;
    if (dice.Once(3)) options_.mode = graph::RepairMode::kPartial;
  }

  std::string Write(const std::string& text) { return folder_.Write(NextName(".csv"), text); }

  document::Document Report(std::vector<std::string> inputs) {
    return Run(std::move(inputs), [](CharacteriseOptions&) {});
  }
  std::string Save(std::vector<std::string> inputs, Closing::Policy closing, int64_t window_ms) {
    std::string path = folder_.Path(NextName(".plumb"));
    Run(std::move(inputs), [&](CharacteriseOptions& options) {
      options.save = path;
      options.closing = closing;
      options.open_window_ns = window_ms * kMs;
    });
    return path;
  }
  std::string Merge(std::vector<std::string> states, bool final) {
    std::string path = folder_.Path(NextName(".plumb"));
    Run(std::move(states), [&](CharacteriseOptions& options) {
      options.save = path;
      options.only_states = true;
      options.report = false;
      options.closing = final ? Closing::kAll : Closing::kNone;
    });
    return path;
  }
  // Merges some of the states, then some of those, in no particular order.
  std::vector<std::string> MergeSome(std::vector<std::string> states) {
    while (states.size() > 1 && !dice_.Once(4)) {
      std::shuffle(states.begin(), states.end(), dice_.engine());
      const size_t some = std::min<size_t>(states.size(), 2 + dice_.Below(3));
      std::vector<std::string> merged(states.end() - static_cast<std::ptrdiff_t>(some),
                                      states.end());
      states.resize(states.size() - some);
      states.push_back(Merge(std::move(merged), false));
    }
    return states;
  }

 private:
  std::string NextName(const char* ending) { return std::to_string(++names_) + ending; }
  template <class F>
  document::Document Run(std::vector<std::string> inputs, F&& set) {
    CharacteriseOptions options = options_;
    options.read.inputs = std::move(inputs);
    options.read.threads = static_cast<unsigned>(1 + dice_.Below(4));
    set(options);
    auto done = Characterise(options);
    if (!done) RC_FAIL(done.error().Text());
    return std::move(done->document);
  }

  Dice& dice_;
  TemporaryFolder folder_;
  CharacteriseOptions options_;
  int names_ = 0;
};

MadeTraces RandomTraces(Dice& dice) {
  const int64_t span_ms = dice.Once(2) ? 300'000 : 5'000;
  return TraceMaker(dice, dice.Once(2), span_ms).Make(1 + dice.Below(25));
}

TEST(SavedStateProperties, AnyCutOfTimeOrderedRowsSaysWhatOneRunSays) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    const MadeTraces made = RandomTraces(dice);
    const std::vector<Piece> pieces = CutAnywhere(made.lines, dice.Below(6), dice);
    const int64_t window_ms = dice.Once(3) ? 0 : dice.Upto(dice.Once(2) ? 60'000 : 2'000);
    const uint64_t too_early = ClosedTooEarly(pieces, window_ms);

    Runs runs(dice);
    const std::string all = runs.Write(made.File());
    std::vector<std::string> states;
    for (const Piece& piece : pieces) {
      states.push_back(runs.Save({runs.Write(made.File(piece))}, Closing::kWindow, window_ms));
    }
    std::vector<std::string> merged = runs.MergeSome(states);
    const document::Document report = runs.Report(merged);
    RC_ASSERT(Count(report, model::Damage::kClosedTooEarly) == too_early);
    RC_ASSERT(report.completeness.exact == (too_early == 0));
    RC_CLASSIFY(too_early > 0, "closed too early");
    RC_CLASSIFY(too_early == 0 && pieces.size() > 1, "exact, cut");
    if (too_early > 0) return;
    const std::string one_run = ReportText::Of(runs.Report({all}));
    RC_ASSERT(ReportText::Of(report) == one_run);

    // Closed for good, it is the state of one run that closes all.
    const std::string final_state = runs.Merge(merged, true);
    RC_ASSERT(ReportText::Of(runs.Report({final_state})) == one_run);
    RC_ASSERT(Learned(final_state) == Learned(runs.Save({all}, Closing::kAll, 0)));
  }));
}

TEST(SavedStateProperties, AnySplitWithAllTracesOpenSaysWhatOneRunSays) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    const MadeTraces made = RandomTraces(dice);
    Runs runs(dice);
    std::vector<std::string> states;
    for (const Piece& piece : Dealt(made.lines, 1 + dice.Below(5), dice)) {
      states.push_back(runs.Save({runs.Write(made.File(piece))}, Closing::kNone, 0));
    }
    const std::vector<std::string> merged = runs.MergeSome(states);
    const std::string all = runs.Write(made.File());
    RC_ASSERT(ReportText::Of(runs.Report(merged)) == ReportText::Of(runs.Report({all})));
    RC_ASSERT(Learned(runs.Merge(merged, true)) == Learned(runs.Save({all}, Closing::kAll, 0)));
  }));
}

TEST(SavedStateProperties, OrderOfMergingAndThreadsLeaveNoTraceInTheFile) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    const MadeTraces made = RandomTraces(dice);
    Runs runs(dice);
    std::vector<std::string> states;
    for (const Piece& piece : CutAnywhere(made.lines, dice.Below(5), dice)) {
      const std::string path = runs.Write(made.File(piece));
      const int64_t window_ms = dice.Upto(20'000);
      states.push_back(runs.Save({path}, Closing::kWindow, window_ms));
      // `progress` tells of the same file in both.
      RC_ASSERT(FileText(states.back()) ==
                FileText(runs.Save({path}, Closing::kWindow, window_ms)));
    }
    const std::string at_once = FileText(runs.Merge(states, false));
    std::vector<std::string> left = states;
    while (left.size() > 1) {
      std::shuffle(left.begin(), left.end(), dice.engine());
      const std::string a = left.back(), b = left[left.size() - 2];
      left.resize(left.size() - 2);
      left.push_back(runs.Merge({a, b}, false));
    }
    // One state alone is merged as well, with nothing.
    RC_ASSERT(FileText(runs.Merge(left, false)) == at_once);
  }));
}

// States beside files of traces, and what is saved of both.
TEST(SavedStateProperties, StatesAndFilesOfTracesGoTogether) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    const MadeTraces made = RandomTraces(dice);
    const std::vector<Piece> pieces = CutAnywhere(made.lines, 1 + dice.Below(4), dice);
    // As long as the longest trace: nothing is closed too early.
    constexpr int64_t kWindowMs = 200'000;
    RC_ASSERT(ClosedTooEarly(pieces, kWindowMs) == 0u);
    Runs runs(dice);
    std::vector<std::string> inputs;
    bool any_state = false;
    for (const Piece& piece : pieces) {
      std::string path = runs.Write(made.File(piece));
      const bool state = dice.Once(2);
      any_state |= state;
      inputs.push_back(state ? runs.Save({path}, Closing::kWindow, kWindowMs) : path);
    }
    std::shuffle(inputs.begin(), inputs.end(), dice.engine());
    RC_CLASSIFY(any_state, "with a state");
    const std::string one_run = ReportText::Of(runs.Report({runs.Write(made.File())}));
    RC_ASSERT(ReportText::Of(runs.Report(inputs)) == one_run);
    const std::string saved = runs.Save(inputs, Closing::kWindow, kWindowMs);
    RC_ASSERT(ReportText::Of(runs.Report({saved})) == one_run);
  }));
}

// --- the engine's own parts of a state

template <class State>
std::string Bytes(const State& state) {
  std::string bytes;
  state.Save(bytes);
  return bytes;
}

// Adds up `parts` in a random order and with random brackets.
template <class State, class Merge>
State MergeAll(std::vector<State> parts, Dice& dice, Merge&& merge) {
  while (parts.size() > 1) {
    std::shuffle(parts.begin(), parts.end(), dice.engine());
    State from = std::move(parts.back());
    parts.pop_back();
    merge(parts.back(), std::move(from));
  }
  return std::move(parts.front());
}

std::vector<std::string> Blocks(const ClosedTraces& closed) {
  std::vector<std::string> blocks;
  RC_ASSERT(closed.runs()
                .Write([&](const std::string& block) -> Result<void> {
                  blocks.push_back(block);
                  return {};
                })
                .has_value());
  return blocks;
}

TEST(SavedStateProperties, ClosedTracesMergeInAnyOrderAndLoad) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    const auto spill = std::make_shared<SpillFile>();
    ClosedTraces whole;
    std::vector<ClosedTraces> parts(1 + dice.Below(5));
    std::map<uint64_t, uint64_t> counted;
    for (uint64_t i = dice.Below(60); i > 0; --i) {
      const model::TraceId trace{dice.Below(5), dice.Below(10)};
      ++counted[trace.Hash()];
      whole.Add(trace);
      ClosedTraces& part = parts[dice.Below(parts.size())];
      part.Add(trace);
      if (dice.Once(6)) part.Freeze();
      if (dice.Once(6)) RC_ASSERT(part.Spill(spill).has_value());
    }
    const auto merge = [](ClosedTraces& into, ClosedTraces&& from) { into.Merge(std::move(from)); };
    ClosedTraces merged = MergeAll(std::move(parts), dice, merge);
    whole.Freeze();
    merged.Freeze();
    RC_ASSERT(Blocks(merged) == Blocks(whole));
    ClosedTraces loaded;
    loaded.runs().AddStored(std::make_shared<KeptBlocks>(Blocks(merged)), nullptr);
    RC_ASSERT(Blocks(loaded) == Blocks(whole));
    std::map<uint64_t, uint64_t> found;
    loaded.runs().ForEach([&](const ClosedRecord& r) { found[r.hash] = r.times; });
    RC_ASSERT(found == counted);
  }));
}

CompletenessState RandomCompleteness(Dice& dice) {
  CompletenessState state;
  const auto fill = [&](KeptCounts& counts) {
    if (dice.Once(2)) return;
    counts = {dice.Below(9), dice.Below(99),   dice.Below(9), dice.Below(999),      dice.Below(9),
              dice.Below(9), dice.Below(9999), dice.Below(9), dice.Below(9'000'000)};
  };
  fill(state.whole);
  for (KeptCounts& counts : state.kept) fill(counts);
  for (KeptCounts& counts : state.dropped) fill(counts);
  state.window.births = dice.Below(9);
  state.window.births_fit = dice.Below(9);
  state.window.born_long_before = dice.Below(3);
  state.window.at_work_at_end = dice.Below(3);
  state.window.spread = dice.Below(3);
  for (uint64_t i = dice.Below(6); i > 0; --i) {
    state.window.late.Add(static_cast<int64_t>(dice.Below(2000)) * (dice.Once(2) ? -1 : 1'000'000));
  }
  return state;
}

TEST(SavedStateProperties, CompletenessMergesInAnyOrderAndLoads) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    std::vector<CompletenessState> parts;
    for (uint64_t i = 1 + dice.Below(6); i > 0; --i) parts.push_back(RandomCompleteness(dice));
    const auto merge = [](CompletenessState& into, CompletenessState&& from) {
      analysis::MergeFields(into, std::move(from));
    };
    const auto bytes = [](const CompletenessState& state) {
      std::string saved;
      analysis::SaveFields(state, saved);
      return saved;
    };
    const CompletenessState one = MergeAll(parts, dice, merge);
    const std::string expected = bytes(one);
    RC_ASSERT(bytes(MergeAll(parts, dice, merge)) == expected);
    uint64_t rows = 0;
    for (const CompletenessState& part : parts) rows += part.whole.rows;
    RC_ASSERT(one.whole.rows == rows);
    statistics::StateReader in(expected);
    CompletenessState loaded;
    RC_ASSERT(analysis::LoadFields(loaded, in, {}));
    RC_ASSERT(in.remaining() == 0u);
    RC_ASSERT(bytes(loaded) == expected);
  }));
}

TEST(SavedStateProperties, FoundDamageMergesInAnyOrderAndLoads) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    std::vector<FoundDamage> parts(1 + dice.Below(6));
    for (FoundDamage& part : parts) {
      for (uint64_t i = dice.Below(6); i > 0; --i) {
        const auto damage = static_cast<model::Damage>(dice.Below(model::kDamages));
        part.Add(damage, dice.Below(4));
        if (!dice.Once(3)) {
          part.Offer(damage, {std::string(1, static_cast<char>('a' + dice.Below(3))), dice.Below(4),
                              dice.Below(3), dice.Once(2) ? "x" : "y"});
        }
      }
    }
    const auto merge = [](FoundDamage& into, FoundDamage&& from) { into.Merge(from); };
    const std::string expected = Bytes(MergeAll(parts, dice, merge));
    RC_ASSERT(Bytes(MergeAll(parts, dice, merge)) == expected);
    statistics::StateReader in(expected);
    FoundDamage loaded;
    loaded.Add(model::Damage::kMalformed, 7);
    RC_ASSERT(loaded.Load(in));
    RC_ASSERT(in.remaining() == 0u);
    RC_ASSERT(Bytes(loaded) == expected);
  }));
}

TEST(SavedStateProperties, ProgressLoadsAsItWasSaved) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    Dice dice(seed);
    std::vector<formats::FileProgress> files(dice.Below(4));
    for (formats::FileProgress& file : files) {
      file.path = fmt::format("folder/{}", dice.Below(100));
      file.bytes = dice.Below(1'000'000'000'000);
      file.modified_ns = static_cast<int64_t>(dice.Below(100)) - 50;
      file.block_bytes = dice.Below(1 << 20);
      file.max_record = dice.Below(1 << 20);
      file.at_end = dice.Once(2);
      file.finished = dice.Once(2);
      for (uint64_t i = dice.Below(3); i > 0; --i) {
        file.members.push_back({fmt::format("m{}", i), dice.Once(2) ? "" : "alibaba-2021",
                                dice.Below(1000), dice.Below(2)});
      }
      uint32_t ordinal = 0;
      for (uint64_t i = file.members.empty() ? 0 : dice.Below(5); i > 0; --i) {
        file.blocks.push_back({ordinal, static_cast<uint32_t>(dice.Below(file.members.size())),
                               dice.Below(1000), dice.Below(3), dice.Below(1 << 20)});
        ordinal += 1 + static_cast<uint32_t>(dice.Below(3));
      }
      if (dice.Once(3)) file.skipped.push_back("readme.txt: in no known format");
    }
    std::string bytes;
    SaveProgress(files, bytes);
    statistics::StateReader in(bytes);
    std::vector<formats::FileProgress> loaded(1);
    RC_ASSERT(LoadProgress(in, loaded));
    RC_ASSERT(loaded == files);
    // No end of it is a whole one.
    statistics::StateReader cut(std::string_view(bytes).substr(0, dice.Below(bytes.size())));
    RC_ASSERT(!LoadProgress(cut, loaded));
  }));
}

}  // namespace
}  // namespace plumbago::engine
