// Jaeger: /api/v3 (1.60 and newer), and the paths that it had before and dropped after 2.20, which
// VictoriaTraces and others still answer.
#include <fmt/format.h>

#include "fetch/dialect.h"
#include "fetch/json_slices.h"
#include "fetch/moment_text.h"

namespace plumbago::fetch {
namespace {

class JaegerV3 final : public Dialect {
 public:
  std::string Search(const Question& question) const override {
    return "/api/v3/traces?" + Query(question);
  }
  bool ReadSearch(std::string_view body, Answer& answer) const override {
    return ReadOtlp(body, answer);
  }
  bool NothingFound(const HttpAnswer& answer) const override {
    return answer.end == HttpAnswer::End::kWhole && answer.status == 404;
  }
  std::string Summaries(const Question& question) const override {
    return summaries_ ? "/api/v3/trace-summaries?" + Query(question) : "";
  }
  void NoSummaries() override { summaries_ = false; }
  std::string Trace(const ListedTrace& trace, bool) const override {
    return "/api/v3/traces/" + Escaped(trace.id);
  }
  bool ReadTrace(std::string_view body, Answer& answer) const override {
    return ReadOtlp(body, answer);
  }

 private:
  // Both spellings of the parameters: new servers take the first, older ones know the second alone.
  static std::string Query(const Question& question) {
    const std::string service = Escaped(question.service);
    const std::string from = Escaped(MomentText(question.from_ns));
    const std::string until = Escaped(MomentText(question.until_ns));
    return fmt::format(
        "query.serviceName={0}&query.service_name={0}&query.startTimeMin={1}&"
        "query.start_time_min={1}&query.startTimeMax={2}&query.start_time_max={2}&"
        "query.searchDepth={3}&query.num_traces={3}",
        service, from, until, question.limit);
  }
  bool summaries_ = true;  // until it says that it has none
};

class JaegerOld final : public Dialect {
 public:
  std::string Search(const Question& question) const override {
    return fmt::format("/api/traces?service={}&start={}&end={}&limit={}", Escaped(question.service),
                       question.from_ns / 1000, (question.until_ns + 999) / 1000, question.limit);
  }
  bool ReadSearch(std::string_view body, Answer& answer) const override {
    return ReadJaeger(body, answer);
  }
  std::string Trace(const ListedTrace& trace, bool) const override {
    return "/api/traces/" + Escaped(trace.id);
  }
  bool ReadTrace(std::string_view body, Answer& answer) const override {
    return ReadJaeger(body, answer);
  }
};

// Its page for people holds the version: "gitVersion":"v1.62.0".
std::string VersionOf(RequestQueue& queue) {
  const HttpAnswer page = AskNow(queue, "/");
  constexpr std::string_view kKey = "\"gitVersion\":";
  const size_t at = page.body.find(kKey);
  if (!IsGood(page) || at == page.body.npos) return "";
  const size_t begin = SkipBlanks(page.body, at + kKey.size());
  const size_t end = ValueEnd(page.body, begin);
  if (end == kNoEnd) return "";
  return TextOf(std::string_view(page.body).substr(begin, end - begin)).substr(0, 60);
}

}  // namespace

Result<std::unique_ptr<Dialect>> ProbeJaeger(RequestQueue& queue,
                                             const std::vector<std::string>& services) {
  std::unique_ptr<Dialect> dialect;
  std::vector<HttpAnswer> answers;
  answers.push_back(AskNow(queue, "/api/v3/services"));
  // Servers answer unknown paths with their page for people, and status 200.
  auto names = IsGood(answers[0]) ? ReadNames(answers[0].body, "services") : std::nullopt;
  if (IsGood(answers[0]) && Excerpt(answers[0].body) == "{}") names.emplace();  // none yet
  if (names) {
    dialect = std::make_unique<JaegerV3>();
    dialect->name = "Jaeger /api/v3";
    dialect->format = "otlp-json";
  } else {
    const HttpAnswer::End end = answers[0].end;
    if (end != HttpAnswer::End::kWhole) return NoSuchServer("Jaeger", answers);
    answers.push_back(AskNow(queue, "/api/services"));
    if (IsGood(answers[1])) names = ReadNames(answers[1].body, "data");
    if (!names) return NoSuchServer("Jaeger", answers);
    dialect = std::make_unique<JaegerOld>();
    dialect->name = "Jaeger /api/traces";
    dialect->format = "jaeger";
  }
  dialect->services = services.empty() ? *names : services;
  dialect->each_service = true;
  dialect->version = VersionOf(queue);
  return dialect;
}

}  // namespace plumbago::fetch
