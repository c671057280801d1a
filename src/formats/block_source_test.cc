#include "formats/block_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/interrupt.h"
#include "base/test_files.h"
#include "formats/testing/line_format.h"

namespace plumbago::formats {
namespace {

using model::Damage;

// Lines that say where they stand: "name:7".
std::string Numbered(std::string_view name, size_t lines) {
  std::string text = "head\n";
  for (size_t i = 2; i <= lines; ++i)
    text += fmt::format("{}:{}{}\n", name, i, std::string(i * 7919 % 50, '.'));
  return text;
}

// Every line of every block is where Locate says that it is.
void CheckPlaces(const ReadInput& read) {
  for (const ReadBlock& block : read.blocks) {
    uint32_t line = 0;
    for (size_t at = 0; at < block.text.size(); ++line) {
      const size_t end = std::min(block.text.find('\n', at), block.text.size());
      const std::string_view text = std::string_view(block.text).substr(at, end - at);
      at = end + 1;
      const Place place = read.source->Locate({block.index, line});
      if (text == "head") {
        ASSERT_EQ(place.line, 1u);
      } else {
        const size_t colon = text.find(':');
        ASSERT_TRUE(
            std::filesystem::path(place.file).filename().native().find(text.substr(0, colon)) !=
            std::string::npos);
        ASSERT_EQ(fmt::format("{}", place.line),
                  text.substr(colon + 1, text.find_last_not_of('.') - colon))
            << text;
      }
    }
  }
}

class BlockSourceTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(BlockSourceTest, BordersAtEveryPositionGiveTheSameRecords) {
  for (const std::string end : {"", "\n", "\r\n", "\n\n"}) {
    const std::string text = "head\r\na\r\n\r\nbcdefghij\nk\n\n\nlmnopqrstuvwxyz,\"1\"" + end;
    const std::string tar = TarMember("x", text) + TarEnd();
    const std::vector<std::string> files = {
        folder_.Write("plain", text), folder_.Write("gz", GzipText(text)),
        folder_.Write("zst", ZstdText(text)), folder_.Write("tar", tar),
        folder_.Write("tgz", GzipText(tar))};
    for (const std::string& file : files) {
      for (size_t bytes = 1; bytes < text.size() + 3; ++bytes) {
        const ReadInput read = ReadAll({file}, {.block_bytes = bytes});
        ASSERT_EQ(read.error, "");
        ASSERT_EQ(read.Text(), text) << file << " in blocks of " << bytes;
        for (const ReadBlock& block : read.blocks) {
          ASSERT_FALSE(block.text.empty());
          ASSERT_EQ(block.first, &block == &read.blocks.front());
          const bool last = &block == &read.blocks.back();
          ASSERT_TRUE(last || block.text.back() == '\n') << file << " in blocks of " << bytes;
        }
        ASSERT_EQ(read.source->files().size(), 1u);
        ASSERT_EQ(read.source->files()[0].text_bytes, text.size());
      }
    }
  }
}

TEST_F(BlockSourceTest, ManyThreadsManyFilesGiveEachLineOnceAndKnowItsPlace) {
  const std::string big = folder_.Write("d/big.csv", Numbered("big", 30000));
  folder_.Write("d/a.csv.gz", GzipText(Numbered("a", 5000)) + GzipText("a:5001\n"));
  folder_.Write("d/b.csv.zst", ZstdText(Numbered("b", 7000)));
  folder_.Write("d/c.csv", "head");
  folder_.Write("d/e.csv", "");
  folder_.Write("d/t.tar.gz", GzipText(TarMember("m1", Numbered("m1", 100)) +
                                       TarMember("m2", Numbered("m2", 3000)) +
                                       TarMember("m3", Numbered("m3", 2)) + TarEnd()));
  const ReadInput one = ReadAll({folder_.Path("d")}, {.block_bytes = 3000});
  ASSERT_EQ(one.error, "");
  CheckPlaces(one);
  EXPECT_EQ(LinesOf(one.Text()),
            30000u + 5001 + 7000 + 1 + 100 + 3000 + 2 - 1);  // "head" of c runs into its neighbour
  EXPECT_EQ(one.source->bytes_done(), one.source->bytes_total());
  std::vector<std::string> names;
  for (const FileInfo& file : one.source->files())
    names.push_back(file.name.substr(folder_.path().size() + 3));
  EXPECT_EQ(names, (std::vector<std::string>{"a.csv.gz", "b.csv.zst", "big.csv", "c.csv", "e.csv",
                                             "t.tar.gz:m1", "t.tar.gz:m2", "t.tar.gz:m3"}));
  for (const unsigned threads : {2u, 3u, 8u}) {
    const ReadInput many = ReadAll({folder_.Path("d"), big}, {.block_bytes = 3000}, threads);
    ASSERT_EQ(many.error, "");
    ASSERT_EQ(many.blocks.size(), one.blocks.size());
    for (size_t i = 0; i < many.blocks.size(); ++i) {
      ASSERT_EQ(many.blocks[i].index, one.blocks[i].index);
      ASSERT_EQ(many.blocks[i].text, one.blocks[i].text);
    }
    CheckPlaces(many);
  }
}

TEST_F(BlockSourceTest, ThreadsTakeAFileEachBeforeTheyShareOne) {
  const std::string a = folder_.Write("a.gz", GzipText(Numbered("a", 1000)));
  const std::string b = folder_.Write("b.gz", GzipText(Numbered("b", 10)));
  const LineFormat lines;
  const auto source = *BlockSource::Open(std::vector{a, b}, {.format = &lines, .block_bytes = 500});
  std::string first, second;
  model::DamageCounts damage;
  EXPECT_EQ((*source->Next(first, damage))->file, 0u);
  EXPECT_EQ((*source->Next(second, damage))->file, 1u);
  EXPECT_EQ((*source->Next(first, damage))->file, 0u);
  EXPECT_EQ((*source->Next(second, damage))->file, 0u);  // b has one block
}

TEST_F(BlockSourceTest, InOrderIsOneFileAfterAnother) {
  const std::string a = folder_.Write("a", Numbered("a", 300));
  const std::string b = folder_.Write("b.gz", GzipText(Numbered("b", 300)));
  const LineFormat lines;
  const auto source = *BlockSource::Open(std::vector{b, a},
                                         {.format = &lines, .block_bytes = 500, .in_order = true});
  model::DamageCounts damage;
  std::string text;
  while (true) {
    std::string storage;
    const auto block = *source->Next(storage, damage);
    if (!block) break;
    text += block->text;
  }
  EXPECT_EQ(text, Numbered("a", 300) + Numbered("b", 300));
}

TEST_F(BlockSourceTest, ACutArchiveGivesItsWholeRecordsAndIsCounted) {
  const std::string text = Numbered("a", 20000);
  for (const std::string& bytes : {GzipText(text), ZstdText(text)}) {
    const std::string cut = folder_.Write("cut", bytes.substr(0, bytes.size() / 2));
    const std::string whole = folder_.Write("whole", Numbered("b", 100));
    for (const unsigned threads : {1u, 4u}) {
      const ReadInput read = ReadAll({cut, whole}, {.block_bytes = 10000}, threads);
      ASSERT_EQ(read.error, "");
      const std::string got = read.Text();
      const std::string before = got.substr(0, got.size() - Numbered("b", 100).size());
      EXPECT_TRUE(text.starts_with(before));
      EXPECT_GT(before.size(), text.size() / 4);
      EXPECT_EQ(before.back(), '\n');
      EXPECT_EQ(read.damage.Count(Damage::kCutArchive), 1u);
      ASSERT_NE(read.damage.First(Damage::kCutArchive), nullptr);
      EXPECT_EQ(read.damage.First(Damage::kCutArchive)->file, cut);
      EXPECT_NE(read.damage.First(Damage::kCutArchive)->text.find("data end early"),
                std::string::npos);
    }
  }
}

TEST_F(BlockSourceTest, DamageInTheMiddleOfAnArchiveIsCountedAndTheOtherMembersStay) {
  std::string tar =
      TarMember("m1", Numbered("m1", 50)) + TarMember("m2", Numbered("m2", 50)) + TarEnd();
  tar[TarMember("m1", Numbered("m1", 50)).size()] = 'x';
  const ReadInput read = ReadAll({folder_.Write("a.tar", tar)}, {});
  EXPECT_EQ(read.Text(), Numbered("m1", 50));
  EXPECT_EQ(read.damage.Count(Damage::kCutArchive), 1u);
  EXPECT_TRUE(read.damage.First(Damage::kCutArchive)->text.starts_with("damaged tar header"));
}

TEST_F(BlockSourceTest, UnknownMembersOfAnArchiveAreListed) {
  const std::string tar = TarMember("README", "read me") + TarMember("m1", "head\n1\n") +
                          TarMember("z", "PK\x03\x04") + TarEnd();
  const ReadInput read = ReadAll({folder_.Write("a.tar.gz", GzipText(tar))}, {});
  EXPECT_EQ(read.Text(), "head\n1\n");
  ASSERT_EQ(read.source->skipped().size(), 2u);
  EXPECT_NE(read.source->skipped()[0].find("a.tar.gz:README: unknown format"), std::string::npos);
  EXPECT_NE(read.source->skipped()[1].find("a zip archive"), std::string::npos);

  const std::string useless = folder_.Write("b.tar", TarMember("README", "read me") + TarEnd());
  EXPECT_NE(ReadAll({useless}, {}).error.find("no file of this archive is in a known format"),
            std::string::npos);
  EXPECT_NE(ReadAll({folder_.Write("c.tar", TarMember("d/", "", '5') + TarEnd())}, {})
                .error.find("holds no file"),
            std::string::npos);
}

TEST_F(BlockSourceTest, AnUnknownFormatIsAnErrorWhereNamedAndListedInAFolder) {
  folder_.Write("d/a.csv", "head\n1\n");
  const std::string notes = folder_.Write("d/notes.txt", "buy milk\n");
  const std::string bad = folder_.Write("d/bad.csv", "head bad\n");
  const ReadInput read = ReadAll({folder_.Path("d")}, {});
  EXPECT_EQ(read.Text(), "head\n1\n");
  EXPECT_EQ(read.source->skipped(),
            (std::vector<std::string>{
                bad + ": no column x",
                notes + ": unknown format; known formats: lines (--format NAME forces one); it "
                        "begins with text \"buy milk\""}));
  EXPECT_EQ(ReadAll({notes}, {}).error, read.source->skipped()[1]);
  EXPECT_EQ(ReadAll({bad}, {}).error, bad + ": no column x");
  const LineFormat lines;
  EXPECT_EQ(ReadAll({notes}, {.format = &lines}).Text(), "buy milk\n");
  std::filesystem::remove(folder_.Path("d/a.csv"));
  EXPECT_NE(
      ReadAll({folder_.Path("d")}, {})
          .error.find(fmt::format(
              "none of the 2 files in {} is in a known format (known formats: lines): {}: no ",
              folder_.Path("d"), bad)),
      std::string::npos);
  // A link that leads nowhere is not why.
  std::filesystem::remove(bad);
  ASSERT_EQ(symlink("nothing", folder_.Path("d/broken").c_str()), 0);
  EXPECT_EQ(ReadAll({folder_.Path("d")}, {}).error,
            fmt::format("none of the 2 files in {} is in a known format: {}", folder_.Path("d"),
                        ReadAll({notes}, {}).error));
}

TEST_F(BlockSourceTest, AnArchiveThatIsCutInItsFirstLineIsCutAndLacksNoColumns) {
  const std::string text = "head bad,and more of it," + SampleLines(3000) + "\n";
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ',');
  line += "\n";
  for (const std::string& bytes : {GzipText(line), ZstdText(line)}) {
    const std::string cut = folder_.Write("cut", bytes.substr(0, bytes.size() / 3));
    const std::string error = ReadAll({cut}, {}).error;
    EXPECT_NE(error.find("end early"), std::string::npos) << error;
    // Zstandard gives whole blocks only, so here nothing.
    if (error.find("zstd") != std::string::npos) continue;
    EXPECT_TRUE(error.ends_with(", before the end of the first line")) << error;
  }
  EXPECT_EQ(ReadAll({folder_.Write("whole", GzipText(line))}, {}).error,
            folder_.Path("whole") + ": no column x");
  // Without a line end, but whole.
  EXPECT_EQ(ReadAll({folder_.Write("short", GzipText("head"))}, {}).Text(), "head");
}

TEST_F(BlockSourceTest, AnInterruptedHeadIsNoUnknownFormat) {
  const std::string path = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int writer = open(path.c_str(), O_RDWR);
  ASSERT_GE(writer, 0);
  ASSERT_EQ(write(writer, "hea\nd", 5), 5);
  std::thread stopper([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    SetInterrupted(true);
  });
  const auto source = BlockSource::Open(std::vector{path}, {});
  stopper.join();
  SetInterrupted(false);
  close(writer);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().kind, ErrorKind::kInterrupted);
}

