// The quirks of CASPER one by one, as probed with tiny inputs (facts of its behaviour stand in docs/design/0003-repair.md).
#include "graph/casper/casper_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace plumbago::graph {
namespace {

std::vector<std::string> Ids(const std::vector<CasperKept>& kept) {
  std::vector<std::string> ids;
  for (const CasperKept& k : kept) ids.push_back(k.rpcid);
  std::sort(ids.begin(), ids.end());
  return ids;
}

using Strings = std::vector<std::string>;

TEST(CasperTrace, KeepsAnUndamagedTraceInAllModes) {
  const CasperRow rows[] = {{"0", "(?)", "http", "a", 5}, {"0.1", "a", "rpc", "b", 2}, {"0.1", "a", "rpc", "b", -1}};
  const CasperAnswer answer = CasperTrace(rows, CasperYear::k2021);
  EXPECT_FALSE(answer.propagation_error || answer.data_loss || answer.crashed);
  for (const auto* kept : {&answer.rpcid, &answer.accurate, &answer.partial, &answer.rebuild}) {
    EXPECT_EQ(Ids(*kept), (Strings{"0", "0.1"}));
  }
}

TEST(CasperTrace, InsertsLostCallersForEachChildAnew) {
  const CasperRow rows[] = {{"0", "(?)", "http", "a", 9}, {"0.1.1", "b", "mc", "c", 1}, {"0.1.2", "b", "mc", "c", 1}};
  const CasperAnswer answer = CasperTrace(rows, CasperYear::k2021);
  EXPECT_TRUE(answer.data_loss);
  EXPECT_EQ(Ids(answer.rebuild), (Strings{"0", "0.1", "0.1", "0.1.1", "0.1.2"})) << "quirk 10: repeats";
  EXPECT_EQ(Ids(answer.accurate), Strings{});
  EXPECT_EQ(Ids(answer.partial), Strings{"0"});
  const auto inserted = std::find_if(answer.rebuild.begin(), answer.rebuild.end(),
                                     [](const CasperKept& k) { return k.source == CasperKept::kInserted; });
  ASSERT_NE(inserted, answer.rebuild.end());
  EXPECT_EQ(inserted->um, "a");
  EXPECT_EQ(inserted->dm, "b");
}

TEST(CasperTrace, SplitsCallsThatShareAnId) {
  const CasperRow rows[] = {{"0", "(?)", "http", "a", 9}, {"0.1", "a", "mc", "b", 1}, {"0.1", "a", "mc", "b", 1},
                            {"0.1", "a", "mc", "c", 1}, {"0.1.1", "c", "mc", "d", 1}};
  const CasperAnswer answer = CasperTrace(rows, CasperYear::k2021);
  EXPECT_TRUE(answer.propagation_error);
  EXPECT_EQ(Ids(answer.rebuild), (Strings{"0", "0.1-b-0", "0.1-b-1", "0.1-c-0", "0.1-c-0.1"}));
}

TEST(CasperTrace, PrunesWithoutTheDot) {
  const CasperRow rows[] = {{"0", "(?)", "http", "a", 9},  {"0.1", "a", "mc", "b", 1}, {"0.1", "a", "mc", "b", 1},
                            {"0.10", "a", "rpc", "e", 1}, {"0.2", "a", "mc", "f", 1}};
  EXPECT_EQ(Ids(CasperTrace(rows, CasperYear::k2021).rpcid), (Strings{"0", "0.1", "0.2"})) << "quirk 2: 0.10 is gone";
}

TEST(CasperTrace, FillsAMissingCallee) {
  const CasperRow two[] = {{"0", "(?)", "rpc", "(?)", 3}, {"0", "(?)", "rpc", "a", -2}};
  EXPECT_EQ(CasperTrace(two, CasperYear::k2021).rebuild.at(0).dm, "a");
  const CasperRow child[] = {{"0", "(?)", "http", {}, 3}, {"0.1", "b", "mc", "c", 1}};
  EXPECT_EQ(CasperTrace(child, CasperYear::k2021).rebuild.at(0).dm, "b");
  const CasperRow own_child[] = {{"0", "c", "http", {}, 3}, {"0.1", "b", "mc", "c", 1}};
  EXPECT_EQ(CasperTrace(own_child, CasperYear::k2021).rebuild.at(0).dm, "UNKNOWN")
      << "an id without a dot is its own child (quirk 5): its um counts beside the child's";
}

TEST(CasperTrace, FailsWhereTheOriginalFails) {
  const CasperRow no_id[] = {{{}, "a", "mc", "b", 1}};
  EXPECT_TRUE(CasperTrace(no_id, CasperYear::k2021).crashed);
  const CasperRow no_type[] = {{"0", "a", {}, "b", 1}};
  EXPECT_TRUE(CasperTrace(no_type, CasperYear::k2022).crashed);
  const CasperRow endless[] = {{"0", "(?)", "mc", "a", 1}, {"0", "(?)", "mc", "(?)", 1}, {"0", "(?)", "mc", "b", 1}};
  EXPECT_TRUE(CasperTrace(endless, CasperYear::k2021).crashed) << "quirk 5: recursion without end";
}

TEST(CasperTrace, CountsCallsAsTheYearDoes) {
  // ++ is two calls in 2021 and one in 2022.
  const CasperRow rows[] = {{"0", "(?)", "rpc", "a", 1}, {"0", "(?)", "rpc", "a", 1}};
  EXPECT_TRUE(CasperTrace(rows, CasperYear::k2021).propagation_error);
  EXPECT_FALSE(CasperTrace(rows, CasperYear::k2022).propagation_error);
  const CasperRow user[] = {{"0", "(?)", "userDefined", "a", 1}, {"0", "(?)", "userDefined", "a", 1}};
  EXPECT_FALSE(CasperTrace(user, CasperYear::k2021).propagation_error) << "quirk 9";
}

TEST(CasperMissing, KnowsPandasWords) {
  for (const char* word : {"", "NA", "nan", "<NA>", "null"}) EXPECT_TRUE(CasperMissing(word)) << word;
  for (const char* word : {"NAN", "None", "UNKNOWN", "(?)"}) EXPECT_FALSE(CasperMissing(word)) << word;
}

}  // namespace
}  // namespace plumbago::graph
