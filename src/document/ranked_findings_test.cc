#include "document/ranked_findings.h"

#include <gtest/gtest.h>

#include <string>

namespace plumbago::document {
namespace {

Finding Made(const char* id, Verdict verdict, std::optional<double> saves, double rank) {
  Finding finding;
  finding.id = id;
  finding.verdict = verdict;
  finding.saves_ns = saves;
  finding.rank = rank;
  return finding;
}

TEST(RankedFindings, SavingsFirstThenRankThenWhatCannotBeSaid) {
  Document document;
  document.sections.resize(2);
  document.sections[0].findings = {Made("silent", Verdict::kCannotSay, 9e9, 9),
                                   Made("dull", Verdict::kSupported, {}, 1),
                                   Made("small", Verdict::kSupported, 1e6, 0)};
  document.sections[1].findings = {Made("telling", Verdict::kContradicted, {}, 2),
                                   Made("large", Verdict::kSupported, 1e9, 0),
                                   Made("dull too", Verdict::kSupported, {}, 1)};
  std::string order;
  for (const RankedFinding& entry : RankedFindings(document)) order += entry.finding->id + ",";
  EXPECT_EQ(order, "large,small,telling,dull,dull too,silent,");
}

}  // namespace
}  // namespace plumbago::document
