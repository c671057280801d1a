#include "render/listing.h"

#include <gtest/gtest.h>

namespace plumbago::render {
namespace {

TEST(Listing, AlignsAndWraps) {
  const Listing listing{
      {"id", "question", "source"},
      {{"graph-size", "How many calls does a request need?", "Luo et al., SoCC'21, section 3.1"},
       {"edges", "Which calls cost the most?", ""}}};
  EXPECT_EQ(RenderTable(listing, 50),
            "id          question            source\n"
            "graph-size  How many calls      Luo et al.,\n"
            "            does a request      SoCC'21, section\n"
            "            need?               3.1\n"
            "edges       Which calls cost\n"
            "            the most?\n");
  EXPECT_EQ(RenderTable({{"a"}, {}}, 50), "a\n");
  EXPECT_EQ(RenderTable({}, 50), "");
}

}  // namespace
}  // namespace plumbago::render
