// A run that goes on where another stopped: see read_progress.h.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/interrupt.h"
#include "base/test_files.h"
#include "formats/file_reader.h"
#include "formats/testing/line_format.h"

namespace plumbago::formats {
namespace {

using model::Damage;

// Lines of many lengths, and one that is too long.
std::string Lines(std::string_view name, size_t lines) {
  std::string text = "head\n";
  for (size_t i = 2; i <= lines; ++i) {
    text += fmt::format("{}:{}{}\n", name, i, std::string(i * 7919 % 50, '.'));
    if (i == lines / 3) text += std::string(9000, 'x') + "\n";
  }
  return text;
}

// What a run saw, where it stopped, and what it would keep for the next.
struct Part {
  std::vector<ReadBlock> blocks;
  model::DamageCounts damage;
  std::vector<FileProgress> progress;
  std::unique_ptr<BlockSource> source;
  std::string error;
};

class ResumeTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string tar = TarMember("m1", Lines("m1", 900)) + TarMember("n", "no format") +
                            TarMember("m2", Lines("m2", 700)) + TarEnd();
    folder_.Write("d/a.csv.gz", GzipText(Lines("a", 1500)));
    folder_.Write("d/b.csv", Lines("b", 1500));
    folder_.Write("d/c.csv", "");
    folder_.Write("d/d.tar.zst", ZstdText(tar));
    const std::string cut = GzipText(Lines("e", 3000));
    folder_.Write("d/e.csv.gz", cut.substr(0, cut.size() * 2 / 3));
    folder_.Write("d/f.txt", "of another kind");
    CHECK(symlink("nothing", folder_.Path("d/g.csv").c_str()) == 0);
    folder_.Write("d/h.csv.zst", ZstdText(Lines("h", 300)) + ZstdText(Lines("h", 800)));
  }

  // Reads `most` blocks, then is interrupted as a user would.
  Part Read(const std::vector<FileProgress>& before, size_t most, unsigned threads = 1) {
    Part part;
    const std::vector<std::string> inputs = {folder_.Path("d")};
    Result<std::unique_ptr<BlockSource>> source = BlockSource::Open(inputs, Options(before));
    if (!source) {
      part.error = source.error().Text();
      return part;
    }
    part.source = std::move(*source);
    std::mutex mutex;
    const Result<void> done = RunOnThreads(threads, [&](unsigned) -> Result<void> {
      std::string storage;
      model::DamageCounts damage;
      while (true) {
        ASSIGN_OR_RETURN(const std::optional<Block> block, part.source->Next(storage, damage));
        const std::lock_guard lock(mutex);
        if (!block) {
          part.damage.Merge(damage);
          return {};
        }
        part.blocks.push_back({block->index, block->first, std::string(block->text)});
        part.source->SetLines(block->index, LinesOf(block->text));
        if (part.blocks.size() >= most) SetInterrupted(true);
      }
    });
    SetInterrupted(false);
    if (!done) part.error = done.error().Text();
    part.progress = part.source->Progress();
    return part;
  }

  static BlockSource::Options Options(const std::vector<FileProgress>& before) {
    static const LineFormat lines;
    static const Format* const kFormats[] = {&lines};
    BlockSource::Options options;
    options.block_bytes = 4000;
    options.max_record_bytes = 8500;
    options.formats = kFormats;
    options.resume = before;
    return options;
  }

  TemporaryFolder folder_;
};

constexpr size_t kAll = 1000000;

