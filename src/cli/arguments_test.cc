#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/help.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--threads", "N", "threads"}, {"--json", nullptr, "JSON"}, {"-o", "FILE", "output"}};

Result<Arguments> Parse(std::vector<std::string> words) { return Arguments::Parse(kFlags, words); }

TEST(Arguments, TakeFlagsAnywhere) {
  const auto arguments = Parse({"a.csv", "--threads", "3", "--json", "-o=x", "b.csv"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->inputs(), (std::vector<std::string>{"a.csv", "b.csv"}));
  EXPECT_EQ(*arguments->Number("--threads", 1, 1, 8), 3u);
  EXPECT_TRUE(arguments->Has("--json"));
  EXPECT_EQ(arguments->Value("-o"), "x");
}

TEST(Arguments, ADashIsAnInputAndTwoEndTheFlags) {
  const auto arguments = Parse({"-", "--", "--json"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->inputs(), (std::vector<std::string>{"-", "--json"}));
  EXPECT_FALSE(arguments->Has("--json"));
}

TEST(Arguments, SayWhatIsWrong) {
  EXPECT_NE(Parse({"--thread", "2"}).error().message.find("did you mean --threads"),
            std::string::npos);
  EXPECT_NE(Parse({"--threads"}).error().message.find("needs a value"), std::string::npos);
  EXPECT_NE(Parse({"--json=1"}).error().message.find("takes no value"), std::string::npos);
  for (const char* bad : {"0", "9", "x", "2x", "", "-1"}) {
    EXPECT_FALSE(Parse({"--threads=" + std::string(bad)})->Number("--threads", 1, 1, 8)) << bad;
  }
}

TEST(Arguments, ListsSplitAtCommasAndAddUp) {
  const auto arguments = Parse({"-o", "a,b", "-o", "c,,"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->List("-o"), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Commands, DescribeThemselves) {
  std::set<std::string> names;
  for (const Command* command : Commands()) {
    EXPECT_TRUE(names.insert(command->name).second);
    EXPECT_LT(std::string(command->summary).size(), 72u) << command->name;
    EXPECT_NE(std::string(command->examples), "") << command->name;
    std::set<std::string> flags;
    for (const Flag& flag : command->flags)
      EXPECT_TRUE(flags.insert(flag.name).second) << flag.name;
    const std::string help = CommandHelp(*command);
    for (const Flag& flag : command->flags) EXPECT_NE(help.find(flag.name), std::string::npos);
    EXPECT_NE(ProgramHelp().find(command->summary), std::string::npos);
  }
}

TEST(Commands, HelpFitsTheScreen) {
  std::string all = ProgramHelp();
  for (const Command* command : Commands()) all += CommandHelp(*command);
  size_t at = 0;
  while (at < all.size()) {
    const size_t end = std::min(all.find('\n', at), all.size());
    EXPECT_LE(end - at, 100u) << all.substr(at, end - at);
    at = end + 1;
  }
}

}  // namespace
}  // namespace plumbago::cli
