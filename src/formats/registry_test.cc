#include <gtest/gtest.h>

#include "formats/format.h"

namespace plumbago::formats {
namespace {

TEST(Registry, FindsByName) {
  for (const Format* format : Formats()) EXPECT_EQ(FindFormat(format->name()).value(), format);
}

TEST(Registry, NearestNameFirst) {
  const auto found = FindFormat("alibaba2022");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kUsage);
  EXPECT_TRUE(found.error().message.starts_with(
      "unknown format 'alibaba2022'; known: alibaba-2022, alibaba-2021"))
      << found.error().message;
}

// No text is claimed by two formats for sure.
TEST(Registry, HeadersHaveOneOwner) {
  for (const std::string_view head :
       {"traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n",
        "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n",
        "a,b,c\n", ""}) {
    int claims = 0;
    for (const Format* format : Formats()) claims += format->Sniff(head, "") != Match::kNo;
    EXPECT_EQ(claims, head.starts_with("t") ? 1 : 0) << head;
  }
}

}  // namespace
}  // namespace plumbago::formats
