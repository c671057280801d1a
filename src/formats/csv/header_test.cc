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

TEST(Header, NothingThere) {
  EXPECT_EQ(Header::Parse("").columns(), 0u);
  EXPECT_EQ(Header::Parse("\n\n").columns(), 0u);
}

}  // namespace
}  // namespace plumbago::formats::csv
