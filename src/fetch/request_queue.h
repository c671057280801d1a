// Requests to one server, a few at a time, tried again where that may help. Who asks gets the
// answers in the order of asking, whatever order they came in.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "fetch/http_client.h"

namespace plumbago::fetch {

struct RetryLimits {
  int attempts = 5;             // in all
  int64_t first_wait_ms = 250;  // doubled from attempt to attempt; Retry-After goes before it
  int64_t most_wait_ms = 60'000;
};

// True for what may go away by itself: no connection, 429, 500, 502, 503, 504.
bool MayPass(const HttpAnswer& answer);
// How long to wait before attempt `attempt` (1: the second one). Retry-After is seconds or a date,
// which is told against `now_ns`; nothing, or nonsense: twice as long each time.
int64_t WaitMs(const std::string& retry_after, int attempt, int64_t now_ns,
               const RetryLimits& limits);

class RequestQueue {
 public:
  struct Settings {
    ServerUrl server;
    std::vector<std::string> headers;
    HttpLimits limits;
    RetryLimits retries;
    unsigned connections = 4;
  };
  // `budget` outlives it. Opens no connection yet. Errors: no libcurl.
  static Result<std::unique_ptr<RequestQueue>> Make(Settings settings, ByteBudget& budget);
  ~RequestQueue();
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;

  struct Ticket {
    HttpAnswer answer;
    bool done = false;
    std::string path;
  };
  // Thread-safe.
  std::shared_ptr<Ticket> Ask(std::string path);
  // Waits for the answer.
  HttpAnswer Wait(const std::shared_ptr<Ticket>& ticket);

  uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }
  uint64_t retries() const { return retries_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  RequestQueue(Settings settings, ByteBudget& budget)
      : settings_(std::move(settings)), budget_(budget) {}
  void Work(HttpClient& client);
  HttpAnswer TryUntilDone(HttpClient& client, const std::string& path);
  // Waits; false: stopped.
  bool Pause(int64_t until_ms);

  Settings settings_;
  ByteBudget& budget_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> requests_{0}, retries_{0}, bytes_{0};
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::vector<std::thread> threads_;  // begun as they are needed
  std::mutex mutex_;
  std::condition_variable asked_, answered_, stopping_;
  std::deque<std::shared_ptr<Ticket>> waiting_;
  unsigned idle_ = 0;
  int64_t quiet_until_ms_ = 0;  // the server asked all to wait (429, 503)
};

}  // namespace plumbago::fetch
