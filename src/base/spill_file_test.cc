#include "base/spill_file.h"

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/test_files.h"

namespace plumbago {
namespace {

std::string Read(const SpillFile& file, uint64_t offset, size_t size) {
  std::string text(size, '?');
  const Result<void> read = file.ReadAt(offset, text.data(), size);
  EXPECT_TRUE(read) << read.error().Text();
  return text;
}

TEST(SpillFile, GivesBackWhatWasAppended) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  EXPECT_EQ(file.bytes(), 0u);
  const auto a = file.Append("one");
  ASSERT_TRUE(a) << a.error().Text();
  const std::string large(3'000'000, 'x');
  const auto b = file.Append(large);
  ASSERT_TRUE(b);
  EXPECT_EQ(Read(file, *a, 3), "one");
  EXPECT_EQ(Read(file, *b, large.size()), large);
  EXPECT_EQ(file.bytes(), large.size() + 3);
}

TEST(SpillFile, PartsStandOneAfterTheOther) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  ASSERT_TRUE(file.Append("before"));
  std::vector<std::string> texts;
  std::string all;
  for (int i = 0; i < 3000; ++i) {
    texts.push_back(std::string(static_cast<size_t>(i % 7), static_cast<char>('a' + i % 26)));
    all += texts.back();
  }
  const std::vector<std::string_view> parts(texts.begin(), texts.end());
  const auto offset = file.Append(parts);
  ASSERT_TRUE(offset) << offset.error().Text();
  EXPECT_EQ(Read(file, *offset, all.size()), all);
}

TEST(SpillFile, HasNoNameFromTheStart) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  ASSERT_TRUE(file.Append("secret"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SpillFile, ThreadsAppendAndReadAtOnce) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&file, &wrong, t] {
      for (size_t i = 0; i < 200; ++i) {
        const std::string text(1000 + i, static_cast<char>('a' + t));
        const auto offset = file.Append(text);
        std::string back(text.size(), '?');
        if (!offset || !file.ReadAt(*offset, back.data(), back.size()) || back != text) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(SpillFile, DiscardLeavesTheRest) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  const auto a = file.Append(std::string(100'000, 'a'));
  const auto b = file.Append(std::string(100'000, 'b'));
  ASSERT_TRUE(a && b);
  file.Discard(*a, 100'000);
  EXPECT_EQ(Read(file, *b, 100'000), std::string(100'000, 'b'));
}

TEST(SpillFile, SaysWhichFolderIsNotThere) {
  const TemporaryFolder folder;
  SpillFile file(folder.Path("gone"));
  const auto appended = file.Append("x");
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(appended.error().Text().find(folder.Path("gone")), std::string::npos);
  ASSERT_FALSE(file.status());
  EXPECT_EQ(file.status().error().Text(), appended.error().Text());
}

TEST(SpillFile, ReadingBehindTheEndIsAnError) {
  const TemporaryFolder folder;
  SpillFile file(folder.path());
  ASSERT_TRUE(file.Append("abc"));
  std::array<char, 8> out{};
  EXPECT_FALSE(file.ReadAt(0, out.data(), out.size()));
  EXPECT_FALSE(file.status());
}

// /dev/full is no folder; a small tmpfs is a full disk where it may be mounted.
TEST(SpillFile, FullDiskSaysHowMuchWasWrittenAndWhatHelps) {
  const TemporaryFolder folder;
  if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "cannot mount a tmpfs here (needs root and CAP_SYS_ADMIN)";
  }
  Result<uint64_t> appended;
  {
    SpillFile file(folder.path());
    for (int i = 0; i < 5 && appended; ++i) appended = file.Append(std::string(300'000, 'x'));
  }
  umount(folder.path().c_str());
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().ExitCode(), 3);
  const std::string text = appended.error().Text();
  for (const char* part : {"no space left", "after 1.05 MB", "TMPDIR", "--memory"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST(SpillFile, IsReadByItsPathToo) {
  SpillFile file;
  ASSERT_TRUE(file.Append("one "));
  ASSERT_TRUE(file.Append("two"));
  std::ifstream in(file.Path());
  std::string text;
  std::getline(in, text);
  EXPECT_EQ(text, "one two");
}

}  // namespace
}  // namespace plumbago
