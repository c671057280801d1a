// Zipkin v2: answers hold whole traces, the newest first.
#include <fmt/format.h>

#include <algorithm>

#include "fetch/dialect.h"
#include "fetch/json_slices.h"

namespace plumbago::fetch {
namespace {

constexpr int64_t kMilli = 1'000'000;

class Zipkin final : public Dialect {
 public:
  std::string Search(const Question& question) const override {
    const int64_t until = (question.until_ns + kMilli - 1) / kMilli;
    const int64_t lookback = std::max<int64_t>(1, until - question.from_ns / kMilli);
    std::string path = fmt::format("/api/v2/traces?endTs={}&lookback={}&limit={}", until, lookback,
                                   question.limit);
    if (!question.service.empty()) path += "&serviceName=" + Escaped(question.service);
    return path;
  }
  bool ReadSearch(std::string_view body, Answer& answer) const override {
    return ReadZipkin(body, answer);
  }
  std::string Trace(const ListedTrace& trace, bool) const override {
    return "/api/v2/trace/" + Escaped(trace.id);
  }
  bool ReadTrace(std::string_view body, Answer& answer) const override {
    return ReadZipkin(body, answer);
  }
};

std::string VersionOf(RequestQueue& queue) {
  const HttpAnswer info = AskNow(queue, "/info");
  std::string version;
  if (!IsGood(info)) return version;
  ForEachField(info.body, [&](std::string_view key, std::string_view value) {
    if (key == "zipkin") {
      ForEachField(value, [&](std::string_view name, std::string_view text) {
        if (name == "version") version = TextOf(text).substr(0, 60);
        return true;
      });
    }
    return true;
  });
  return version;
}

}  // namespace

Result<std::unique_ptr<Dialect>> ProbeZipkin(RequestQueue& queue,
                                             const std::vector<std::string>& services) {
  auto dialect = std::make_unique<Zipkin>();
  dialect->name = "Zipkin /api/v2";
  dialect->format = "zipkin";
  dialect->services = services;
  dialect->each_service = !services.empty();
  dialect->bounds = {kMilli, 0, 1500, 100'000};
  std::vector<HttpAnswer> answers;
  answers.push_back(AskNow(queue, "/api/v2/services"));
  if (!IsGood(answers[0]) || !ReadNames(answers[0].body, ""))
    return NoSuchServer("Zipkin", answers);
  dialect->version = VersionOf(queue);
  return dialect;
}

}  // namespace plumbago::fetch
