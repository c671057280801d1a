#include "engine/completeness_section.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace plumbago::engine {
namespace {

using document::Unit;
using document::Verdict;

document::Document Damaged() {
  document::Document d;
  d.traces = {.read = 10, .complete = 4, .repaired = 6, .dropped = 0};
  d.sections.resize(1);
  d.sections[0].id = "graph-size";
  return d;
}

document::Headline& Add(document::Document& d, const char* name, std::optional<double> none,
                        std::optional<double> accurate, std::optional<double> rebuild) {
  document::Headline& h = d.sections[0].AddHeadline(name, name, Unit::kCount, rebuild);
  h.none = none;
  h.accurate = accurate;
  h.rebuild = rebuild;
  return h;
}

document::Finding Repair(const document::Document& d) {
  const document::Section section = CompletenessSection(d);
  return *std::find_if(section.findings.begin(), section.findings.end(),
                       [](const auto& f) { return f.id == "repair-changes-answers"; });
}

TEST(CompletenessSection, NamesTheAnswersThatTheRepairChanges) {
  document::Document d = Damaged();
  Add(d, "calls", 100, 8, 104);   // accurate differs most
  Add(d, "depth", 3, 3.1, 3.14);  // by 4.5 %: no
  Add(d, "width", 9, std::nullopt, 10);
  Add(d, "traces", 1, 4, 10).total = true;
  const document::Finding f = Repair(d);
  EXPECT_EQ(f.verdict, Verdict::kSupported);
  EXPECT_EQ(f.claim,
            "2 of 3 answers change by more than 5 % with the repair: graph-size: calls is 104 "
            "rebuilt, 8 with --repair accurate; graph-size: width is 10 rebuilt, 9 with --repair "
            "none");
}

TEST(CompletenessSection, NothingChangedIsContradicted) {
  document::Document d = Damaged();
  Add(d, "calls", 100, 101, 104);
  EXPECT_EQ(Repair(d).verdict, Verdict::kContradicted);
}

TEST(CompletenessSection, WithoutDamageNothingCanBeSaid) {
  document::Document d = Damaged();
  Add(d, "calls", 1, 50, 104);
  d.traces.complete = d.traces.read;
  EXPECT_EQ(Repair(d).verdict, Verdict::kCannotSay);
  EXPECT_FALSE(Repair(d).reason.empty());
}

}  // namespace
}  // namespace plumbago::engine
