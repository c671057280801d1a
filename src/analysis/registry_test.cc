#include <gtest/gtest.h>

#include <set>
#include <string>

#include "analysis/analysis.h"

namespace plumbago::analysis {
namespace {

TEST(Registry, EveryAnalysisDescribesItself) {
  std::set<std::string> ids;
  for (const AnyAnalysis& analysis : Analyses()) {
    const Description& d = *analysis.description;
    EXPECT_TRUE(ids.insert(d.id).second) << d.id;
    for (const char* text : {d.id, d.title, d.question, d.needs, d.source}) {
      ASSERT_NE(text, nullptr);
      EXPECT_NE(*text, '\0') << d.id;
    }
    EXPECT_EQ(std::string(d.question).back(), '?') << d.id;
  }
  for (const char* id : {"scale", "graph-size", "paradigms", "shape", "edges", "parallelism"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

// Without a single trace a section still stands, and no headline is made up.
TEST(Registry, EveryAnalysisConcludesFromNothing) {
  const model::Names names;
  Facts facts;
  facts.names = &names;
  for (const AnyAnalysis& analysis : Analyses()) {
    const auto state = analysis.make();
    state->Merge(std::move(*analysis.make()));
    const document::Section section = state->Copy()->Conclude(facts);
    EXPECT_EQ(section.id, analysis.description->id);
    EXPECT_FALSE(section.computed.empty()) << section.id;
    std::set<std::string> names_seen;
    for (const auto& headline : section.headline) {
      EXPECT_TRUE(names_seen.insert(headline.name).second) << headline.name;
      EXPECT_TRUE(!headline.value || *headline.value == 0) << section.id << ' ' << headline.name;
    }
    for (const auto& finding : section.findings) {
      EXPECT_EQ(finding.verdict, document::Verdict::kCannotSay) << finding.id;
      EXPECT_FALSE(finding.reason.empty()) << finding.id;
    }
    for (const auto& table : section.tables) {
      for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.id;
    }
  }
}

}  // namespace
}  // namespace plumbago::analysis