TEST_F(BlockSourceTest, EmptyFilesAreFineUnlessAllAre) {
  const std::string a = folder_.Write("a", ""), b = folder_.Write("b.gz", GzipText("")),
                    c = folder_.Write("c", "head\n");
  EXPECT_EQ(ReadAll({a}, {}).error, a + ": the file is empty");
  EXPECT_EQ(ReadAll({a, b}, {}).error, a + ": all 2 files are empty");
  const ReadInput read = ReadAll({a, b, c}, {});
  EXPECT_EQ(read.Text(), "head\n");
  EXPECT_EQ(read.source->files().size(), 3u);
}

TEST_F(BlockSourceTest, UnreadableFilesAreCountedUnlessAllAre) {
  folder_.Write("d/a.csv", "head\n1\n");
  ASSERT_EQ(symlink("nothing", folder_.Path("d/broken").c_str()), 0);
  const ReadInput read = ReadAll({folder_.Path("d")}, {}, 3);
  EXPECT_EQ(read.Text(), "head\n1\n");
  EXPECT_EQ(read.damage.Count(Damage::kUnreadable), 1u);
  EXPECT_EQ(read.damage.First(Damage::kUnreadable)->file, folder_.Path("d/broken"));
  std::filesystem::remove(folder_.Path("d/a.csv"));
  EXPECT_NE(ReadAll({folder_.Path("d")}, {}).error.find("broken: cannot open"), std::string::npos);
  EXPECT_NE(ReadAll({folder_.Write("cut.gz", GzipText("head\n").substr(0, 10))}, {})
                .error.find("end early"),
            std::string::npos);
}

