#include "base/tar_stream.h"

#include <gtest/gtest.h>

#include "base/test_files.h"

namespace plumbago {
namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

struct Listing {
  Members members;
  std::string error;
};

Listing List(std::string_view bytes) {
  TarStream tar(std::make_unique<MemoryStream>(bytes), "a.tar");
  Listing listing;
  while (true) {
    const Result<bool> more = tar.Next();
    if (!more) listing.error = more.error().message;
    if (!more || !*more) return listing;
    Drained drained = Drain(tar, 100);
    listing.members.emplace_back(tar.name(), drained.text);
    if (!drained.error.empty()) {
      listing.error = drained.error;
      return listing;
    }
  }
}

std::string Pax(std::string_view key, std::string_view value) {
  for (size_t length = 1;; ++length) {
    std::string record = fmt::format("{} {}={}\n", length, key, value);
    if (record.size() == length) return record;
  }
}

TEST(TarStream, GivesRegularFilesOnly) {
  const std::string text = SampleLines(100);
  const Listing listing =
      List(TarMember("d/", "", '5') + TarMember("d/a.csv", text) + TarMember("link", "", '2') +
           TarMember("empty", "") + TarMember("b.csv", "x") + TarEnd());
  EXPECT_EQ(listing.error, "");
  EXPECT_EQ(listing.members, (Members{{"d/a.csv", text}, {"empty", ""}, {"b.csv", "x"}}));
}

TEST(TarStream, ReadsLongNames) {
  const std::string name(300, 'n');
  const Listing gnu =
      List(TarMember("././@LongLink", name + '\0', 'L') + TarMember(name.substr(0, 100), "x") +
           TarMember("short", "y") + TarEnd());
  EXPECT_EQ(gnu.members, (Members{{name, "x"}, {"short", "y"}}));
  const Listing pax = List(TarMember("pax", Pax("path", name) + Pax("mtime", "1.5"), 'x') +
                           TarMember("other", "x") + TarMember("short", "y") + TarEnd());
  EXPECT_EQ(pax.members, (Members{{name, "x"}, {"short", "y"}}));
}

TEST(TarStream, PaxSizeHoldsOverTheHeaders) {
  // Files above 8 GiB have a size in the pax header that the ustar field cannot hold.
  std::string member = TarMember("big", "12345");
  std::string zero = TarMember("big", "");
  const Listing listing =
      List(TarMember("pax", Pax("size", "5"), 'x') + zero + member.substr(512) + TarEnd());
  EXPECT_EQ(listing.members, (Members{{"big", "12345"}}));
}

TEST(TarStream, PassesOverWhatIsNotReadOfAMember) {
  const std::string bytes =
      TarMember("a", std::string(5000, 'a')) + TarMember("b", "bb") + TarEnd();
  TarStream tar(std::make_unique<MemoryStream>(bytes), "a.tar");
  ASSERT_TRUE(*tar.Next());
  ASSERT_TRUE(*tar.Next());
  EXPECT_EQ(tar.name(), "b");
  EXPECT_EQ(Drain(tar).text, "bb");
  EXPECT_FALSE(*tar.Next());
  EXPECT_FALSE(*tar.Next());
}

TEST(TarStream, CutAnywhereKeepsWhatCameBefore) {
  const std::string bytes = TarMember("a", std::string(700, 'a')) + TarMember("b", "bb") + TarEnd();
  for (size_t size = 0; size + TarEnd().size() < bytes.size() + 512; ++size) {
    const Listing listing = List(std::string_view(bytes).substr(0, size));
    ASSERT_TRUE(listing.error.starts_with("tar archive ends early"))
        << size << ": " << listing.error;
    const size_t whole = size >= 512 + 1024 + 512 + 2 ? 2 : size >= 512 + 700 ? 1 : 0;
    ASSERT_GE(listing.members.size(), whole) << size;
    if (whole >= 1) {
      ASSERT_EQ(listing.members[0].second.size(), 700u);
    }
  }
}

TEST(TarStream, ADamagedHeaderEndsItAndKeepsWhatCameBefore) {
  std::string bytes = TarMember("a", "aa") + TarMember("b", "bb") + TarEnd();
  bytes[1024 + 3] = 'x';
  const Listing listing = List(bytes);
  EXPECT_EQ(listing.members, (Members{{"a", "aa"}}));
  EXPECT_EQ(listing.error, "damaged tar header at byte 1024");
}

TEST(TarStream, DamagedPaxAndHugeSizesAreErrors) {
  EXPECT_NE(List(TarMember("p", "99 path=x\n", 'x') + TarMember("a", "a") + TarEnd()).error, "");
  EXPECT_NE(List(TarMember("p", "x", 'x') + TarMember("a", "a") + TarEnd()).error, "");
  EXPECT_NE(List(TarMember("p", Pax("size", "99999999999999999999"), 'x') + TarMember("a", "a") +
                 TarEnd())
                .error,
            "");
  EXPECT_NE(
      List(TarMember("p", Pax("size", "9999999999999999999"), 'x') + TarMember("a", "a") + TarEnd())
          .error,
      "");
}

}  // namespace
}  // namespace plumbago
