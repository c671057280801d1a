// What is broken on purpose is what the truth says.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "generate/testing/plain_encoder.h"

namespace plumbago::generate {
namespace {

using testing::Generate;
using testing::Generated;
using testing::ParentOf;
using testing::PlainRow;

TraceOptions Options(uint64_t rows, DamageShares damage) {
  TraceOptions options;
  options.rows = rows;
  options.seed = 11;
  options.services = 2000;
  options.threads = 2;
  options.damage = damage;
  return options;
}

std::string Key(const PlainRow& row) { return row.trace + ' ' + row.path + (row.client ? 'c' : 's'); }

TEST(Damage, DuplicatesAreExactCopies) {
  const Generated made = Generate(Options(50'000, {0.02, 0, 0, 0}));
  std::map<std::string, std::vector<const PlainRow*>> rows;
  for (const PlainRow& row : made.rows) rows[Key(row)].push_back(&row);
  uint64_t copies = 0;
  for (const auto& [key, same] : rows) {
    ASSERT_LE(same.size(), 2u);
    if (same.size() < 2) continue;
    ++copies;
    EXPECT_EQ(same[0]->start_ms, same[1]->start_ms);
    EXPECT_EQ(same[0]->duration_ms, same[1]->duration_ms);
    EXPECT_EQ(same[0]->callee, same[1]->callee);
  }
  EXPECT_EQ(made.truth().counts().duplicate_rows, copies);
  EXPECT_NEAR(static_cast<double>(copies) / 50'000, 0.02, 0.004);
}

TEST(Damage, MalformedLinesAreNoRows) {
  const Generated made = Generate(Options(50'000, {0, 0, 0, 0.01}));
  EXPECT_EQ(made.truth().counts().malformed_rows, made.garbage);
  EXPECT_NEAR(static_cast<double>(made.garbage) / 50'000, 0.01, 0.003);
}

TEST(Damage, MissingCallsLoseTheirRows) {
  // The same seed without damage holds every trace of the damaged run, whole.
  const Generated whole = Generate(Options(70'000, {}));
  const Generated made = Generate(Options(50'000, {0, 0.03, 0, 0}));
  std::set<std::string> traces, kept;
  for (const PlainRow& row : made.rows) {
    traces.insert(row.trace);
    kept.insert(Key(row));
  }
  std::set<std::string> callers;
  std::map<std::string, uint64_t> children;
  for (const PlainRow& row : whole.rows) {
    callers.insert(row.trace + ' ' + ParentOf(row.path));
    if (traces.contains(row.trace) && (row.client || row.kind == "message")) {
      ++children[row.trace + ' ' + ParentOf(row.path)];
    }
  }
  std::set<std::string> lost_calls, one_sided;
  uint64_t lost_rows = 0, orphans = 0;
  for (const PlainRow& row : whole.rows) {
    if (!traces.contains(row.trace) || kept.contains(Key(row))) continue;
    const std::string call = row.trace + ' ' + row.path;
    if (callers.contains(call)) {
      ++lost_rows;
      if (lost_calls.insert(call).second) orphans += children[call];
    } else {
      EXPECT_TRUE(kept.contains(call + (row.client ? 's' : 'c'))) << "a leaf lost all its rows";
      one_sided.insert(call);
    }
  }
  const Counts& counts = made.truth().counts();
  EXPECT_GT(counts.missing_calls, 100u);
  EXPECT_EQ(counts.missing_calls, lost_calls.size());
  EXPECT_EQ(counts.missing_call_rows, lost_rows);
  EXPECT_EQ(counts.orphaned_calls, orphans);
  EXPECT_EQ(counts.one_sided_calls, one_sided.size());
  ASSERT_EQ(made.truth().hits().size(), kNamedHits);
  for (const Hit& hit : made.truth().hits()) {
    EXPECT_TRUE(lost_calls.contains(hit.id.Text() + ' ' + hit.path));
  }
}

TEST(Damage, PropagationGivesCalleesOneId) {
  const Generated made = Generate(Options(50'000, {0, 0, 0.05, 0}));
  std::map<std::string, uint64_t> rows_of;
  for (const PlainRow& row : made.rows) ++rows_of[row.trace + ' ' + row.path];
  const Counts& counts = made.truth().counts();
  EXPECT_GT(counts.propagation_callers, 50u);
  EXPECT_GE(counts.propagation_rows, 2 * counts.propagation_callers);
  ASSERT_EQ(made.truth().hits().size(), kNamedHits);
  for (const Hit& hit : made.truth().hits()) {
    EXPECT_GE(rows_of[hit.id.Text() + ' ' + hit.path + ".1"], 2u);
  }
  // Without damage no id has more than the two rows of its call.
  const Generated whole = Generate(Options(50'000, {}));
  rows_of.clear();
  for (const PlainRow& row : whole.rows) EXPECT_LE(++rows_of[row.trace + ' ' + row.path], 2u);
}

TEST(Damage, OptionsAreParsed) {
  const auto shares = ParseDamage("duplicates=0.02,missing=0.01,propagation=0.005,malformed=0.001");
  ASSERT_TRUE(shares.has_value());
  EXPECT_EQ(shares->duplicates, 0.02);
  EXPECT_EQ(shares->missing, 0.01);
  EXPECT_EQ(shares->propagation, 0.005);
  EXPECT_EQ(shares->malformed, 0.001);
  EXPECT_FALSE(ParseDamage("")->any());
  for (const char* bad : {"lost=0.1", "missing", "missing=", "missing=x", "missing=0.6", "missing=-0.1", "missing=0.1y",
                          "missing=0.1,missing=0.2", "missing=nan"}) {
    EXPECT_FALSE(ParseDamage(bad).has_value()) << bad;
  }
  EXPECT_EQ(*ParseOrder("trace"), Order::kTrace);
  EXPECT_FALSE(ParseOrder("size").has_value());
}

}  // namespace
}  // namespace plumbago::generate