TEST_F(ResumeTest, AnyNumberOfInterruptsGivesEachBlockAndEachDamageOnce) {
  const Part whole = Read({}, kAll);
  ASSERT_EQ(whole.error, "");
  std::vector<ReadBlock> expected = whole.blocks;
  std::sort(expected.begin(), expected.end());
  ASSERT_GE(whole.damage.Count(Damage::kTooLong), 5u);
  ASSERT_EQ(whole.damage.Count(Damage::kCutArchive), 1u);
  ASSERT_EQ(whole.damage.Count(Damage::kUnreadable), 1u);
  for (const unsigned threads : {1u, 3u}) {
    for (const size_t step : {1, 2, 7, 40}) {
      std::vector<ReadBlock> got;
      model::DamageCounts damage;
      std::vector<FileProgress> progress;
      Part part;
      for (size_t runs = 0;; ++runs) {
        ASSERT_LT(runs, 2 * expected.size());
        part = Read(progress, step, threads);
        ASSERT_EQ(part.error, "");
        progress = part.progress;
        damage.Merge(part.damage);
        // Places of all that was ever decoded are known after each run.
        for (const ReadBlock& block : part.blocks) got.push_back(block);
        for (const ReadBlock& block : got) {
          ASSERT_EQ(part.source->Locate({block.index, 3}).Text(),
                    whole.source->Locate({block.index, 3}).Text());
          ASSERT_EQ(part.source->RowNumber({block.index, 3}),
                    whole.source->RowNumber({block.index, 3}));
        }
        if (part.blocks.size() < step) break;
      }
      std::sort(got.begin(), got.end());
      ASSERT_EQ(got.size(), expected.size()) << step;
      for (size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].index, expected[i].index);
        ASSERT_EQ(got[i].text, expected[i].text);
      }
      for (size_t kind = 0; kind < model::kDamages; ++kind) {
        const auto k = static_cast<Damage>(kind);
        ASSERT_EQ(damage.Count(k), whole.damage.Count(k)) << step;
        if (damage.Count(k) == 0) continue;
        ASSERT_EQ(damage.First(k)->text, whole.damage.First(k)->text);
        ASSERT_EQ(damage.First(k)->origin.block, whole.damage.First(k)->origin.block);
      }
      ASSERT_EQ(part.source->skipped(), whole.source->skipped());
      ASSERT_EQ(part.source->files().size(), whole.source->files().size());
      for (size_t i = 0; i < part.source->files().size(); ++i) {
        const FileInfo &a = part.source->files()[i], &b = whole.source->files()[i];
        ASSERT_EQ(a.name, b.name);
        ASSERT_EQ(a.bytes, b.bytes);
        ASSERT_EQ(a.text_bytes, b.text_bytes) << a.name;
        ASSERT_EQ(a.format, b.format);
      }
      ASSERT_EQ(part.source->bytes_done(), whole.source->bytes_done());
      ASSERT_TRUE(progress == whole.progress);
    }
  }
}

TEST_F(ResumeTest, FinishedFilesAreNotOpened) {
  const Part whole = Read({}, kAll);
  size_t finished = 0;
  for (const FileProgress& file : whole.progress) {
    if (file.path.ends_with("f.txt")) ADD_FAILURE() << "a file that was left out is no progress";
    EXPECT_TRUE(file.finished) << file.path;
    finished += file.finished;
    // Were it opened, it would be seen that it is no such file any more.
    struct stat info{};
    if (stat(file.path.c_str(), &info) != 0) continue;
    const int fd = open(file.path.c_str(), O_WRONLY);
    ASSERT_EQ(pwrite(fd, "junk", std::min<size_t>(4, file.bytes), 0),
              static_cast<ssize_t>(std::min<size_t>(4, file.bytes)));
    const timespec times[2] = {info.st_atim, info.st_mtim};
    ASSERT_EQ(futimens(fd, times), 0);
    close(fd);
  }
  EXPECT_EQ(finished, 7u);
  const Part again = Read(whole.progress, kAll);
  EXPECT_EQ(again.error, "");
  EXPECT_EQ(again.blocks.size(), 0u);
  EXPECT_TRUE(again.progress == whole.progress);
  EXPECT_EQ(again.damage.Count(Damage::kUnreadable), 0u);
}

TEST_F(ResumeTest, BlocksThatNobodyDecodedAreHandedOutAgain) {
  std::string storage;
  model::DamageCounts damage;
  const std::vector<std::string> inputs = {folder_.Path("d/b.csv")};
  const auto source = *BlockSource::Open(inputs, Options({}));
  for (int i = 0; i < 5; ++i) {
    const auto block = *source->Next(storage, damage);
    if (i != 2) source->SetLines(block->index, LinesOf(block->text));
  }
  const std::vector<FileProgress> progress = source->Progress();
  ASSERT_EQ(progress.size(), 1u);
  EXPECT_FALSE(progress[0].finished);
  EXPECT_EQ(progress[0].Find(2), nullptr);
  ASSERT_NE(progress[0].Find(3), nullptr);
  const auto next = *BlockSource::Open(inputs, Options(progress));
  EXPECT_EQ((*next->Next(storage, damage))->index, 2u);
  EXPECT_GT((*next->Next(storage, damage))->index, 4u);
}

