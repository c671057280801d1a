// How right the mending is: rebuild against the planted truth of the damaged sets, row by row.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
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

// What ten lines of script do: the id's prefix whose callee is the row's caller; any, if none is; nothing, if that is ambiguous.
ByKind ScoreTenLines(const DamagedSet& set) {
  ByKind scores;
  for (const DamagedTrace& trace : set.traces) {
    std::map<std::string_view, std::vector<uint32_t>> by_path;
    for (uint32_t i = 0; i < trace.rows.size(); ++i) by_path[trace.rows[i].path].push_back(i);
    for (uint32_t i = 0; i < trace.rows.size(); ++i) {
      GivenCaller given;
      std::set<model::ServiceId> named, all;
      uint32_t any = 0;
      const auto above = by_path.find(model::ParentPath(trace.rows[i].path));
      if (above != by_path.end()) {
        any = above->second.front();
        for (const uint32_t p : above->second) {
          const model::ServiceId callee = trace.rows[p].call->callee;
          all.insert(callee);
          if (callee != model::kNoService && callee == trace.rows[i].call->caller) {
            if (named.empty()) any = p;
            named.insert(callee);
          }
        }
        if (named.size() == 1 || (named.empty() && all.size() == 1)) given.row = any;
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
      const GivenCaller given{fates[i].parent_inserted, fates[i].parent_row == kNone ? UINT32_MAX : fates[i].parent_row};
      ScoreRow(trace, i, given, score.by_kind[trace.kind]);
      ScoreRow(trace, i, given, score.by_kind["all"]);
      if (given.inserted || given.row != UINT32_MAX) sum += static_cast<double>(fates[i].confidence);
    }
  }
  score.confidence = sum / static_cast<double>(score.by_kind["all"].given);
  return score;
}

struct Bar {
  const char* year;
  double precision, recall;
};

class RepairScore : public ::testing::TestWithParam<Bar> {};

TEST_P(RepairScore, BeatsTheBarAndTheTenLines) {
  const Bar& bar = GetParam();
  const auto set = testing::ReadDamagedSet(bar.year);
  if (!set) {
    if (std::getenv("CI") != nullptr) FAIL() << "no damaged sets at " << testing::DataFolder();
    GTEST_SKIP() << "no damaged sets at " << testing::DataFolder() << ": set PLUMBAGO_DATA";
  }
  const RebuildScore rebuild = ScoreRebuild(*set);
  const ByKind ten_lines = ScoreTenLines(*set);
  fmt::print("{} kind       given  right  rows   precision recall | ten lines\n", bar.year);
  for (const auto& [kind, ours] : rebuild.by_kind) {
    const LinkScore& theirs = ten_lines.at(kind);
    fmt::print("     {:9} {:6} {:6} {:6}    {:.4f}   {:.4f} |  {:.4f}  {:.4f}\n", kind, ours.given, ours.right, ours.planted,
               ours.precision(), ours.recall(), theirs.precision(), theirs.recall());
    EXPECT_GE(ours.precision(), theirs.precision()) << kind;
    EXPECT_GE(ours.recall(), theirs.recall()) << kind;
  }
  const LinkScore& all = rebuild.by_kind.at("all");
  fmt::print("     mean confidence {:.4f}\n", rebuild.confidence);
  EXPECT_GE(all.precision(), bar.precision);
  EXPECT_GE(all.recall(), bar.recall);
  EXPECT_NEAR(rebuild.confidence, all.precision(), 0.005) << "confidence is no probability";
}

INSTANTIATE_TEST_SUITE_P(Years, RepairScore,
                         ::testing::Values(Bar{"2021", 0.990, 0.986}, Bar{"2022", 0.9915, 0.986}),
                         [](const auto& bar) { return std::string(bar.param.year); });

}  // namespace
}  // namespace plumbago::graph
