#include "engine/read_rows.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plumbago::engine {
namespace {

int64_t TickOf(std::initializer_list<int64_t> starts) {
  const std::string path = testing::TempDir() + fmt::format("tick-{}.csv", getpid());
  std::ofstream out(path);
  out << "trace,span,callee,start_ns,duration_ns\n";
  int span = 0;
  for (const int64_t start : starts) out << fmt::format("t1,{},a,{},7\n", ++span, start);
  out.close();
  ReadOptions options;
  options.inputs = {path};
  options.threads = 2;
  const auto read = ReadAllRows(options);
  EXPECT_TRUE(read);
  std::filesystem::remove(path);
  return read ? read->tick_ns : 0;
}

TEST(ReadRows, TheTickIsThatOfTheFinestStart) {
  EXPECT_EQ(TickOf({5'000'000'000, 5'001'000'000}), 1'000'000);
  EXPECT_EQ(TickOf({5'000'000'000, 5'000'001'000, 5'001'000'000}), 1'000);
  EXPECT_EQ(TickOf({5'000'000'000, 5'000'000'001}), 1);
  EXPECT_EQ(TickOf({-5'000'000'001, 5'000'000'000}), 1);
}

}  // namespace
}  // namespace plumbago::engine