TEST_F(ResumeTest, DamageAtTheEndIsCountedOnceThoughABlockIsLeft) {
  std::string storage;
  model::DamageCounts damage;
  const std::vector<std::string> inputs = {folder_.Path("d/e.csv.gz")};
  const auto source = *BlockSource::Open(inputs, Options({}));
  for (int i = 0;; ++i) {
    const auto block = *source->Next(storage, damage);
    if (!block) break;
    if (i != 2) source->SetLines(block->index, LinesOf(block->text));
  }
  EXPECT_EQ(damage.Count(Damage::kCutArchive), 1u);
  const std::vector<FileProgress> progress = source->Progress();
  EXPECT_TRUE(progress.at(0).at_end);
  EXPECT_FALSE(progress.at(0).finished);
  const auto next = *BlockSource::Open(inputs, Options(progress));
  model::DamageCounts again;
  EXPECT_EQ((*next->Next(storage, again))->index, 2u);
  EXPECT_FALSE((*next->Next(storage, again)).has_value());
  EXPECT_EQ(again.Count(Damage::kCutArchive), 0u);
}

TEST_F(ResumeTest, AnotherFileIsSeen) {
  const Part part = Read({}, 3);
  ASSERT_FALSE(part.progress.empty());
  const FileProgress& before = part.progress[0];
  EXPECT_EQ(ChangeSince(before), std::nullopt);
  const std::string bytes = FileText(before.path);

  folder_.Write("d/a.csv.gz", bytes + "x");
  ASSERT_TRUE(ChangeSince(before).has_value());
  EXPECT_EQ(*ChangeSince(before),
            fmt::format("changed since: {} bytes then, {} now", bytes.size(), bytes.size() + 1));
  EXPECT_EQ(Read(part.progress, kAll).error, fmt::format("{}: cannot go on with this file: it {}",
                                                         before.path, *ChangeSince(before)));
  folder_.Write("d/a.csv.gz", bytes);
  const timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, before.path.c_str(), times, 0), 0);
  EXPECT_EQ(*ChangeSince(before), "changed since: it was written to");
  std::filesystem::remove(before.path);
  EXPECT_EQ(*ChangeSince(before), "is no longer there as a regular file");
}

TEST_F(ResumeTest, OtherBlocksAreRefused) {
  Part part = Read({}, 3);
  for (FileProgress& file : part.progress) file.block_bytes = 5000;
  EXPECT_NE(Read(part.progress, kAll).error.find("was read in other blocks"), std::string::npos);
}

TEST_F(ResumeTest, IndexesStayBelowTheTopBit) {
  const LineFormat lines;
  std::atomic<uint64_t> bytes_done{0};
  ReaderSettings settings;
  settings.block_bytes = 1000;
  settings.max_record = 8500;
  settings.bytes_done = &bytes_done;
  settings.ordinal_bits = 3;
  FileLedger ledger;
  const std::string path = folder_.Path("d/a.csv.gz");
  // The last file that fits: its last block has the largest index there is.
  const ReaderFile file{path, true, (1u << 28) - 1, &ledger, nullptr};
  StreamReader stream(settings, file, nullptr, &lines, *lines.Open("head", path));
  std::string storage;
  model::DamageCounts damage;
  Block block;
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(*stream.Next(storage, damage, block));
    EXPECT_LT(block.index, 1u << 31);
  }
  EXPECT_EQ(block.index, (1u << 31) - 1);
  EXPECT_EQ(file.BlockIndex(settings, 8), (1u << 31) - 1);  // of damage behind the last block
  const Result<bool> more = stream.Next(storage, damage, block);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().kind, ErrorKind::kResource);

  FileLedger plain_ledger;
  const std::string plain = folder_.Path("d/b.csv");
  PositionReader position(settings, {plain, true, (1u << 28) - 1, &plain_ledger, nullptr},
                          std::filesystem::file_size(plain), &lines, *lines.Open("head", plain));
  size_t blocks = 0;
  while (*position.Next(storage, damage, block)) {
    EXPECT_LT(block.index, 1u << 31);
    ++blocks;
  }
  EXPECT_LE(blocks, 8u);
}

}  // namespace
}  // namespace plumbago::formats