TEST_F(BlockSourceTest, ARecordThatIsTooLongIsLeftOutAndTheRestKeepsItsPlace) {
  const std::string before = Numbered("long", 100), longest(500000, 'x');
  const std::string after = "long:102\nlong:103\n";
  const std::string text = before + longest + "y\n" + after;
  for (const std::string& file :
       {folder_.Write("long", text), folder_.Write("long.gz", GzipText(text))}) {
    const ReadInput read =
        ReadAll({file}, {.block_bytes = 10000, .max_record_bytes = longest.size()}, 2);
    ASSERT_EQ(read.error, "");
    EXPECT_TRUE(read.Text() == before + after) << read.Text().size();
    EXPECT_EQ(read.damage.Count(Damage::kTooLong), 1u);
    CheckPlaces(read);
  }
  const std::string fits = before + longest + "\n" + after;  // exactly the most
  for (const std::string& file :
       {folder_.Write("fits", fits), folder_.Write("fits.gz", GzipText(fits))}) {
    const ReadInput read =
        ReadAll({file}, {.block_bytes = 10000, .max_record_bytes = longest.size()});
    EXPECT_TRUE(read.Text() == fits);
    EXPECT_EQ(read.damage.Count(Damage::kTooLong), 0u);
  }
}

TEST_F(BlockSourceTest, ReadsAPipe) {
  const std::string path = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string text = Numbered("pipe", 20000);
  const std::string bytes = GzipText(text);
  std::thread writer([&] {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    for (size_t at = 0; at < bytes.size(); at += 1000) {
      std::fwrite(bytes.data() + at, 1, std::min<size_t>(1000, bytes.size() - at), file);
      std::fflush(file);
    }
    std::fclose(file);
  });
  const ReadInput read = ReadAll({path}, {.block_bytes = 5000}, 2);
  writer.join();
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.Text() == text);
  CheckPlaces(read);
  EXPECT_EQ(read.source->bytes_total(), 0u);
  EXPECT_EQ(read.source->files().at(0).bytes, bytes.size());
}

