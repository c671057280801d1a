#include "engine/saved_progress.h"

#include <gtest/gtest.h>

namespace plumbago::engine {
namespace {

using formats::FileProgress;

FileProgress Archive() {
  FileProgress file;
  file.path = "day/a.tar.gz";
  file.bytes = 12'345;
  file.modified_ns = 1'591'923'600'000'000'000;
  file.block_bytes = 1 << 20;
  file.max_record = 32'768;
  file.at_end = true;
  file.members = {{"day/a.tar.gz/x.csv", "alibaba-2021", 500, 1}, {"day/a.tar.gz/y.csv", "", 0, 0}};
  file.blocks = {{0, 0, 10, 0, 300}, {2, 0, 7, 1, 200}, {3, 1, 0, 0, 0}};
  file.skipped = {"day/a.tar.gz/readme: in no known format"};
  return file;
}

bool Loads(const std::vector<FileProgress>& files, std::vector<FileProgress>& loaded) {
  std::string bytes;
  SaveProgress(files, bytes);
  statistics::StateReader in(bytes);
  return LoadProgress(in, loaded);
}

TEST(SavedProgress, ComesBackAsItWas) {
  FileProgress plain;
  plain.path = "b.csv";
  plain.finished = plain.at_end = true;
  const std::vector<FileProgress> files{Archive(), plain};
  std::vector<FileProgress> loaded{Archive()};
  ASSERT_TRUE(Loads(files, loaded));
  EXPECT_EQ(loaded, files);
  ASSERT_TRUE(Loads({}, loaded));
  EXPECT_TRUE(loaded.empty());
}

TEST(SavedProgress, RefusesBlocksThatCannotBe) {
  std::vector<FileProgress> loaded;
  FileProgress file = Archive();
  file.blocks[2].member = 2;
  EXPECT_FALSE(Loads({file}, loaded)) << "of a member that is not there";
  file = Archive();
  file.blocks[2].ordinal = 2;
  EXPECT_FALSE(Loads({file}, loaded)) << "twice";
  file = Archive();
  std::swap(file.blocks[0], file.blocks[1]);
  EXPECT_FALSE(Loads({file}, loaded)) << "out of order";
}

TEST(SavedProgress, RefusesCutAndTrailingBytes) {
  std::string bytes;
  const FileProgress file = Archive();
  SaveProgress(std::span(&file, 1), bytes);
  std::vector<FileProgress> loaded;
  for (size_t size = 0; size < bytes.size(); ++size) {
    statistics::StateReader in(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(LoadProgress(in, loaded)) << size;
  }
  bytes += 'x';
  statistics::StateReader in(bytes);
  EXPECT_FALSE(LoadProgress(in, loaded));
}

}  // namespace
}  // namespace plumbago::engine
