// How right the mending is: rebuild against the planted truth of the damaged sets, row by row.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <ostream>
#include <string>

#include "graph/testing/damaged_set.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

using testing::DamagedSet;
using testing::DamagedTrace;
using testing::GivenCaller;
using testing::LinkScore;
using ByKind = std::map<std::string, LinkScore>;

// What ten lines of script do: the rows of the id's prefix whose callee is the row's caller, or all
// of them if none is; nothing if those have different callees; a lost caller where the prefix has
// no rows but an id further up has.
ByKind ScoreTenLines(const DamagedSet& set) {
  ByKind scores;
  for (const DamagedTrace& trace : set.traces) {
    std::map<std::string_view, std::vector<uint32_t>> by_path;
    for (uint32_t i = 0; i < trace.rows.size(); ++i) by_path[trace.rows[i].path].push_back(i);
    for (uint32_t i = 0; i < trace.rows.size(); ++i) {
      GivenCaller given;
      const model::PathView above = model::ParentPath(trace.rows[i].path);
      std::set<model::ServiceId> named, all;
      if (const auto rows = by_path.find(above); rows != by_path.end()) {
        for (const uint32_t p : rows->second) {
          const model::ServiceId callee = trace.rows[p].call->callee;
          if (all.insert(callee).second && all.size() == 1) given.row = p;
          if (callee == model::kNoService || callee != trace.rows[i].call->caller) continue;
          if (named.insert(callee).second) given.row = p;
        }
        if (named.empty() && all.size() > 1) given.row = UINT32_MAX;
      }
      for (model::PathView id = above; all.empty() && !id.empty();) {
        id = model::ParentPath(id);
        given.inserted |= by_path.contains(id) && !id.empty();
      }
      ScoreRow(trace, i, given, scores[trace.kind]);
      ScoreRow(trace, i, given, scores["all"]);
    }
  }
  return scores;
}

struct RebuildScore {
  ByKind by_kind;
  double confidence = 0;  // mean over given links
};

// CASPER's rebuild, by damage kind: precision and recall of its links between nodes (the data
// README has the definition, which is kinder than ours: a link counts once, however many rows tell
// it).
std::map<std::string, std::pair<std::string, std::string>> CasperScores(const std::string& year) {
  std::map<std::string, std::pair<std::string, std::string>> scores;
  const auto text =
      testing::ReadWhole(testing::DataFolder() + "/alibaba/gen-damaged.casper-scores.csv");
  if (!text) return scores;
  for (const auto& line : testing::Cells(*text)) {
    if (line.size() > 9 && line[0] == "gen-" + year + "-damaged" && line[2] == "rebuild") {
      scores[std::string(line[1])] = {std::string(line[8]), std::string(line[9])};
    }
  }
  return scores;
}

LinkScore ScoreMode(const DamagedSet& set, RepairMode mode) {
  LinkScore score;
  TraceBuilder builder(set.names);
  model::DamageCounts damage;
  std::vector<RowFate> fates;
  for (const DamagedTrace& trace : set.traces) {
    builder.Load(trace.id, trace.rows, damage);
    CallGraph graph;
    fates.assign(trace.rows.size(), {});
    if (builder.Build(mode, graph)) builder.Fates(fates);
    for (uint32_t i = 0; i < trace.rows.size(); ++i) {
      ScoreRow(trace, i,
               {fates[i].parent_inserted,
                fates[i].parent_row == kNone ? UINT32_MAX : fates[i].parent_row},
               score);
    }
  }
  return score;
}

RebuildScore ScoreRebuild(const DamagedSet& set) {
  RebuildScore score;
  TraceBuilder builder(set.names);
  model::DamageCounts damage;
  std::vector<RowFate> fates;
  double sum = 0;
  for (const DamagedTrace& trace : set.traces) {
    if (trace.rows.empty()) continue;
    builder.Load(trace.id, trace.rows, damage);
    CallGraph graph;
    EXPECT_TRUE(builder.Build(RepairMode::kRebuild, graph));
    builder.Fates(fates);
    for (uint32_t i = 0; i < trace.rows.size(); ++i) {
      const GivenCaller given{fates[i].parent_inserted,
                              fates[i].parent_row == kNone ? UINT32_MAX : fates[i].parent_row};
      ScoreRow(trace, i, given, score.by_kind[trace.kind]);
      ScoreRow(trace, i, given, score.by_kind["all"]);
      if (given.inserted || given.row != UINT32_MAX)
        sum += static_cast<double>(fates[i].confidence);
    }
  }
  score.confidence = sum / static_cast<double>(score.by_kind["all"].given);
  return score;
}

struct Bar {
  const char* year;
  double precision, recall;
};

// For the test's name.
void PrintTo(const Bar& bar, std::ostream* out) { *out << bar.year; }

class RepairTruth : public ::testing::TestWithParam<Bar> {};

