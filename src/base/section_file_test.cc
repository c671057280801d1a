#include "base/section_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <random>

#include "base/test_files.h"
#include "base/worker_threads.h"

namespace plumbago {
namespace {

constexpr std::string_view kMagic = "TESTFILE";
using Blocks = std::vector<std::string>;
using Sections = std::vector<std::pair<std::string, Blocks>>;

std::string Noise(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

void WriteTo(const std::string& path, const Sections& sections, uint32_t version = 1) {
  const auto out = SectionFileWriter::Create(path, kMagic, version);
  ASSERT_TRUE(out) << out.error().Text();
  for (const auto& [name, blocks] : sections) {
    (*out)->Begin(name);
    for (const std::string& block : blocks) ASSERT_TRUE((*out)->WriteBlock(block));
  }
  ASSERT_TRUE((*out)->Commit());
  EXPECT_EQ((*out)->bytes(), FileText(path).size());
}

std::string FileOf(const Sections& sections, uint32_t version = 1) {
  const TemporaryFolder folder;
  WriteTo(folder.Path("a.plumb"), sections, version);
  return FileText(folder.Path("a.plumb"));
}

Result<Blocks> ReadSection(const SectionFile& file, std::string_view name) {
  Blocks blocks;
  SectionCursor cursor = file.Cursor(name);
  std::string raw;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, cursor.NextBlock(raw));
    if (!more) break;
    blocks.push_back(raw);
  }
  const Result<bool> again = cursor.NextBlock(raw);
  EXPECT_TRUE(again && !*again);  // the end stays
  return blocks;
}

Result<Sections> ReadAll(const SectionFile& file) {
  Sections sections;
  for (const SectionFile::Section& section : file.sections()) {
    ASSIGN_OR_RETURN(Blocks blocks, ReadSection(file, section.name));
    sections.emplace_back(section.name, std::move(blocks));
  }
  return sections;
}

// Everything in it, or why not.
Result<Sections> ReadBytes(std::string_view bytes, uint32_t newest = 1) {
  ASSIGN_OR_RETURN(const auto file, SectionFile::FromBytes(bytes, "a.plumb", kMagic, newest));
  return ReadAll(*file);
}

std::string ErrorOf(std::string_view bytes, uint32_t newest = 1) {
  const Result<Sections> read = ReadBytes(bytes, newest);
  if (read) return "";
  EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(read.error().where.file, "a.plumb");
  return read.error().message;
}

// Small, yet with every kind of block: shrunk, plain, empty; and an empty section.
Sections Small() {
  return {{"names", {SampleLines(20), Noise(40, 1)}}, {"none", {}}, {"x", {"", "a"}}};
}

TEST(SectionFile, GivesBackWhatWasWritten) {
  Sections sections = Small();
  Blocks many;
  for (uint64_t i = 0; i < 3000; ++i) many.push_back(SampleLines(i % 50, i));
  sections.emplace_back("many", many);
  sections.emplace_back("large", Blocks{std::string(kMostBlock, 'z'), Noise(kMostBlock, 2),
                                        SampleLines(60000).substr(0, kMostBlock), "end"});
  sections.emplace_back(std::string(255, 'n'), Blocks{"b"});
  const TemporaryFolder folder;
  const std::string path = folder.Path("a.plumb");
  WriteTo(path, sections, 3);
  const auto file = SectionFile::Open(path, kMagic, 4);
  ASSERT_TRUE(file) << file.error().Text();
  EXPECT_EQ((*file)->version(), 3u);
  EXPECT_EQ((*file)->path(), path);
  EXPECT_EQ((*file)->bytes(), FileText(path).size());
  const Result<Sections> read = ReadAll(**file);
  ASSERT_TRUE(read) << read.error().Text();
  EXPECT_TRUE(*read == sections);
  const Result<Sections> from_bytes = ReadBytes(FileText(path), 4);
  ASSERT_TRUE(from_bytes) << from_bytes.error().Text();
  EXPECT_TRUE(*from_bytes == sections);
  const SectionFile::Section& large = (*file)->sections()[4];
  EXPECT_EQ(large.blocks, 4u);
  EXPECT_EQ(large.raw_bytes, 3 * kMostBlock + 3);
  EXPECT_LT(large.bytes, 2 * kMostBlock);
}

TEST(SectionFile, ASectionThatIsNotThereIsEmpty) {
  const std::string bytes = FileOf(Small());
  const auto file = SectionFile::FromBytes(bytes, "a.plumb", kMagic, 1);
  ASSERT_TRUE(file);
  EXPECT_TRUE((*file)->Has("none"));
  EXPECT_FALSE((*file)->Has("nothing"));
  EXPECT_EQ(ReadSection(**file, "none").value(), Blocks{});
  EXPECT_EQ(ReadSection(**file, "nothing").value(), Blocks{});
  EXPECT_TRUE(ReadBytes(FileOf({})).value().empty());
}

TEST(SectionFile, CursorsOfOneFileDoNotDisturbEachOther) {
  const std::string bytes = FileOf({{"a", {"1", "2"}}, {"b", {"3"}}});
  const auto file = SectionFile::FromBytes(bytes, "a.plumb", kMagic, 1);
  SectionCursor a = (*file)->Cursor("a"), again = (*file)->Cursor("a"), b = (*file)->Cursor("b");
  std::string raw;
  EXPECT_TRUE(a.NextBlock(raw).value() && raw == "1");
  EXPECT_TRUE(b.NextBlock(raw).value() && raw == "3");
  EXPECT_TRUE(a.NextBlock(raw).value() && raw == "2");
  EXPECT_TRUE(again.NextBlock(raw).value() && raw == "1");
  EXPECT_FALSE(a.NextBlock(raw).value());
  EXPECT_EQ(raw, "");
}

TEST(SectionFile, BlocksThatDoNotShrinkAreStoredAsTheyAre) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{2}, size_t{100}, kMostBlock}) {
    EXPECT_EQ(SectionFileWriter::Seal(Noise(size, size)).size(), size + 16);
  }
  EXPECT_LT(SectionFileWriter::Seal(std::string(kMostBlock, 'a')).size(), 200u);
}

