#include "fetch/request_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "base/clock.h"
#include "base/interrupt.h"

namespace plumbago::fetch {
namespace {

// No answer costs nothing: so many bytes of the budget at least, so that it bounds requests too.
constexpr uint64_t kLeastBytes = 512;

int64_t NowMs() { return static_cast<int64_t>(MonotonicSeconds() * 1000); }
int64_t UnixNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

bool MayPass(const HttpAnswer& answer) {
  if (answer.end == HttpAnswer::End::kBroken) return true;
  if (answer.end != HttpAnswer::End::kWhole) return false;
  constexpr int kPassing[] = {429, 500, 502, 503, 504};
  return std::find(std::begin(kPassing), std::end(kPassing), answer.status) != std::end(kPassing);
}

int64_t WaitMs(const std::string& retry_after, int attempt, int64_t now_ns,
               const RetryLimits& limits) {
  const auto bounded = [&](int64_t ms) { return std::clamp<int64_t>(ms, 0, limits.most_wait_ms); };
  int64_t seconds = 0;
  const char* const end = retry_after.data() + retry_after.size();
  const auto [stop, error] = std::from_chars(retry_after.data(), end, seconds);
  if (!retry_after.empty() && stop == end && error == std::errc() && seconds >= 0)
    return bounded(std::min<int64_t>(seconds, 1'000'000) * 1000);
  std::tm date{};
  const char* const rest = strptime(retry_after.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!retry_after.empty() && rest != nullptr && *rest == '\0')
    return bounded((static_cast<int64_t>(timegm(&date)) - now_ns / 1'000'000'000) * 1000);
  return bounded(limits.first_wait_ms << std::min(attempt - 1, 20));
}

Result<std::unique_ptr<RequestQueue>> RequestQueue::Make(Settings settings, ByteBudget& budget) {
  std::unique_ptr<RequestQueue> queue(new RequestQueue(std::move(settings), budget));
  const Settings& s = queue->settings_;
  for (unsigned i = 0; i < std::max(1u, s.connections); ++i) {
    ASSIGN_OR_RETURN(auto client,
                     HttpClient::Make(s.server, s.headers, s.limits, budget, queue->stop_));
    queue->clients_.push_back(std::move(client));
  }
  return queue;
}

RequestQueue::~RequestQueue() {
  {
    const std::lock_guard lock(mutex_);
    stop_.store(true, std::memory_order_relaxed);
  }
  asked_.notify_all();
  stopping_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::shared_ptr<RequestQueue::Ticket> RequestQueue::Ask(std::string path) {
  auto ticket = std::make_shared<Ticket>();
  ticket->path = std::move(path);
  const std::lock_guard lock(mutex_);
  waiting_.push_back(ticket);
  if (idle_ < waiting_.size() && threads_.size() < clients_.size()) {
    HttpClient& client = *clients_[threads_.size()];
    threads_.emplace_back([this, &client] { Work(client); });
  }
  asked_.notify_one();
  return ticket;
}

HttpAnswer RequestQueue::Wait(const std::shared_ptr<Ticket>& ticket) {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [&] { return ticket->done; });
  return std::move(ticket->answer);
}

void RequestQueue::Work(HttpClient& client) {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    asked_.wait(lock, [&] { return stop_.load(std::memory_order_relaxed) || !waiting_.empty(); });
    --idle_;
    if (stop_.load(std::memory_order_relaxed)) return;
    const std::shared_ptr<Ticket> ticket = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    HttpAnswer answer = TryUntilDone(client, ticket->path);
    lock.lock();
    ticket->answer = std::move(answer);
    ticket->done = true;
    answered_.notify_all();
  }
}

HttpAnswer RequestQueue::TryUntilDone(HttpClient& client, const std::string& path) {
  for (int attempt = 1;; ++attempt) {
    HttpAnswer answer;
    int64_t quiet;
    {
      const std::lock_guard lock(mutex_);
      quiet = quiet_until_ms_;
    }
    if (!Pause(quiet) || Interrupted()) {
      answer.end = HttpAnswer::End::kStopped;
      answer.error = "interrupted";
      return answer;
    }
    if (budget_.spent()) {
      answer.end = HttpAnswer::End::kBudgetSpent;
      answer.error = "the byte budget (--fetch-bytes) is spent";
      return answer;
    }
    answer = client.Get(path);
    requests_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(answer.bytes, std::memory_order_relaxed);
    if (answer.bytes < kLeastBytes) (void)budget_.Take(kLeastBytes - answer.bytes);
    if (!MayPass(answer) || attempt >= settings_.retries.attempts) return answer;
    retries_.fetch_add(1, std::memory_order_relaxed);
    const int64_t wait = WaitMs(answer.retry_after, attempt, UnixNs(), settings_.retries);
    const int64_t until = NowMs() + wait;
    if (answer.status == 429 || answer.status == 503) {  // it means everybody
      const std::lock_guard lock(mutex_);
      quiet_until_ms_ = std::max(quiet_until_ms_, until);
    }
    if (!Pause(until)) return answer;
  }
}

bool RequestQueue::Pause(int64_t until_ms) {
  constexpr int64_t kLook = 50;  // how often an interrupt is looked for
  std::unique_lock lock(mutex_);
  for (int64_t now = NowMs(); now < until_ms; now = NowMs()) {
    if (stop_.load(std::memory_order_relaxed) || Interrupted()) return false;
    stopping_.wait_for(lock, std::chrono::milliseconds(std::min(kLook, until_ms - now)),
                       [&] { return stop_.load(std::memory_order_relaxed); });
  }
  return true;
}

}  // namespace plumbago::fetch
