#include "fetch/server_url.h"

#include <gtest/gtest.h>

#include "fetch/moment_text.h"

namespace plumbago::fetch {
namespace {

TEST(ServerUrlTest, Parse) {
  const auto url = ServerUrl::Parse("https://Host:443/jaeger/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->text, "https://Host:443/jaeger");
  EXPECT_EQ(url->origin, "https://host");
  for (const char* bad : {"", "host:1", "ftp://host", "http://", "http:///x", "http://a b",
                          "http://h?x=1", "http://h#x", "http://user:secret@host/", "http://h\n"}) {
    const auto parsed = ServerUrl::Parse(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(parsed.error().Text().find("secret"), std::string::npos);
  }
  EXPECT_TRUE(ServerUrl::Parse("http://h/a@b")) << "no user: it stands in the path";
}

TEST(ServerUrlTest, Stays) {
  const ServerUrl url = *ServerUrl::Parse("http://host:80/base");
  const auto to = [&](std::string_view location) {
    std::string where;
    return url.Stays("http://host/base/api/x?q=1", location, where) ? where : "away";
  };
  EXPECT_EQ(to("/y"), "http://host/y");
  EXPECT_EQ(to("y?z"), "http://host/base/api/y?z");
  EXPECT_EQ(to("http://HOST/y"), "http://HOST/y");
  EXPECT_EQ(to("http://host:80/y"), "http://host:80/y");
  for (const char* away :
       {"", "http://other/", "https://host/", "http://host:81/", "//other/", "/\\other/",
        "http://host@other/", "http://host.other/", "http://host\\@other/", "javascript:x",
        "ftp://host/", "\\\\other", "http://ho st/", "///other"}) {
    EXPECT_EQ(to(away), "away") << away;
  }
}

TEST(ServerUrlTest, Escaped) { EXPECT_EQ(Escaped("a b&c=d/\xc3\xa4~"), "a%20b%26c%3Dd%2F%C3%A4~"); }

TEST(MomentTextTest, BothWays) {
  constexpr int64_t kSecond = 1'000'000'000;
  EXPECT_EQ(ParseMoment("1970-01-01T00:00:01Z", 0), kSecond);
  EXPECT_EQ(ParseMoment("2026-11-23T10:00:00Z", 0), 1'795'428'000 * kSecond);
  EXPECT_EQ(ParseMoment("2026-11-23T11:30:00+01:30", 0), 1'795'428'000 * kSecond);
  EXPECT_EQ(ParseMoment("2026-11-23T10:00:00.25Z", 0), 1'795'428'000 * kSecond + kSecond / 4);
  EXPECT_EQ(ParseMoment("2026-11-23", 0), 1'795'392'000 * kSecond);
  EXPECT_EQ(ParseMoment("2026-11-23T10:00", 0), 1'795'428'000 * kSecond);
  EXPECT_EQ(ParseMoment("now", 5), 5);
  EXPECT_EQ(ParseMoment("-1h", 7200 * kSecond), 3600 * kSecond);
  EXPECT_EQ(ParseMoment("-1.5m", 100 * kSecond), 10 * kSecond);
  for (const char* bad : {"", "-", "1h", "-1", "-1y", "2026-13-01", "2026-02-30", "2026-11-23T",
                          "2026-11-23T25:00:00Z", "2026-11-23T10:00:00X", "2026-11-23T10:00:00.Z",
                          "1950-01-01", "9999-01-01", "-9h", "2026-11-23T10:00:00+1"}) {
    EXPECT_FALSE(ParseMoment(bad, 3600 * kSecond)) << bad;
  }
  for (const int64_t ns : {int64_t{0}, 1'795'428'000 * kSecond, 1'795'428'000 * kSecond + 120}) {
    EXPECT_EQ(ParseMoment(MomentText(ns), 0), ns) << MomentText(ns);
  }
  EXPECT_EQ(MomentText(1'795'428'000 * kSecond + kSecond / 4), "2026-11-23T10:00:00.25Z");
}

}  // namespace
}  // namespace plumbago::fetch