TEST(SectionFile, SealingGivesTheSameBytesOnEveryThreadInAnyOrder) {
  std::vector<std::string> raw, sealed;
  for (uint64_t i = 0; i < 60; ++i) raw.push_back(SampleLines(1 + i * i * 8, i));
  for (const std::string& block : raw) sealed.push_back(SectionFileWriter::Seal(block));
  ASSERT_TRUE(RunOnThreads(4, [&](unsigned thread) {
    for (size_t i = 0; i < raw.size(); ++i) {
      const size_t at = thread % 2 == 0 ? i : raw.size() - 1 - i;
      EXPECT_TRUE(SectionFileWriter::Seal(raw[at]) == sealed[at]) << at;
    }
  }));
}

TEST(SectionFile, EveryCutIsRefused) {
  const std::string whole = FileOf(Small());
  ASSERT_TRUE(ReadBytes(whole).value() == Small());
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string error = ErrorOf(std::string_view(whole).substr(0, size));
    if (size == 0) {
      EXPECT_EQ(error, "is not a file of the kind that is expected here, but an empty file");
    } else {
      EXPECT_TRUE(error.starts_with("has no end: it was cut")) << size << ": " << error;
    }
  }
  EXPECT_TRUE(ErrorOf(whole + "\n").starts_with("has no end"));
}

TEST(SectionFile, EveryFlippedBitIsRefused) {
  const std::string whole = FileOf(Small());
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      EXPECT_NE(ErrorOf(bytes), "") << at << ":" << bit;
    }
  }
}

TEST(SectionFile, DamageOfOneSectionIsNamedAndLeavesTheOthersReadable) {
  const Sections sections = {{"first", {"one", "two", "three"}}, {"second", {"four"}}};
  std::string bytes = FileOf(sections);
  bytes[bytes.find("two")] = 'T';
  const auto file = SectionFile::FromBytes(bytes, "a.plumb", kMagic, 1);
  ASSERT_TRUE(file);
  SectionCursor cursor = (*file)->Cursor("first");
  std::string raw;
  EXPECT_TRUE(cursor.NextBlock(raw).value() && raw == "one");
  for (int i = 0; i < 2; ++i) {  // an error stays
    const Result<bool> damaged = cursor.NextBlock(raw);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(raw, "");
    EXPECT_EQ(damaged.error().message,
              "section \"first\", block 2 of 3: the block is damaged: its checksum does not match; "
              "make the file again, or copy it again");
  }
  EXPECT_EQ(ReadSection(**file, "second").value(), Blocks{"four"});
}

