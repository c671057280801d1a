// One HTTP request after the other over a connection that is kept. Answers are bounded in bytes and
// time whatever the server does, gzip is taken and unpacked within the same bounds, and a redirect
// is followed only where it stays with the server: the token goes nowhere else.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fetch/server_url.h"

namespace plumbago::fetch {

// Bytes that may still come, of all requests of a run together. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(uint64_t bytes) : left_(static_cast<int64_t>(bytes)) {}
  // False: they are more than there is; the budget is spent then.
  bool Take(uint64_t bytes) {
    return left_.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed) >=
           static_cast<int64_t>(bytes);
  }
  bool spent() const { return left_.load(std::memory_order_relaxed) <= 0; }

 private:
  std::atomic<int64_t> left_;
};

struct HttpAnswer {
  enum class End : uint8_t {
    kWhole,        // an answer with a status, read to its end
    kBroken,       // no connection, cut, too late, or no HTTP
    kTooLong,      // more bytes than one answer may have
    kBudgetSpent,  // the run's
    kStopped,      // by the user, or by who owns the client
    kRedirected,   // to somewhere else; `error` says where
  };
  End end = End::kBroken;
  int status = 0;
  std::string body;         // of kWhole alone
  std::string error;        // what is wrong, for people; "" for kWhole
  std::string retry_after;  // the header, as it stands
  uint64_t bytes = 0;       // of body and headers, unpacked; of redirects too
};

struct HttpLimits {
  uint64_t most_answer_bytes = 64u << 20;
  int64_t connect_timeout_ms = 10'000;
  int64_t timeout_ms = 120'000;  // of one request
};

class HttpClient {
 public:
  // `headers`: whole lines ("Authorization: Bearer x"), sent with each request. `budget` and `stop`
  // outlive it. Errors: no libcurl.
  static Result<std::unique_ptr<HttpClient>> Make(const ServerUrl& server,
                                                  const std::vector<std::string>& headers,
                                                  const HttpLimits& limits, ByteBudget& budget,
                                                  const std::atomic<bool>& stop);
  virtual ~HttpClient() = default;
  // `path` begins with a slash and stands behind the server's URL. One thread at a time.
  virtual HttpAnswer Get(std::string_view path) = 0;
};

}  // namespace plumbago::fetch