TEST_P(RepairTruth, BeatsTheBarAndTheTenLines) {
  const Bar& bar = GetParam();
  const auto set = testing::ReadDamagedSet(bar.year);
  if (!set) {
    if (std::getenv("CI") != nullptr) FAIL() << "no damaged sets at " << testing::DataFolder();
    GTEST_SKIP() << "no damaged sets at " << testing::DataFolder() << ": set PLUMBAGO_DATA";
  }
  const RebuildScore rebuild = ScoreRebuild(*set);
  const ByKind ten_lines = ScoreTenLines(*set);
  const auto casper = CasperScores(bar.year);
  fmt::print(
      "{} kind       given  right  rows   precision recall | ten lines       | CASPER's nodes\n",
      bar.year);
  for (const auto& [kind, ours] : rebuild.by_kind) {
    const LinkScore& theirs = ten_lines.at(kind);
    fmt::print("     {:9} {:6} {:6} {:6}    {:.4f}   {:.4f} |  {:.4f}  {:.4f} |  {}  {}\n", kind,
               ours.given, ours.right, ours.planted, ours.precision(), ours.recall(),
               theirs.precision(), theirs.recall(),
               casper.contains(kind) ? casper.at(kind).first : "-",
               casper.contains(kind) ? casper.at(kind).second : "-");
    EXPECT_GE(ours.precision(), theirs.precision()) << kind;
    EXPECT_GE(ours.recall(), theirs.recall()) << kind;
  }
  const LinkScore& all = rebuild.by_kind.at("all");
  fmt::print("     mean confidence {:.4f}\n", rebuild.confidence);
  for (const RepairMode mode :
       {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid, RepairMode::kPartial}) {
    const LinkScore score = ScoreMode(*set, mode);
    fmt::print("     {:9} precision {:.4f} recall {:.4f}\n", RepairModeName(mode),
               score.precision(), score.recall());
    if (mode == RepairMode::kPartial) {
      EXPECT_GT(score.precision(), all.precision()) << "what is called certain is not more certain";
    }
  }
  EXPECT_GE(all.precision(), bar.precision);
  EXPECT_GE(all.recall(), bar.recall);
  EXPECT_NEAR(rebuild.confidence, all.precision(), 0.005) << "confidence is no probability";
}

INSTANTIATE_TEST_SUITE_P(Years, RepairTruth,
                         ::testing::Values(Bar{"2021", 0.990, 0.986}, Bar{"2022", 0.9915, 0.986}),
                         [](const auto& bar) { return std::string(bar.param.year); });

// Real rows: no truth is known, but nothing may be lost, and undamaged traces must stay what they
// are.
TEST(RepairScore, RealSamples) {
  for (const auto& [file, old] : {std::pair("2021-MSCallGraph-casper-shuffled", true),
                                  std::pair("2021-MSCallGraph_0-head", true),
                                  std::pair("2022-CallGraph-casper-shuffled", false)}) {
    DamagedSet set;
    std::vector<std::pair<size_t, size_t>> place;
    if (!testing::ReadTraces(testing::DataFolder() + "/alibaba/" + file + ".csv.zst", old, set,
                             place)) {
      if (std::getenv("CI") != nullptr) FAIL() << "no samples at " << testing::DataFolder();
      GTEST_SKIP() << "no samples at " << testing::DataFolder() << ": set PLUMBAGO_DATA";
    }
    TraceBuilder builder(set.names);
    model::DamageCounts damage;
    size_t undamaged = 0, rows = 0, stated = 0, calls = 0;
    Repairs sum;
    std::vector<RowFate> fates;
    for (const DamagedTrace& trace : set.traces) {
      undamaged += builder.Load(trace.id, trace.rows, damage) ? 1 : 0;
      CallGraph graph;
      ASSERT_TRUE(builder.Build(RepairMode::kRebuild, graph));
      builder.Fates(fates);
      rows += fates.size();
      calls += graph.calls.size();
      sum.inserted += graph.repairs.inserted;
      sum.mended_links += graph.repairs.mended_links;
      sum.mended_names += graph.repairs.mended_names;
      sum.split += graph.repairs.split;
      sum.confidence_links += graph.repairs.confidence_links;
      for (const RowFate& fate : fates) {
        EXPECT_TRUE(fate.placed);
        stated += fate.parent_inserted || fate.parent_row != kNone ? 1 : 0;
      }
    }
    fmt::print(
        "{}: {} of {} traces undamaged; {} rows, {} calls, {} with a caller; links mended {} "
        "(confidence {:.3f}), names {}, "
        "inserted {}, split {}\n",
        file, undamaged, set.traces.size(), rows, calls, stated, sum.mended_links,
        sum.confidence_links / std::max(1u, sum.mended_links), sum.mended_names, sum.inserted,
        sum.split);
    for (size_t d = 0; d < model::kDamages; ++d) {
      const auto kind = static_cast<model::Damage>(d);
      if (damage.Count(kind) > 0)
        fmt::print("    {} {}\n", model::Describe(kind).name, damage.Count(kind));
    }
  }
}

}  // namespace
}  // namespace plumbago::graph
