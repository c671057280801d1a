// For tests: a small HTTP server on the loopback that says what a test wants said, also what no
// decent server would say. POSIX sockets, a thread a connection.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/check.h"

namespace plumbago::fetch {

struct HttpRequest {
  std::string path;                            // without the query
  std::map<std::string, std::string> query;    // unescaped
  std::map<std::string, std::string> headers;  // names in lower case
  std::string Query(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
  int64_t Number(const std::string& name) const {
    int64_t number = -1;
    const std::string text = Query(name);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
};

struct HttpReply {
  enum class Way : uint8_t {
    kWhole,
    kEndless,         // the body again and again, without end
    kEndlessHeaders,  // and no body at all
    kCut,             // promises more than it sends, and hangs up
    kDrip,            // a byte a tenth of a second
    kSilent,          // nothing until the client gives up
    kNoHttp,          // the body as it stands, then hangs up
  };
  int status = 200;
  std::string body;
  std::vector<std::string> headers = {};  // whole lines
  Way way = Way::kWhole;
};

class HttpServer {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(listener_ >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    CHECK(listen(listener_, 64) == 0);
    socklen_t size = sizeof address;
    CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { Accept(); });
  }
  ~HttpServer() {
    stop_ = true;
    accepting_.join();
    for (std::thread& thread : serving_) thread.join();
    close(listener_);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  int port() const { return port_; }
  int connections() const { return connections_; }
  int most_at_once() const { return most_at_once_; }
  std::vector<HttpRequest> Requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // Requests whose path begins so.
  size_t Count(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(
        std::count_if(requests_.begin(), requests_.end(),
                      [&](const HttpRequest& request) { return request.path.starts_with(path); }));
  }

 private:
  bool Readable(int descriptor) const {
    while (!stop_) {
      pollfd one{descriptor, POLLIN, 0};
      if (poll(&one, 1, 20) > 0) return true;
    }
    return false;
  }
  void Accept() {
    while (Readable(listener_)) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      ++connections_;
      serving_.emplace_back([this, client] {
        Serve(client);
        close(client);
      });
    }
  }
  void Serve(int client) {
    std::string in;
    while (Readable(client)) {
      char buffer[8192];
      const ssize_t n = recv(client, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      in.append(buffer, static_cast<size_t>(n));
      for (size_t end = in.find("\r\n\r\n"); end != in.npos; end = in.find("\r\n\r\n")) {
        const HttpRequest request = Parse(std::string_view(in).substr(0, end));
        in.erase(0, end + 4);
        {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
        }
        const int now = ++at_once_;
        for (int most = most_at_once_; now > most;) {
          if (most_at_once_.compare_exchange_weak(most, now)) break;
        }
        const HttpReply reply = handler_(request);
        --at_once_;
        if (!Answer(client, reply)) return;
      }
    }
  }
  bool Send(int client, std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = send(client, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n > 0) {
        text.remove_prefix(static_cast<size_t>(n));
        continue;
      }
      if (errno != EAGAIN || stop_) return false;
      pollfd one{client, POLLOUT, 0};
      poll(&one, 1, 20);
    }
    return true;
  }
  // False: the connection is at its end.
  bool Answer(int client, const HttpReply& reply) const {
    using Way = HttpReply::Way;
    if (reply.way == Way::kNoHttp) {
      Send(client, reply.body);
      return false;
    }
    if (reply.way == Way::kSilent) {
      Readable(client);
      return false;
    }
    std::string head = fmt::format("HTTP/1.1 {} Said\r\n", reply.status);
    for (const std::string& line : reply.headers) head += line + "\r\n";
    if (reply.way == Way::kEndlessHeaders) {
      while (Send(client, head)) head = fmt::format("X-More: {}\r\n", std::string(1000, 'x'));
      return false;
    }
    if (reply.way == Way::kEndless) {
      if (!Send(client, head + "Transfer-Encoding: chunked\r\n\r\n")) return false;
      const std::string chunk = fmt::format("{:x}\r\n{}\r\n", reply.body.size(), reply.body);
      while (Send(client, chunk)) {
      }
      return false;
    }
    const size_t size = reply.body.size() + (reply.way == Way::kCut ? 100 : 0);
    head += fmt::format("Content-Length: {}\r\n\r\n", size);
    if (reply.way != Way::kDrip) return Send(client, head + reply.body) && reply.way == Way::kWhole;
    if (!Send(client, head)) return false;
    for (const char c : reply.body) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (stop_ || !Send(client, {&c, 1})) return false;
    }
    return true;
  }

  static std::string Unescaped(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
      unsigned byte = 0;
      if (text[i] == '%' && i + 2 < text.size() &&
          std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc()) {
        out += static_cast<char>(byte);
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  }
  static HttpRequest Parse(std::string_view head) {
    HttpRequest request;
    const size_t line = head.find("\r\n");
    std::string_view target = head.substr(0, line);
    target.remove_prefix(std::min(target.find(' ') + 1, target.size()));
    target = target.substr(0, target.find(' '));
    const size_t mark = target.find('?');
    request.path = Unescaped(target.substr(0, mark));
    std::string_view query = mark == target.npos ? "" : target.substr(mark + 1);
    while (!query.empty()) {
      const std::string_view one = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(one.size() + 1, query.size()));
      const size_t equals = std::min(one.find('='), one.size());
      request.query[Unescaped(one.substr(0, equals))] =
          Unescaped(one.substr(std::min(equals + 1, one.size())));
    }
    std::string_view rest = line == head.npos ? "" : head.substr(line + 2);
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(std::min(one.size() + 2, rest.size()));
      const size_t colon = one.find(':');
      if (colon == one.npos) continue;
      std::string name(one.substr(0, colon));
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      request.headers[name] = one.substr(std::min(colon + 2, one.size()));
    }
    return request;
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0}, at_once_{0}, most_at_once_{0};
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::vector<std::thread> serving_;  // of accepting_ alone until that has ended
  std::thread accepting_;
};

}  // namespace plumbago::fetch
