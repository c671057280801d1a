#include "serverless/figures/reference_atc20.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace plumbago::serverless {
namespace {

double Sum(std::span<const double> of) { return std::accumulate(of.begin(), of.end(), 0.0); }

// What the facts of the paper say in words, of the curves that were read off.
TEST(ReferenceAtc20, AgreesWithWhatIsStated) {
  for (const PublishedCurve& curve : Atc20Curves()) {
    for (const auto points : {curve.paper, curve.release}) {
      ASSERT_GE(points.size(), 9u) << curve.figure << curve.series;
      for (size_t i = 1; i < points.size(); ++i) {
        EXPECT_GT(points[i].x, points[i - 1].x) << curve.figure << curve.series;
        // Read to about 0.01.
        EXPECT_GE(points[i].y, points[i - 1].y - 0.025)
            << curve.figure << curve.series << points[i].x;
      }
    }
  }
  EXPECT_NEAR(Atc20Curve("1", "apps").paper[0].y, 0.54, 0.01);      // one function
  EXPECT_NEAR(Atc20Curve("7", "average").paper[8].y, 0.50, 0.015);  // below 1 s
  EXPECT_EQ(Atc20Curve("7", "average").paper[8].x, 1);
  EXPECT_TRUE(Atc20Curve("9", "average").paper.empty());
}

TEST(ReferenceAtc20, TheFittedDistributionsRunThroughTheCurves) {
  for (const document::Point& point : Atc20Curve("7", "average").paper) {
    const double z = (std::log(point.x) - kAtc20DurationLogMean) / kAtc20DurationSigma;
    // The published fit lies up to 0.067 above the published curve: so it is, not misread (its
    // median is 0.68 s; half of the functions are said to take less than 1 s).
    EXPECT_NEAR(point.y, 0.5 * std::erfc(-z / std::sqrt(2)), 0.07) << point.x;
  }
  for (const document::Point& point : Atc20Curve("8", "average").paper) {
    const double burr =
        1 - std::pow(1 + std::pow(point.x / kAtc20MemoryLambda, kAtc20MemoryC), -kAtc20MemoryK);
    EXPECT_NEAR(point.y, burr, 0.11) << point.x;
  }
}

TEST(ReferenceAtc20, HoursAreOfTheirMean) {
  for (const auto hours : {Atc20PaperHours(), Atc20ReleaseHours()}) {
    ASSERT_EQ(hours.size(), 336u);
    EXPECT_NEAR(Sum(hours) / 336, 1, 0.01);
  }
  // The release's invocations by hour of day, in millions (the notebooks that count it).
  constexpr double kMillions[] = {487, 478, 478, 476, 475, 493, 507, 524, 521, 524, 525, 526,
                                  544, 566, 566, 558, 547, 558, 562, 539, 527, 520, 507, 489};
  const double mean = Sum(kMillions) / 24;
  for (size_t h = 0; h < 24; ++h) {
    double sum = 0;
    for (size_t i = h; i < 336; i += 24) sum += Atc20ReleaseHours()[i];
    EXPECT_NEAR(sum / 14, kMillions[h] / mean, 0.012) << h;
  }
  // The paper's: 0.88 at 3 o'clock to 1.11 at 13.
  double three = 0, thirteen = 0;
  for (size_t day = 0; day < 14; ++day) {
    three += Atc20PaperHours()[24 * day + 3] / 14;
    thirteen += Atc20PaperHours()[24 * day + 13] / 14;
  }
  EXPECT_NEAR(three, 0.88, 0.011);
  EXPECT_NEAR(thirteen, 1.11, 0.011);
}

TEST(ReferenceAtc20, SharesByTriggerAddUp) {
  double sums[4] = {};
  for (const PublishedTrigger& of : Atc20Triggers()) {
    sums[0] += of.paper_functions;
    sums[1] += of.paper_invocations;
    sums[2] += of.release_functions;
    sums[3] += of.release_invocations;
  }
  EXPECT_NEAR(sums[0], 99.9, 0.05);
  EXPECT_NEAR(sums[1], 100.1, 0.05);
  EXPECT_NEAR(sums[2], 105.7, 0.05);  // as printed; why it is above 100 is not said
  EXPECT_NEAR(sums[3], 99.9, 0.05);
  double paper = 0, release = 0;
  for (const PublishedTriggerSet& of : Atc20TriggerSets()) {
    paper += of.paper;
    release += of.release;
  }
  EXPECT_NEAR(paper, 90.40, 0.03);  // figure 3b's cumulative column
  EXPECT_NEAR(release, 90.04, 0.03);
}

std::string Folder() {
  const char* data = std::getenv("PLUMBAGO_DATA");
  return std::string(data != nullptr ? data : "../shared/data") + "/azure/";
}

// Rows of a compressed table without its header, cut at commas.
std::vector<std::vector<std::string>> Rows(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  FILE* file = popen(("zstd -dcq '" + path + "'").c_str(), "r");
  if (file == nullptr) return rows;
  char line[4096];
  for (bool header = true; std::fgets(line, sizeof line, file) != nullptr; header = false) {
    if (header) continue;
    auto& row = rows.emplace_back();
    std::string cell;
    for (const char* c = line; *c != '\0' && *c != '\n'; ++c) {
      if (*c == ',') {
        row.push_back(cell);
        cell.clear();
      } else {
        cell += *c;
      }
    }
    row.push_back(cell);
  }
  pclose(file);
  return rows;
}

#define NEEDS_DATA(path)                                               \
  if (!std::filesystem::exists(path)) {                                \
    if (std::getenv("CI") != nullptr) FAIL() << path << " is missing"; \
    GTEST_SKIP() << path << " is missing";                             \
  }

// Each point is one of the two values that were read at its x.
TEST(ReferenceAtc20, PointsAreThoseThatWereRead) {
  const std::string path = Folder() + "atc20_digitised_cdf_points.csv.zst";
  NEEDS_DATA(path);
  std::map<std::string, std::pair<double, double>> read;
  std::map<std::string, size_t> counts;
  for (const auto& row : Rows(path)) {
    ASSERT_GE(row.size(), 6u);
    const std::string curve = row[0].substr(0, row[0].find('_')) + "/" + row[1];
    read[curve + "/" + std::to_string(std::stod(row[2]))] = {std::stod(row[4]), std::stod(row[5])};
    ++counts[curve];
  }
  EXPECT_EQ(counts.size(), Atc20Curves().size());
  for (const PublishedCurve& curve : Atc20Curves()) {
    const std::string name = std::string(curve.figure) + "/" + std::string(curve.series);
    EXPECT_EQ(curve.paper.size(), counts[name]) << name;
    EXPECT_GE(curve.release.size() + 4, counts[name]) << name;
    for (const auto points : {curve.paper, curve.release}) {
      for (const document::Point& point : points) {
        const auto at = read.find(name + "/" + std::to_string(point.x));
        ASSERT_NE(at, read.end()) << name << " " << point.x;
        const double low = std::min(at->second.first, 1.0), high = std::min(at->second.second, 1.0);
        EXPECT_TRUE(std::fabs(point.y - low) < 1e-9 || std::fabs(point.y - high) < 1e-9)
            << name << " " << point.x;
      }
    }
  }
}

TEST(ReferenceAtc20, ReleasesHoursAreThoseThatWereRead) {
  const std::string path = Folder() + "atc20_digitised_fig4_hourly.csv.zst";
  NEEDS_DATA(path);
  const auto rows = Rows(path);
  ASSERT_EQ(rows.size(), 336u);
  for (size_t i = 0; i < rows.size(); ++i)
    EXPECT_NEAR(std::stod(rows[i][2]), Atc20ReleaseHours()[i], 1e-9) << i;
}

}  // namespace
}  // namespace plumbago::serverless
