#include "cli/row_files.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace plumbago::cli {
namespace {

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(RowFiles, NamesOfTablesBeside) {
  EXPECT_EQ(BesideName("x.csv", "nodes"), "x.nodes.csv");
  EXPECT_EQ(BesideName("a.b/x.csv.gz", "nodes"), "a.b/x.nodes.csv.gz");
  EXPECT_EQ(BesideName("a.b/rows", "places"), "a.b/rows.places");
}

TEST(RowFiles, AreConsecutivePiecesWithTheHeader) {
  const std::string folder = testing::TempDir() + "row-files-" + std::to_string(getpid()) + "/";
  std::string text = "head\n";
  for (int i = 0; i < 101; ++i) text += "row " + std::to_string(i) + "\n";
  for (const size_t piece : {1ul, 3ul, 7ul, 50ul, 10'000ul}) {
    for (const uint64_t files : {1ul, 2ul, 10ul, 64ul}) {
      std::filesystem::remove_all(folder);
      auto out = RowFiles::Open(folder, files, 101);
      ASSERT_TRUE(out);
      for (size_t at = 0; at < text.size(); at += piece) {
        ASSERT_TRUE(out->Write(std::string_view(text).substr(at, piece)));
      }
      EXPECT_FALSE(std::filesystem::exists(out->paths()[0])) << "before it is whole";
      ASSERT_TRUE(out->Commit());
      std::string joined = "head\n";
      for (const std::string& path : out->paths()) {
        const std::string part = Read(path);
        ASSERT_EQ(part.substr(0, 5), "head\n");
        const auto rows = static_cast<uint64_t>(std::count(part.begin(), part.end(), '\n')) - 1;
        EXPECT_TRUE(rows == 101 / files || rows == 101 / files + 1) << rows;
        joined += part.substr(5);
      }
      EXPECT_EQ(joined, text);
      EXPECT_EQ(out->paths().size(), files);
    }
  }
  std::filesystem::remove_all(folder);
}

TEST(RowFiles, Names) {
  const std::string folder = testing::TempDir() + "row-names-" + std::to_string(getpid()) + "/";
  std::filesystem::create_directories(folder);
  EXPECT_EQ(RowFiles::Open(folder + "x.y.csv.gz", 3, 9)->paths()[2], folder + "x.y-3.csv.gz");
  EXPECT_EQ(RowFiles::Open(folder + "x", 12, 99)->paths()[0], folder + "x-01");
  EXPECT_EQ(RowFiles::Open(folder + ".gz", 2, 9)->paths()[0], folder + ".gz-1");
  EXPECT_EQ(RowFiles::Open(folder, 2, 9)->name(), folder + "traces.csv");
  EXPECT_EQ(RowFiles::Open("-", 2, 9).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(RowFiles::Open("/dev/null", 2, 9).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(RowFiles::Open(folder + "x", 3, 2).error().kind, ErrorKind::kUsage);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace plumbago::cli