TEST(SectionFile, ASizeThatChangedIsFoundByTheChecksum) {
  const std::string whole = FileOf({{"s", {"plain"}}});
  std::string bytes = whole;
  bytes[24] = 5 + 8;  // the raw size: it would now seem to be zstd
  const std::string error = ErrorOf(bytes);
  EXPECT_NE(error.find("its checksum does not match"), std::string::npos) << error;
}

TEST(SectionFile, BlocksOfAnotherFileInTheirPlaceAreNotTakenForMore) {
  // The same stored size, another raw size: each block is sound, the section is not.
  const std::string a = FileOf({{"s", {std::string(5000, 'a')}}});
  const std::string b = FileOf({{"s", {std::string(6000, 'a')}}});
  ASSERT_EQ(a.size(), b.size());
  const size_t contents = 24 + SectionFileWriter::Seal(std::string(5000, 'a')).size();
  EXPECT_TRUE(ErrorOf(a.substr(0, contents) + b.substr(contents))
                  .starts_with("section \"s\": holds 5000 bytes in 1 blocks, and should hold 6000 "
                               "in 1"));
}

TEST(SectionFile, OtherKindsAndNewerVersionsAreRefusedWithTheReason) {
  const std::string bytes = FileOf(Small(), 7);
  EXPECT_EQ(ErrorOf(bytes, 7), "");
  EXPECT_EQ(ErrorOf(bytes, 6),
            "is of version 7 of its format, and this program reads versions up to 6; use a newer "
            "plumbago");
  EXPECT_EQ(ErrorOf("traceid,rt\n1,2\n"),
            "is not a file of the kind that is expected here, but text \"traceid,rt\"");
  EXPECT_TRUE(ErrorOf(GzipText("abc"))
                  .ends_with("but binary data (1f 8b 08 00 00 00 00 00 04 03 4b 4c ..)"))
      << ErrorOf(GzipText("abc"));
  EXPECT_TRUE(ErrorOf("TESTFILX" + bytes.substr(8)).starts_with("is not a file of the kind"));
}

TEST(SectionFile, WhatCannotBeOpenedIsSaid) {
  const TemporaryFolder folder;
  const auto none = SectionFile::Open(folder.Path("none"), kMagic, 1);
  EXPECT_EQ(none.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(SectionFile::Open(folder.path(), kMagic, 1).error().kind, ErrorKind::kBadInput);
  ASSERT_EQ(mkfifo(folder.Path("pipe").c_str(), 0600), 0);
  const auto pipe = SectionFile::Open(folder.Path("pipe"), kMagic, 1);
  EXPECT_TRUE(pipe.error().message.starts_with("is a pipe")) << pipe.error().message;
  for (const char* const name : {"a.plumb.gz", "a.zst"}) {
    const auto out = SectionFileWriter::Create(folder.Path(name), kMagic, 1);
    EXPECT_EQ(out.error().kind, ErrorKind::kUsage);
  }
}

TEST(SectionFile, AFileThatShrinksWhileItIsReadIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("a.plumb");
  WriteTo(path, {{"s", {Noise(100000, 1), Noise(100000, 2)}}});
  const auto file = SectionFile::Open(path, kMagic, 1);
  ASSERT_TRUE(file);
  std::filesystem::resize_file(path, 120000);
  const Result<Blocks> read = ReadSection(**file, "s");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "became shorter while it was read");
}

TEST(SectionFile, WithoutCommitThereIsNoFile) {
  const TemporaryFolder folder;
  {
    const auto out = SectionFileWriter::Create(folder.Path("a.plumb"), kMagic, 1);
    (*out)->Begin("s");
    ASSERT_TRUE((*out)->WriteBlock("a"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace plumbago