TEST_F(BlockSourceTest, AFormatThatCannotSeekIsReadInOrder) {
  const LineFormat whole(false);
  const std::string text = Numbered("a", 2000);
  const ReadInput read =
      ReadAll({folder_.Write("a", text)}, {.format = &whole, .block_bytes = 1000}, 3);
  EXPECT_EQ(read.Text(), text);
  CheckPlaces(read);
}

TEST_F(BlockSourceTest, EndsWhenInterrupted) {
  const std::string file = folder_.Write("a", Numbered("a", 2000));
  const LineFormat lines;
  const auto source =
      *BlockSource::Open(std::vector{file}, {.format = &lines, .block_bytes = 1000});
  std::string storage;
  model::DamageCounts damage;
  EXPECT_TRUE((*source->Next(storage, damage)).has_value());
  SetInterrupted(true);
  EXPECT_FALSE((*source->Next(storage, damage)).has_value());
  SetInterrupted(false);
  EXPECT_EQ(source->files().size(), 1u);
}

TEST_F(BlockSourceTest, MoreFilesThanDescriptors) {
  std::string expected;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = fmt::format("head\n{}\n", i);
    folder_.Write(fmt::format("d/{:04}", i), i % 3 == 0   ? GzipText(text)
                                             : i % 3 == 1 ? TarMember("m", text) + TarEnd()
                                                          : text);
    expected += text;
  }
  const ReadInput read = ReadAll({folder_.Path("d")}, {}, 4);
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.Text() == expected);
}

}  // namespace
}  // namespace plumbago::formats
