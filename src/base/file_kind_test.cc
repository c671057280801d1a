#include "base/file_kind.h"

#include <gtest/gtest.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

TEST(FileKind, IsTheMagicBytes) {
  EXPECT_EQ(DetectKind(GzipText("x")), FileKind::kGzip);
  EXPECT_EQ(DetectKind(ZstdText("x")), FileKind::kZstd);
  EXPECT_EQ(DetectKind(std::string("\x50\x2A\x4D\x18\0\0\0\0", 8)), FileKind::kZstd);
  EXPECT_EQ(DetectKind(TarMember("a", "")), FileKind::kTar);
  EXPECT_EQ(DetectKind(""), FileKind::kPlain);
  EXPECT_EQ(DetectKind("\x1F"), FileKind::kPlain);
  EXPECT_EQ(DetectKind(std::string(512, '\0')), FileKind::kPlain);
  EXPECT_EQ(DetectKind(SampleLines(100)), FileKind::kPlain);
}

TEST(FileKind, DescribesWhatStandsThere) {
  EXPECT_EQ(DescribeHead(""), "an empty file");
  EXPECT_EQ(DescribeHead("PK\x03\x04zip"), "a zip archive");
  EXPECT_EQ(DescribeHead("name,age\r\n1,2\n"), "text \"name,age\"");
  EXPECT_EQ(DescribeHead(std::string(100, 'a')), "text \"" + std::string(60, 'a') + "..\"");
  EXPECT_EQ(DescribeHead(std::string("\x01\x02\xFF\0\x03", 5)), "binary data (01 02 ff 00 03)");
  // UTF-8 is text; what a terminal may not show is not copied.
  EXPECT_EQ(DescribeHead("h\xC3\xA9,b\n"), "text \"h??,b\"");
}

}  // namespace
}  // namespace plumbago
