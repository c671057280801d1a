// What the generator measures of its traces is what the analyses say of them.
#include "generate/trace_features.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <string>

#include "base/output_file.h"
#include "cli/fit_workload.h"
#include "generate/generate_traces.h"
#include "generate/targets.h"
#include "generate/trace_walk.h"

namespace plumbago::cli {
namespace {

class TraceFeatures : public testing::TestWithParam<const char*> {};

TEST_P(TraceFeatures, AreTheHeadlines) {
  generate::TraceOptions options;
  options.seed = 11;
  options.services = 2000;
  options.threads = 2;
  options.format = *formats::FindFormat(GetParam());
  const generate::System system(generate::ShapeOf(GetParam()), options.services, options.seed);
  generate::TraceWalk walk(system, options);
  walk.Measure(true);
  walk.meter().SumOwnTimes();
  generate::TraceFeatures sums;
  generate::TraceBlock block;
  // So many rows as whole blocks have: then the run holds exactly their traces.
  for (uint64_t index = 0; index < 3; ++index) {
    walk.MakeBlock(index, {}, block);
    options.rows += block.rows;
    for (const generate::TraceFeatures& f : block.features) {
      for (size_t i = 0; i < generate::kFeatures; ++i) sums.value[i] += f.value[i];
    }
  }
  std::vector<int64_t> own = walk.meter().own_of_edge();
  std::sort(own.rbegin(), own.rend());
  for (size_t i = 0; i < 10; ++i)
    sums[generate::Feature::kWatchedOwnMs] += static_cast<double>(own[i]);

  const std::string path =
      testing::TempDir() + "features-" + GetParam() + "-" + std::to_string(getpid()) + ".csv";
  auto out = OutputFile::Open(path);
  ASSERT_TRUE(generate::GenerateTraces(options,
                                       [&](std::string_view text) { return (*out)->Write(text); }));
  ASSERT_TRUE((*out)->Commit());
  const auto report = ReportOf({path}, 2);
  std::filesystem::remove(path);
  ASSERT_TRUE(report);
  const generate::Targets got = generate::TargetsOf(*report);
  const bool exact = std::string(GetParam()) == "alibaba-2021";
  for (const generate::RatioHeadline& headline : generate::RatioHeadlines()) {
    const double measured = sums[headline.part] / sums[headline.whole];
    const auto value = got.Find(headline.section, headline.name);
    ASSERT_TRUE(value) << headline.name;
    // Without sides, the longer of two rows passes for the caller's; an edge of two kinds is two
    // edges.
    const std::string name = headline.name;
    const double slack = name == "top_10_share"                                    ? 0.05
                         : exact || headline.section != std::string("parallelism") ? 1e-9
                                                                                   : 0.05;
    EXPECT_NEAR(measured, *value, slack * *value) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, TraceFeatures, testing::Values("alibaba-2021", "alibaba-2022"),
                         [](const auto& test) { return std::string(test.param).substr(8); });

}  // namespace
}  // namespace plumbago::cli
