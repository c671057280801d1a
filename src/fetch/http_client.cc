#include "fetch/http_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/interrupt.h"
#include "base/progress.h"
#include "fetch/curl_library.h"

namespace plumbago::fetch {
namespace {

constexpr uint64_t kMostHeaderBytes = 256u << 10;
constexpr int kMostRedirects = 5;

bool IsHeader(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  return std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
  });
}
std::string HeaderValue(std::string_view line) {
  line.remove_prefix(line.find(':') + 1);
  const size_t begin = line.find_first_not_of(" \t");
  const size_t end = line.find_last_not_of(" \t\r\n");
  return begin == line.npos ? "" : std::string(line.substr(begin, end + 1 - begin));
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(const CurlApi& api, ServerUrl server, const HttpLimits& limits, ByteBudget& budget,
             const std::atomic<bool>& stop)
      : api_(api), server_(std::move(server)), limits_(limits), budget_(budget), stop_(stop) {}
  ~CurlClient() override {
    if (handle_ != nullptr) api_.easy_cleanup(handle_);
    api_.slist_free_all(headers_);
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Result<void> Begin(const std::vector<std::string>& headers) {
    handle_ = api_.easy_init();
    if (handle_ == nullptr) return Fail(ErrorKind::kResource, "libcurl gave no handle");
    for (const std::string& line : headers) {
      void* const longer = api_.slist_append(headers_, line.c_str());
      if (longer == nullptr) return Fail(ErrorKind::kResource, "libcurl is out of memory");
      headers_ = longer;
    }
    using namespace curl;
    Set(kNoSignal, 1L);
    Set(kFollowLocation, 0L);
    Set(kProtocols, kHttpAndHttps);
    Set(kNoProgress, 0L);
    Set(kTimeoutMs, static_cast<long>(limits_.timeout_ms));
    Set(kConnectTimeoutMs, static_cast<long>(limits_.connect_timeout_ms));
    Set(kUserAgent, "plumbago");
    Set(kAcceptEncoding, "gzip");
    Set(kHttpHeader, headers_);
    Set(kErrorBuffer, static_cast<char*>(error_));
    Set(kWriteFunction, &OnBody);
    Set(kWriteData, static_cast<void*>(this));
    Set(kHeaderFunction, &OnHeader);
    Set(kHeaderData, static_cast<void*>(this));
    Set(kProgressFunction, &OnProgress);
    Set(kProgressData, static_cast<void*>(this));
    return {};
  }

  HttpAnswer Get(std::string_view path) override {
    std::string url = server_.text + std::string(path);
    uint64_t bytes = 0;
    for (int redirects = 0;; ++redirects) {
      One(url);
      bytes += answer_.bytes;
      answer_.bytes = bytes;
      const bool redirect = answer_.end == HttpAnswer::End::kWhole && answer_.status >= 301 &&
                            answer_.status <= 308 && answer_.status != 304 &&
                            answer_.status != 305 && answer_.status != 306;
      if (!redirect) return std::move(answer_);
      std::string to;
      const bool stays = server_.Stays(url, location_, to);
      if (!stays || redirects == kMostRedirects) {
        answer_.end = HttpAnswer::End::kRedirected;
        answer_.error =
            stays ? "it redirects again and again"
                  : fmt::format(
                        "it redirects to {}, which is not followed; give that URL if it is "
                        "the right one",
                        location_.substr(0, 200));
        answer_.body.clear();
        return std::move(answer_);
      }
      url = std::move(to);
    }
  }

 private:
  template <class Value>
  void Set(int option, Value value) {
    api_.easy_setopt(handle_, option, value);
  }

  void One(const std::string& url) {
    answer_ = {};
    location_.clear();
    error_[0] = '\0';
    ended_ = HttpAnswer::End::kWhole;
    header_bytes_ = 0;
    Set(curl::kUrl, url.c_str());
    const int code = api_.easy_perform(handle_);
    long status = 0;
    api_.easy_getinfo(handle_, curl::kInfoResponseCode, &status);
    answer_.status = static_cast<int>(status);
    answer_.end = ended_;
    if (ended_ == HttpAnswer::End::kWhole && code != curl::kOk) {
      answer_.end = HttpAnswer::End::kBroken;
      answer_.error = error_[0] != '\0' ? error_ : api_.easy_strerror(code);
      answer_.status = 0;
    } else if (ended_ == HttpAnswer::End::kTooLong) {
      answer_.error =
          fmt::format("an answer of more than {}", BytesText(limits_.most_answer_bytes));
    } else if (ended_ == HttpAnswer::End::kBudgetSpent) {
      answer_.error = "the byte budget (--fetch-bytes) is spent";
    } else if (ended_ == HttpAnswer::End::kStopped) {
      answer_.error = "interrupted";
    }
    if (answer_.end != HttpAnswer::End::kWhole) answer_.body = {};
  }

  bool Count(size_t bytes, uint64_t most, uint64_t& counted) {
    counted += bytes;
    answer_.bytes += bytes;
    if (!budget_.Take(bytes)) {
      ended_ = HttpAnswer::End::kBudgetSpent;
    } else if (counted > most) {
      ended_ = HttpAnswer::End::kTooLong;
    }
    return ended_ == HttpAnswer::End::kWhole;
  }

  // libcurl hands out at most 16 kB at once, unpacked. Another number than `size` ends the request.
  static size_t OnBody(char* data, size_t one, size_t n, void* self) {
    auto& client = *static_cast<CurlClient*>(self);
    const size_t size = one * n;
    uint64_t have = client.answer_.body.size();
    if (!client.Count(size, client.limits_.most_answer_bytes, have)) return size + 1;
    client.answer_.body.append(data, size);
    return size;
  }
  static size_t OnHeader(char* data, size_t one, size_t n, void* self) {
    auto& client = *static_cast<CurlClient*>(self);
    const size_t size = one * n;
    if (!client.Count(size, kMostHeaderBytes, client.header_bytes_)) return size + 1;
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) {  // of a new answer, where an interim one came before
      client.location_.clear();
      client.answer_.retry_after.clear();
    }
    if (IsHeader(line, "location")) client.location_ = HeaderValue(line);
    if (IsHeader(line, "retry-after")) client.answer_.retry_after = HeaderValue(line);
    return size;
  }
  static int OnProgress(void* self, int64_t, int64_t, int64_t, int64_t) {
    auto& client = *static_cast<CurlClient*>(self);
    if (!Interrupted() && !client.stop_.load(std::memory_order_relaxed)) return 0;
    client.ended_ = HttpAnswer::End::kStopped;
    return 1;
  }

  const CurlApi& api_;
  ServerUrl server_;
  HttpLimits limits_;
  ByteBudget& budget_;
  const std::atomic<bool>& stop_;
  void* handle_ = nullptr;
  void* headers_ = nullptr;
  char error_[curl::kErrorBytes] = {};
  // Of the request under way.
  HttpAnswer answer_;
  std::string location_;
  HttpAnswer::End ended_ = HttpAnswer::End::kWhole;
  uint64_t header_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpClient>> HttpClient::Make(const ServerUrl& server,
                                                     const std::vector<std::string>& headers,
                                                     const HttpLimits& limits, ByteBudget& budget,
                                                     const std::atomic<bool>& stop) {
  ASSIGN_OR_RETURN(const CurlApi* api, OpenCurl());
  auto client = std::make_unique<CurlClient>(*api, server, limits, budget, stop);
  RETURN_IF_ERROR(client->Begin(headers));
  return client;
}

}  // namespace plumbago::fetch
