#include "fetch/http_client.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/test_files.h"
#include "fetch/testing/http_server.h"

namespace plumbago::fetch {
namespace {

using End = HttpAnswer::End;
using Way = HttpReply::Way;

class HttpClientTest : public testing::Test {
 protected:
  HttpClientTest() {
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) unsetenv(name);
  }
  HttpAnswer Get(const HttpServer& server, std::string_view path, HttpLimits limits = {},
                 const std::vector<std::string>& headers = {}) {
    auto client =
        HttpClient::Make(*ServerUrl::Parse(server.url()), headers, limits, budget_, stop_);
    if (!client) ADD_FAILURE() << client.error().Text();
    return client ? (*client)->Get(path) : HttpAnswer{};
  }
  ByteBudget budget_{100u << 20};
  std::atomic<bool> stop_{false};
};

TEST_F(HttpClientTest, WholeAnswersAndHeaders) {
  HttpServer server([](const HttpRequest& request) {
    EXPECT_EQ(request.headers.at("authorization"), "Bearer secret");
    EXPECT_EQ(request.headers.at("accept-encoding"), "gzip");
    return HttpReply{429, "slow down", {"Retry-After: 7"}};
  });
  const HttpAnswer answer = Get(server, "/a?b=c%20d", {}, {"Authorization: Bearer secret"});
  EXPECT_EQ(answer.end, End::kWhole);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.body, "slow down");
  EXPECT_EQ(answer.retry_after, "7");
  EXPECT_GT(answer.bytes, answer.body.size());
  EXPECT_EQ(server.Requests().at(0).Query("b"), "c d");
}

