#include "fetch/dialect.h"

#include <fmt/format.h>

namespace plumbago::fetch {

HttpAnswer AskNow(RequestQueue& queue, std::string path) {
  return queue.Wait(queue.Ask(std::move(path)));
}

bool IsGood(const HttpAnswer& answer) {
  return answer.end == HttpAnswer::End::kWhole && answer.status == 200;
}

tl::unexpected<Error> NoSuchServer(std::string_view kind, const std::vector<HttpAnswer>& answers) {
  for (const HttpAnswer& answer : answers) {
    switch (answer.end) {
      case HttpAnswer::End::kStopped:
        return Fail(ErrorKind::kInterrupted, "interrupted");
      case HttpAnswer::End::kBroken:
        return Fail(ErrorKind::kResource, fmt::format("no answer: {}", answer.error));
      case HttpAnswer::End::kRedirected:
        return Fail(ErrorKind::kBadInput, answer.error);
      case HttpAnswer::End::kWhole:
        break;
      default:
        return Fail(ErrorKind::kResource, answer.error);
    }
    if (answer.status == 401 || answer.status == 403) {
      return Fail(ErrorKind::kPermission,
                  fmt::format("it says {} ({}): set PLUMBAGO_TOKEN to a bearer token, and "
                              "PLUMBAGO_TENANT where there are tenants",
                              answer.status, Excerpt(answer.body)));
    }
  }
  const HttpAnswer& last = answers.back();
  return Fail(ErrorKind::kBadInput,
              fmt::format("this does not answer as {} does: status {}, {}", kind, last.status,
                          last.body.empty() ? "nothing in it" : "\"" + Excerpt(last.body) + "\""));
}

}  // namespace plumbago::fetch
