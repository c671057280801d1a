// Grafana Tempo: searches give summaries, and each trace is fetched by its id.
#include <fmt/format.h>

#include "fetch/dialect.h"
#include "fetch/json_slices.h"

namespace plumbago::fetch {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMargin = 60 * kSecond;

class Tempo final : public Dialect {
 public:
  explicit Tempo(std::string query) : query_(std::move(query)) {}

  std::string Search(const Question& question) const override {
    return fmt::format("/api/search?q={}&start={}&end={}&limit={}&spss=1", Escaped(query_),
                       question.from_ns / kSecond, (question.until_ns + kSecond - 1) / kSecond,
                       question.limit);
  }
  bool ReadSearch(std::string_view body, Answer& answer) const override {
    return ReadTempoSearch(body, answer);
  }
  std::string Trace(const ListedTrace& trace, bool wide) const override {
    std::string path =
        fmt::format("/api/{}traces/{}", first_version_ ? "" : "v2/", Escaped(trace.id));
    if (wide || trace.start_ns < kMargin || trace.start_ns > INT64_MAX / 2 ||
        trace.duration_ns > INT64_MAX / 4) {
      return path;
    }
    const int64_t from = trace.start_ns - kMargin;
    const int64_t until = trace.start_ns + trace.duration_ns + kMargin;
    return path + fmt::format("?start={}&end={}", from / kSecond, (until + kSecond - 1) / kSecond);
  }
  bool ReadTrace(std::string_view body, Answer& answer) const override {
    return ReadOtlp(body, answer);
  }
  bool GoBack() override { return !std::exchange(first_version_, true); }

 private:
  std::string query_;
  bool first_version_ = false;
};

// TraceQL; all services at once.
std::string QueryOf(const std::vector<std::string>& services) {
  std::string query;
  for (const std::string& service : services) {
    query += query.empty() ? "{ " : " || ";
    query += "resource.service.name = \"";
    for (const char c : service) {
      if (c == '"' || c == '\\') query += '\\';
      query += c;
    }
    query += '"';
  }
  return query.empty() ? "{}" : query + " }";
}

}  // namespace

Result<std::unique_ptr<Dialect>> ProbeTempo(RequestQueue& queue,
                                            const std::vector<std::string>& services) {
  auto dialect = std::make_unique<Tempo>(QueryOf(services));
  dialect->name = "Tempo /api/v2";
  dialect->format = "otlp-json";
  dialect->services = services;
  dialect->bounds = {kSecond, 24 * 3600 * kSecond, 1000, 262'144};
  std::vector<HttpAnswer> answers;
  answers.push_back(AskNow(queue, "/api/status/buildinfo"));
  if (IsGood(answers[0])) {
    ForEachField(answers[0].body, [&](std::string_view key, std::string_view value) {
      if (key == "version") dialect->version = TextOf(value).substr(0, 60);
      return true;
    });
  }
  if (!dialect->version.empty()) return dialect;
  if (answers[0].end != HttpAnswer::End::kWhole) return NoSuchServer("Tempo", answers);
  // A gateway in front of it may let searches through alone.
  answers.push_back(AskNow(queue, "/api/search?q=%7B%7D&limit=1"));
  Answer found;
  if (IsGood(answers[1]) && ReadTempoSearch(answers[1].body, found)) return dialect;
  return NoSuchServer("Tempo", answers);
}

}  // namespace plumbago::fetch