TEST_F(HttpClientTest, GzipIsUnpacked) {
  const std::string text(100'000, 'a');
  HttpServer server([&](const HttpRequest&) {
    return HttpReply{200, GzipText(text), {"Content-Encoding: gzip"}};
  });
  const HttpAnswer answer = Get(server, "/");
  EXPECT_EQ(answer.body, text);
  EXPECT_GE(answer.bytes, text.size()) << "counted unpacked";
}

TEST_F(HttpClientTest, ABombStaysWithinTheLimits) {
  const std::string bomb = GzipText(std::string(64u << 20, '\0'));  // 1000 : 1
  HttpServer server(
      [&](const HttpRequest&) { return HttpReply{200, bomb, {"Content-Encoding: gzip"}}; });
  HttpLimits limits;
  limits.most_answer_bytes = 1u << 20;
  const HttpAnswer answer = Get(server, "/", limits);
  EXPECT_EQ(answer.end, End::kTooLong);
  EXPECT_LT(answer.bytes, (1u << 20) + (64u << 10));
  EXPECT_EQ(answer.body, "");
}

TEST_F(HttpClientTest, EndlessBodiesAndHeadersEnd) {
  HttpServer server([](const HttpRequest& request) {
    return HttpReply{200,
                     std::string(10'000, 'x'),
                     {},
                     request.path == "/headers" ? Way::kEndlessHeaders : Way::kEndless};
  });
  HttpLimits limits;
  limits.most_answer_bytes = 1u << 20;
  EXPECT_EQ(Get(server, "/body", limits).end, End::kTooLong);
  const HttpAnswer headers = Get(server, "/headers", limits);
  EXPECT_NE(headers.end, End::kWhole);  // newer libcurl ends it by itself
  EXPECT_LT(headers.bytes, 290u << 10) << "ours comes before libcurl's own bound of 300 kB";
}

TEST_F(HttpClientTest, TheBudgetIsOfAllTogether) {
  HttpServer server([](const HttpRequest&) { return HttpReply{200, std::string(60'000, 'x')}; });
  ByteBudget budget(100'000);
  auto client = HttpClient::Make(*ServerUrl::Parse(server.url()), {}, {}, budget, stop_);
  ASSERT_TRUE(client);
  EXPECT_EQ((*client)->Get("/").end, End::kWhole);
  EXPECT_EQ((*client)->Get("/").end, End::kBudgetSpent);
  EXPECT_TRUE(budget.spent());
}

TEST_F(HttpClientTest, CutAndStrangeAnswersAreBroken) {
  HttpServer server([](const HttpRequest& request) {
    if (request.path == "/cut") return HttpReply{200, "half of", {}, Way::kCut};
    if (request.path == "/garbage") return HttpReply{0, "\x01\x02 no HTTP \n\n", {}, Way::kNoHttp};
    if (request.path == "/gzip") return HttpReply{200, "no gzip", {"Content-Encoding: gzip"}};
    return HttpReply{0, "", {}, Way::kNoHttp};
  });
  for (const char* path : {"/cut", "/garbage", "/gzip", "/nothing"}) {
    const HttpAnswer answer = Get(server, path);
    EXPECT_EQ(answer.end, End::kBroken) << path;
    EXPECT_EQ(answer.body, "") << path;
    EXPECT_NE(answer.error, "") << path;
  }
}

TEST_F(HttpClientTest, HeadersOfAnInterimAnswerDoNotCount) {
  HttpServer server([](const HttpRequest&) {
    return HttpReply{0,
                     "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n"
                     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                     {},
                     Way::kNoHttp};
  });
  const HttpAnswer answer = Get(server, "/");
  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(answer.retry_after, "");
}

TEST_F(HttpClientTest, NobodyThere) {
  int port = 0;
  {
    HttpServer server([](const HttpRequest&) { return HttpReply{}; });
    port = server.port();
  }
  auto client = HttpClient::Make(*ServerUrl::Parse(fmt::format("http://127.0.0.1:{}", port)), {},
                                 {}, budget_, stop_);
  ASSERT_TRUE(client);
  const HttpAnswer answer = (*client)->Get("/");
  EXPECT_EQ(answer.end, End::kBroken);
  EXPECT_NE(answer.error.find("onnect"), std::string::npos) << answer.error;
}

TEST_F(HttpClientTest, SlowAnswersEndInTime) {
  HttpServer server([](const HttpRequest& request) {
    return HttpReply{
        200, std::string(1000, 'x'), {}, request.path == "/drip" ? Way::kDrip : Way::kSilent};
  });
  HttpLimits limits;
  limits.timeout_ms = 400;
  for (const char* path : {"/drip", "/silent"}) {
    const double begin = MonotonicSeconds();
    EXPECT_EQ(Get(server, path, limits).end, End::kBroken);
    EXPECT_LT(MonotonicSeconds() - begin, 5);
  }
}

TEST_F(HttpClientTest, AnInterruptEndsIt) {
  HttpServer server([](const HttpRequest&) { return HttpReply{200, "", {}, Way::kSilent}; });
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    SetInterrupted(true);
  });
  const double begin = MonotonicSeconds();
  EXPECT_EQ(Get(server, "/").end, End::kStopped);
  EXPECT_LT(MonotonicSeconds() - begin, 10);
  user.join();
  SetInterrupted(false);
}

TEST_F(HttpClientTest, TheTokenStaysWithTheServer) {
  HttpServer other([](const HttpRequest&) { return HttpReply{200, "mine now"}; });
  HttpServer server([&](const HttpRequest& request) {
    if (request.path == "/away") return HttpReply{302, "", {"Location: " + other.url() + "/x"}};
    if (request.path == "/slashes")
      return HttpReply{302, "", {fmt::format("Location: //127.0.0.1:{}/x", other.port())}};
    if (request.path == "/user")
      return HttpReply{
          302, "", {fmt::format("Location: http://127.0.0.1@127.0.0.1:{}/", other.port())}};
    if (request.path == "/here") return HttpReply{307, "", {"location: /there"}};
    if (request.path == "/there") return HttpReply{200, "still here"};
    return HttpReply{301, "", {"Location: /round"}};
  });
  for (const char* path : {"/away", "/slashes", "/user"}) {
    const HttpAnswer answer = Get(server, path, {}, {"Authorization: Bearer secret"});
    EXPECT_EQ(answer.end, End::kRedirected) << path;
    EXPECT_NE(answer.error.find(std::to_string(other.port())), std::string::npos);
  }
  EXPECT_EQ(other.Requests().size(), 0u);
  EXPECT_EQ(Get(server, "/here").body, "still here");
  EXPECT_EQ(Get(server, "/round").end, End::kRedirected);
  EXPECT_LT(server.Count("/round"), 10u);
}

}  // namespace
}  // namespace plumbago::fetch
