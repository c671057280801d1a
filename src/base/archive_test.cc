#include "base/archive.h"

#include <gtest/gtest.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

// "name=text;" of every member, then "!error".
std::string Contents(const std::string& path) {
  Result<std::unique_ptr<Archive>> archive = Archive::Open(path);
  if (!archive) return "!" + archive.error().message;
  std::string out;
  while (true) {
    const Result<bool> more = (*archive)->Next();
    if (!more) return out + "!" + more.error().message;
    if (!*more) return out;
    out += (*archive)->member() + "=";
    char buffer[50];
    while (true) {
      const Result<size_t> n = (*archive)->Read(buffer, sizeof buffer);
      if (!n) return out + "!" + n.error().message;
      if (*n == 0) break;
      out.append(buffer, *n);
    }
    out += ";";
  }
}

TEST(Archive, IsSeenFromItsBytesWhateverItsName) {
  const TemporaryFolder folder;
  const std::string tar = TarMember("a.csv", "x,y\n") + TarMember("b.csv.gz", GzipText("gz")) +
                          TarMember("c.csv.zst", ZstdText("zst")) + TarEnd();
  const std::string members = "a.csv=x,y\n;b.csv.gz=gz;c.csv.zst=zst;";
  EXPECT_EQ(Contents(folder.Write("plain.gz", "x,y\n")), "=x,y\n;");
  EXPECT_EQ(Contents(folder.Write("gzip.csv", GzipText("x,y\n"))), "=x,y\n;");
  EXPECT_EQ(Contents(folder.Write("zstd.csv", ZstdText("x,y\n"))), "=x,y\n;");
  EXPECT_EQ(Contents(folder.Write("tar.csv", tar)), members);
  EXPECT_EQ(Contents(folder.Write("tar.gz", GzipText(tar))), members);
  EXPECT_EQ(Contents(folder.Write("tar.zst", ZstdText(tar))), members);
  EXPECT_EQ(Contents(folder.Write("empty", "")), "=;");
}

TEST(Archive, KnowsWhatCanBeReadByPosition) {
  const TemporaryFolder folder;
  EXPECT_TRUE((*Archive::Open(folder.Write("plain", "x")))->is_plain());
  EXPECT_FALSE((*Archive::Open(folder.Write("gzip", GzipText("x"))))->is_plain());
  EXPECT_FALSE((*Archive::Open(folder.Write("tar", TarMember("a", "a") + TarEnd())))->is_plain());
}

TEST(Archive, ACutTarInGzipKeepsWhatCameBefore) {
  const TemporaryFolder folder;
  const std::string tar = TarMember("a", "aaa") + TarMember("b", SampleLines(30000)) + TarEnd();
  const std::string bytes = GzipText(tar);
  const std::string contents =
      Contents(folder.Write("a.tar.gz", bytes.substr(0, bytes.size() / 2)));
  EXPECT_TRUE(contents.starts_with("a=aaa;b=0,service-"));
  EXPECT_NE(contents.find("!gzip data end early"), std::string::npos);
  // Cut in the end mark, after all members: still a cut, for the checksum was never seen.
  EXPECT_NE(Contents(folder.Write("b.tar.gz", bytes.substr(0, bytes.size() - 1)))
                .find("!gzip data end early"),
            std::string::npos);
}

TEST(Archive, SaysWhyAFileCannotBeOpened) {
  const TemporaryFolder folder;
  EXPECT_EQ(Contents(folder.Path("none")), "!cannot open: No such file or directory");
  EXPECT_EQ(Contents(folder.path()), "!is a folder, not a file");
}

}  // namespace
}  // namespace plumbago
