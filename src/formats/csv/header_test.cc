#include "formats/csv/header.h"

#include <gtest/gtest.h>

namespace plumbago::formats::csv {
namespace {

const ColumnSpec kSpecs[] = {{{"rpcid", "rpc_id"}, true}, {{"um"}, true}, {{"rt"}, false}};

TEST(Header, NamesInAnyCaseWithMarkBlanksAndQuotes) {
  const Header header = Header::Parse("\xEF\xBB\xBF,TraceID, UM ,\"rt\"\r\n1,2,3,4\n");
  EXPECT_EQ(header.names, (std::vector<std::string>{"", "traceid", "um", "rt"}));
}

TEST(Header, BindsByNameAndAlias) {
  EXPECT_EQ(Bind(Header::Parse("um,other,RPC_ID"), kSpecs, "x").value(),
            (std::vector<uint32_t>{2, 0, kNoColumn}));
}

TEST(Header, SaysWhatIsMissingAndWhatWasSeen) {
  const auto bound = Bind(Header::Parse(",a,rt\n"), kSpecs, "some-format");
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().message,
            "the header lacks columns that some-format needs: rpcid, um; seen: (no name), a, rt");
  EXPECT_EQ(bound.error().kind, ErrorKind::kBadInput);
}

TEST(Header, StandsBelowBlankLines) {
  EXPECT_EQ(FirstLine("\xEF\xBB\xBF\n \t\r\n\r\num,dm\r\na,b\n"), "um,dm");
  EXPECT_EQ(FirstLine("\n\n"), "");
}

TEST(Header, SaysWhyThereIsNone) {
  EXPECT_EQ(Header::Parse("um,dm\ra,b\r").columns(), 0u);
  EXPECT_TRUE(HeaderFault("um,dm\ra,b\r").starts_with(": its lines end with CR alone"));
  EXPECT_TRUE(HeaderFault("\num;dm;rt\n").starts_with(": its columns are separated by ';'"));
  EXPECT_TRUE(HeaderFault(std::string(40000, 'x')).starts_with(": its first line is longer than"));
  EXPECT_EQ(HeaderFault("um,dm;a;b\r\n"), "");
  EXPECT_EQ(HeaderFault("buy milk\n"), "");
  EXPECT_EQ(HeaderFault(std::string(40000, '\0')), "");
  EXPECT_EQ(HeaderFault(""), "");
}

TEST(Header, NothingThere) {
  EXPECT_EQ(Header::Parse("").columns(), 0u);
  EXPECT_EQ(Header::Parse("\n\n").columns(), 0u);
}

}  // namespace
}  // namespace plumbago::formats::csv
