#include "store/tempo_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace plumbago::store {
namespace {

constexpr const char* kA = "aaaaaaaa-0000-4000-8000-000000000001";
constexpr const char* kB = "bbbbbbbb-0000-4000-8000-000000000001";
constexpr const char* kC = "cccccccc-0000-4000-8000-000000000001";

class TempoFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "/plumbago-tempo-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Put(const std::string& name, const std::string& text = "x") {
    const std::filesystem::path path = folder_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  // Names that are read, below the folder.
  std::vector<std::string> Filter() {
    const std::string inputs[] = {folder_};
    auto files = FindInputFiles(inputs);
    EXPECT_TRUE(files);
    FilterTempoFolders(*files, skipped_);
    std::vector<std::string> names;
    for (const InputFile& file : *files) names.push_back(file.path.substr(folder_.size() + 1));
    return names;
  }

  std::string folder_;
  std::vector<std::string> skipped_;
};

TEST_F(TempoFolder, ReadsEachBlockOnce) {
  const std::string blocks = "blocks/single-tenant/";
  for (const char* name : {"data.parquet", "meta.json", "index", "bloom-0", "nocompact.flg"})
    Put(blocks + kA + "/" + name);
  Put(blocks + kB + "/data.parquet");
  Put(blocks + kB + "/meta.compacted.json");
  Put(blocks + kC + "/data.parquet");
  Put(blocks + kC + "/meta.deleted.json");
  Put(blocks + "index.json.gz");
  Put(blocks + "index.pb.zst");
  Put("blocks/work.json");
  Put("blocks/tempo_cluster_seed.json");
  const std::string live = "live/blocks/single-tenant/";
  for (const char* name : {"data.parquet", "meta.json", "flushed", "cache_search.buf"})
    Put(live + kA + "/" + name);
  Put(std::string("live/") + kB + "+single-tenant+vParquet5/0000000001");
  Put(std::string("live/") + kB + "+single-tenant+vParquet5/0000000002");
  EXPECT_EQ(Filter(), std::vector<std::string>{blocks + kA + "/data.parquet"});
  ASSERT_EQ(skipped_.size(), 4u);
  EXPECT_NE(skipped_[0].find("merged into another block"), std::string::npos) << skipped_[0];
  EXPECT_NE(skipped_[1].find("deleted"), std::string::npos) << skipped_[1];
  EXPECT_NE(skipped_[2].find("write-ahead log of 2 files"), std::string::npos) << skipped_[2];
  EXPECT_NE(skipped_[3].find("the same block again as"), std::string::npos) << skipped_[3];
}

// Of another size or tenant it is another block.
TEST_F(TempoFolder, BlocksThatDifferAreRead) {
  for (const char* tenant : {"a", "b"}) {
    Put(std::string(tenant) + "/" + kA + "/data.parquet");
    Put(std::string(tenant) + "/" + kA + "/meta.json");
  }
  Put(std::string("copy/a/") + kA + "/data.parquet", "longer");
  Put(std::string("copy/a/") + kA + "/meta.json");
  EXPECT_EQ(Filter().size(), 3u);
  EXPECT_TRUE(skipped_.empty());
}

TEST_F(TempoFolder, OtherFoldersAreLeftAlone) {
  Put("traces/data.parquet");
  Put("traces/index");
  Put("work.json");
  Put("x/meta.json");
  EXPECT_EQ(Filter().size(), 4u);
  EXPECT_TRUE(skipped_.empty());
}

}  // namespace
}  // namespace plumbago::store
