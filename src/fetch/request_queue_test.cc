#include "fetch/request_queue.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/clock.h"
#include "base/interrupt.h"
#include "fetch/testing/http_server.h"

namespace plumbago::fetch {
namespace {

std::unique_ptr<RequestQueue> QueueOf(const HttpServer& server, ByteBudget& budget,
                                      RetryLimits retries = {3, 5, 2000}) {
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  RequestQueue::Settings settings;
  settings.server = *ServerUrl::Parse(server.url());
  settings.retries = retries;
  auto queue = RequestQueue::Make(std::move(settings), budget);
  if (!queue) ADD_FAILURE() << queue.error().Text();
  return queue ? std::move(*queue) : nullptr;
}

TEST(RequestQueueTest, FewConnectionsKeptAndAnswersInOrder) {
  HttpServer server([](const HttpRequest& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(request.Number("n") % 7));
    return HttpReply{200, request.Query("n")};
  });
  ByteBudget budget(1u << 30);
  const auto queue = QueueOf(server, budget);
  std::vector<std::shared_ptr<RequestQueue::Ticket>> tickets;
  for (int i = 0; i < 200; ++i) tickets.push_back(queue->Ask(fmt::format("/x?n={}", i)));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(queue->Wait(tickets[i]).body, std::to_string(i));
  EXPECT_LE(server.connections(), 4) << "kept";
  EXPECT_LE(server.most_at_once(), 4);
  EXPECT_GE(server.most_at_once(), 2);
  EXPECT_EQ(queue->requests(), 200u);
  EXPECT_EQ(queue->retries(), 0u);
}

TEST(RequestQueueTest, TriesAgainAndGivesUp) {
  std::atomic<int> asked{0};
  HttpServer server([&](const HttpRequest& request) {
    if (request.path == "/never") return HttpReply{503, "busy"};
    if (request.path == "/no") return HttpReply{403, "no"};
    return ++asked < 3 ? HttpReply{500, "not now"} : HttpReply{200, "now"};
  });
  ByteBudget budget(1u << 30);
  const auto queue = QueueOf(server, budget);
  EXPECT_EQ(queue->Wait(queue->Ask("/soon")).body, "now");
  EXPECT_EQ(queue->retries(), 2u);
  const HttpAnswer never = queue->Wait(queue->Ask("/never"));
  EXPECT_EQ(never.status, 503);
  EXPECT_EQ(server.Count("/never"), 3u);
  EXPECT_EQ(queue->Wait(queue->Ask("/no")).status, 403);
  EXPECT_EQ(server.Count("/no"), 1u) << "asking again would not help";
}

TEST(RequestQueueTest, WaitsAsLongAsItIsTold) {
  std::atomic<int> asked{0};
  HttpServer server([&](const HttpRequest&) {
    return ++asked == 1 ? HttpReply{429, "", {"Retry-After: 1"}} : HttpReply{200, "now"};
  });
  ByteBudget budget(1u << 30);
  const auto queue = QueueOf(server, budget);
  const double begin = MonotonicSeconds();
  EXPECT_EQ(queue->Wait(queue->Ask("/")).body, "now");
  EXPECT_GE(MonotonicSeconds() - begin, 0.9);
}

TEST(RequestQueueTest, AllWaitWhenOneIsToldTo) {
  std::atomic<int> asked{0};
  HttpServer server([&](const HttpRequest& request) {
    return request.path == "/a" && ++asked == 1 ? HttpReply{429, "", {"Retry-After: 1"}}
                                                : HttpReply{200, "now"};
  });
  ByteBudget budget(1u << 30);
  const auto queue = QueueOf(server, budget);
  const double begin = MonotonicSeconds();
  const auto first = queue->Ask("/a");
  while (queue->retries() == 0 && MonotonicSeconds() - begin < 10)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // until it is known to all
  EXPECT_EQ(queue->Wait(queue->Ask("/b")).body, "now");
  EXPECT_GE(MonotonicSeconds() - begin, 0.9);
  EXPECT_EQ(queue->Wait(first).body, "now");
}

TEST(RequestQueueTest, AnInterruptEndsWaiting) {
  HttpServer server([](const HttpRequest&) { return HttpReply{429, "", {"Retry-After: 60"}}; });
  ByteBudget budget(1u << 30);
  const auto queue = QueueOf(server, budget, {5, 5, 60'000});
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    SetInterrupted(true);
  });
  const double begin = MonotonicSeconds();
  queue->Wait(queue->Ask("/"));
  EXPECT_EQ(queue->Wait(queue->Ask("/")).end, HttpAnswer::End::kStopped);
  EXPECT_LT(MonotonicSeconds() - begin, 10);
  user.join();
  SetInterrupted(false);
}

TEST(RequestQueueTest, SmallAnswersSpendTheBudgetToo) {
  HttpServer server([](const HttpRequest&) { return HttpReply{404, ""}; });
  ByteBudget budget(5 * 512);
  const auto queue = QueueOf(server, budget);
  int answered = 0;
  while (answered < 100 && queue->Wait(queue->Ask("/")).end == HttpAnswer::End::kWhole) ++answered;
  EXPECT_EQ(answered, 5);
}

TEST(RequestQueueTest, WaitMs) {
  const RetryLimits limits{5, 250, 60'000};
  EXPECT_EQ(WaitMs("", 1, 0, limits), 250);
  EXPECT_EQ(WaitMs("", 3, 0, limits), 1000);
  EXPECT_EQ(WaitMs("", 30, 0, limits), 60'000);
  EXPECT_EQ(WaitMs("7", 1, 0, limits), 7000);
  EXPECT_EQ(WaitMs("99999999999999999999", 1, 0, limits), 250) << "nonsense";
  EXPECT_EQ(WaitMs("3600", 1, 0, limits), 60'000);
  EXPECT_EQ(WaitMs("-1", 1, 0, limits), 250);
  EXPECT_EQ(WaitMs("Thu, 01 Jan 1970 00:00:30 GMT", 1, 10'000'000'000, limits), 20'000);
  EXPECT_EQ(WaitMs("Thu, 01 Jan 1970 00:00:30 GMT", 1, 40'000'000'000, limits), 0);
}

}  // namespace
}  // namespace plumbago::fetch
