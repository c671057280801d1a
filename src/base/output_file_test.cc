#include "base/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/archive.h"
#include "base/temporary_names.h"
#include "base/test_files.h"

namespace plumbago {
namespace {

size_t FilesIn(const std::string& folder) {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST(OutputFile, IsThereWholeAfterCommit) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("out.csv");
  const std::string big = SampleLines(50000);
  auto file = *OutputFile::Open(path);
  EXPECT_TRUE(file->regular());
  ASSERT_TRUE(file->Write("head\n"));
  ASSERT_TRUE(file->Write(big));
  ASSERT_TRUE(file->Write("tail\n"));
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(file->Commit());
  EXPECT_TRUE(FileText(path) == "head\n" + big + "tail\n");
  EXPECT_EQ(FilesIn(folder.path()), 1u);
  struct stat info{};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(info.st_mode & 0777, 0666 & ~mask);
}

TEST(OutputFile, LeavesNothingAndTheOldFileAsItWasWithoutCommit) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("out.csv", "old");
  {
    auto file = *OutputFile::Open(path);
    ASSERT_TRUE(file->Write(SampleLines(50000)));
    EXPECT_EQ(FilesIn(folder.path()), 2u);
  }
  EXPECT_EQ(FileText(path), "old");
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

TEST(OutputFile, FollowsALinkAndKeepsTheMode) {
  const TemporaryFolder folder;
  const std::string target = folder.Write("real", "old");
  ASSERT_EQ(chmod(target.c_str(), 0640), 0);
  ASSERT_EQ(symlink("real", folder.Path("link").c_str()), 0);
  auto file = *OutputFile::Open(folder.Path("link"));
  ASSERT_TRUE(file->Write("new"));
  ASSERT_TRUE(file->Commit());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.Path("link")));
  EXPECT_EQ(FileText(target), "new");
  struct stat info{};
  ASSERT_EQ(stat(target.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST(OutputFile, CompressesByItsEnding) {
  const TemporaryFolder folder;
  const std::string text = SampleLines(100000);
  for (const char* name : {"out.csv.gz", "out.csv.zst"}) {
    const std::string path = folder.Path(name);
    auto file = *OutputFile::Open(path);
    for (size_t at = 0; at < text.size(); at += 70001)
      ASSERT_TRUE(file->Write(std::string_view(text).substr(at, 70001)));
    ASSERT_TRUE(file->Commit());
    EXPECT_LT(std::filesystem::file_size(path), text.size() / 2);
    auto archive = *Archive::Open(path);
    EXPECT_FALSE(archive->is_plain());
    ASSERT_TRUE(*archive->Next());
    std::string back(text.size() + 1, '\0');
    const Result<size_t> n = archive->Read(back.data(), back.size());
    ASSERT_TRUE(n) << n.error().message;
    back.resize(*n);
    EXPECT_TRUE(back == text);
    char more = 0;
    EXPECT_EQ(archive->Read(&more, 1).value_or(9), 0u);
  }
}

TEST(OutputFile, AFullDiskIsAnErrorThatStays) {
  auto file = *OutputFile::Open("/dev/full");
  EXPECT_FALSE(file->regular());
  const std::string text = SampleLines(50000);
  const Result<void> written = file->Write(text);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kResource);
  EXPECT_EQ(written.error().ExitCode(), 3);
  EXPECT_EQ(written.error().Text(), "/dev/full: cannot write: no space left on the disk");
  EXPECT_FALSE(file->Write("x"));
  EXPECT_FALSE(file->Commit());
}

TEST(OutputFile, AFullDiskIsSeenByCommitAtTheLatest) {
  auto file = *OutputFile::Open("/dev/full");
  ASSERT_TRUE(file->Write("small"));
  EXPECT_FALSE(file->Commit());
}

TEST(OutputFile, AClosedPipeIsAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  const TemporaryFolder folder;
  const std::string path = folder.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::FILE* reader = nullptr;
  std::thread opener([&] { reader = std::fopen(path.c_str(), "r"); });
  auto file = *OutputFile::Open(path);
  opener.join();
  ASSERT_NE(reader, nullptr);
  std::fclose(reader);
  const Result<void> written = file->Write(SampleLines(50000));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kResource);
}

TEST(OutputFile, SaysWhyItCannotBeMade) {
  const TemporaryFolder folder;
  EXPECT_EQ(OutputFile::Open(folder.path()).error().kind, ErrorKind::kBadInput);
  const Error missing = OutputFile::Open(folder.Path("none/x")).error();
  EXPECT_EQ(missing.kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.message, "cannot write: there is no folder " + folder.Path("none"));
  const Error empty = OutputFile::Open("").error();
  EXPECT_EQ(empty.kind, ErrorKind::kUsage);
  EXPECT_EQ(empty.Text(), "an empty file name");
}

TEST(TemporaryNames, AreUnlinkedOnce) {
  const TemporaryFolder folder;
  auto file = *OutputFile::Open(folder.Path("out"));
  const std::string kept = folder.Write("kept", "x");
  ForgetTemporaryName(RememberTemporaryName(kept));
  EXPECT_EQ(FilesIn(folder.path()), 2u);
  UnlinkTemporaryNames();
  EXPECT_EQ(FilesIn(folder.path()), 1u);
  EXPECT_EQ(FileText(kept), "x");
}

}  // namespace
}  // namespace plumbago
