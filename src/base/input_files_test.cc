#include "base/input_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

class InputFilesTest : public testing::Test {
 protected:
  // Paths below the folder, with '*' before those that were named; or the error's text.
  std::string Find(std::vector<std::string> arguments) {
    for (std::string& argument : arguments) {
      if (argument != "-") argument = folder_.Path(argument);
    }
    const Result<std::vector<InputFile>> files = FindInputFiles(arguments);
    if (!files) {
      EXPECT_EQ(files.error().kind, ErrorKind::kNotFound);
      return Short(files.error().Text());
    }
    std::string out;
    for (const InputFile& file : *files)
      out += (out.empty() ? "" : " ") + std::string(file.named ? "*" : "") + Short(file.path);
    return out;
  }
  std::string Short(std::string text) const {
    for (size_t at = 0; (at = text.find(folder_.path() + "/")) != std::string::npos;)
      text.erase(at, folder_.path().size() + 1);
    return text;
  }

  TemporaryFolder folder_;
};

TEST_F(InputFilesTest, SearchesFoldersThroughSortedWithoutHiddenFiles) {
  folder_.Write("d/b.csv", "b");
  folder_.Write("d/a.csv", "a");
  folder_.Write("d/sub/c.csv", "c");
  folder_.Write("d/.hidden", "h");
  folder_.Write("d/.git/x", "x");
  EXPECT_EQ(Find({"d"}), "d/a.csv d/b.csv d/sub/c.csv");
  EXPECT_EQ(Find({"d/sub/c.csv", "d/a.csv"}), "*d/a.csv *d/sub/c.csv");
}

TEST_F(InputFilesTest, AFileThatIsMeantTwiceIsThereOnceAndStaysNamed) {
  folder_.Write("d/a.csv", "a");
  folder_.Write("d/b.csv", "b");
  EXPECT_EQ(Find({"d", "d/b.csv", "d/../d/a.csv", "d/b.csv"}), "*d/../d/a.csv *d/b.csv");
  EXPECT_EQ(Find({"-", "-"}), "*-");
}

TEST_F(InputFilesTest, ExpandsGlobs) {
  for (const char* name :
       {"x/1.csv", "x/2.csv", "x/3.txt", "y/1.csv", "y/deep/er/4.csv", "x/.h.csv"})
    folder_.Write(name, name);
  EXPECT_EQ(Find({"x/[12].csv"}), "x/1.csv x/2.csv");
  EXPECT_EQ(Find({"*/1.csv"}), "x/1.csv y/1.csv");
  EXPECT_EQ(Find({"**/*.csv"}), "x/1.csv x/2.csv y/1.csv y/deep/er/4.csv");
  EXPECT_EQ(Find({"y/d*"}), "y/deep/er/4.csv");  // a folder that matches is searched through
  EXPECT_EQ(Find({"x/*.log"}), "x/*.log: no file matches");
}

TEST_F(InputFilesTest, SaysWhatIsMissing) {
  folder_.Write("calls.csv", "a");
  std::filesystem::create_directory(folder_.Path("empty"));
  EXPECT_EQ(Find({"cals.csv"}), "cals.csv: no such file or folder; did you mean calls.csv?");
  EXPECT_EQ(Find({"other"}), "other: no such file or folder");
  EXPECT_EQ(Find({"nowhere/calls.csv"}), "nowhere/calls.csv: no such file or folder");
  EXPECT_EQ(Find({"empty"}), "empty: no file in this folder");
}

TEST_F(InputFilesTest, EndsInALoopOfLinksAndKeepsADanglingOne) {
  folder_.Write("d/a.csv", "a");
  ASSERT_EQ(symlink("..", folder_.Path("d/up").c_str()), 0);
  ASSERT_EQ(symlink("nothing", folder_.Path("d/broken").c_str()), 0);
  // Every name of the same file is the same file; the broken link is left to whoever opens it.
  EXPECT_TRUE(Find({"d"}).starts_with("d/a.csv d/broken"));
}

TEST_F(InputFilesTest, TakesPipesAndDevicesOnlyWhereTheyAreNamed) {
  folder_.Write("d/a.csv", "a");
  ASSERT_EQ(mkfifo(folder_.Path("d/pipe").c_str(), 0600), 0);
  ASSERT_EQ(symlink("/dev/null", folder_.Path("d/device").c_str()), 0);
  ASSERT_EQ(symlink("pipe", folder_.Path("d/link").c_str()), 0);
  EXPECT_EQ(Find({"d"}), "d/a.csv");
  EXPECT_EQ(Find({"d/*"}), "d/a.csv");
  EXPECT_EQ(Find({"d/pipe", "d/device"}), "*d/device *d/pipe");
  std::filesystem::remove(folder_.Path("d/a.csv"));
  const std::string why = " (pipes, devices and sockets are read only where they are named)";
  EXPECT_EQ(Find({"d"}), "d: no file in this folder" + why);
  EXPECT_EQ(Find({"d/p*"}), "d/p*: no file matches" + why);
}

TEST_F(InputFilesTest, SaysWhereANamedLinkLeads) {
  ASSERT_EQ(symlink("gone.csv", folder_.Path("dang.csv").c_str()), 0);
  EXPECT_EQ(Find({"dang.csv"}),
            "dang.csv: cannot open: it is a link to gone.csv, which does not exist");
}

TEST(AddressesTest, AreNoFiles) {
  for (const char* address : {"jaeger=http://host:1/x?y*", "zipkin=https://h"}) {
    EXPECT_TRUE(IsAddress(address));
    const std::string arguments[] = {address, address};
    const auto files = FindInputFiles(arguments);
    ASSERT_TRUE(files) << files.error().Text();
    ASSERT_EQ(files->size(), 1u) << "once";
    EXPECT_EQ((*files)[0].path, address);
    EXPECT_TRUE((*files)[0].named);
  }
  for (const char* no : {"=http://h", "Jaeger=http://h", "jaeger=ftp://h", "a b=http://h", "x", ""})
    EXPECT_FALSE(IsAddress(no)) << no;
  const std::string missing[] = {"jaeger=host:1"};
  const auto files = FindInputFiles(missing);
  ASSERT_FALSE(files);
  EXPECT_NE(files.error().message.find("jaeger=http://HOST:PORT"), std::string::npos);
}

TEST(GlobMatches, FollowsTheShell) {
  EXPECT_TRUE(GlobMatches("a*c", "abbc"));
  EXPECT_FALSE(GlobMatches("a*c", "ab/c"));
  EXPECT_TRUE(GlobMatches("a**c", "ab/c"));
  EXPECT_TRUE(GlobMatches("**/x", "x"));
  EXPECT_TRUE(GlobMatches("a/**/x", "a/b/c/x"));
  EXPECT_TRUE(GlobMatches("a/**/x", "a/x"));
  EXPECT_TRUE(GlobMatches("?[!a-c]", "xd"));
  EXPECT_FALSE(GlobMatches("?[!a-c]", "xb"));
  EXPECT_FALSE(GlobMatches("?", "/"));
  EXPECT_TRUE(GlobMatches("\\*", "*"));
  EXPECT_FALSE(GlobMatches("\\*", "x"));
  EXPECT_TRUE(GlobMatches("[", "["));
  EXPECT_FALSE(GlobMatches("abc", "ab"));
  EXPECT_FALSE(GlobMatches("ab", "abc"));
}

}  // namespace
}  // namespace plumbago
