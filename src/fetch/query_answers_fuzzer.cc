// Any bytes as the answer of a server: the readers cut what is whole, and what they hand on holds
// as many lines as traces.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "fetch/answers.h"
#include "fetch/server_url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::fetch;
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr bool (*kReaders[])(std::string_view, Answer&) = {ReadOtlp, ReadJaeger, ReadZipkin,
                                                             ReadTempoSearch, ReadSummaries};
  Answer answer;
  if (kReaders[data[0] % std::size(kReaders)](body, answer)) {
    for (const GotTrace& trace : answer.traces) {
      CHECK(trace.spans > 0);
      CHECK(trace.text.find('\n') == trace.text.size() - 1);
      CHECK(trace.text.size() <= 2 * size + 64);
    }
    for (const ListedTrace& trace : answer.listed) CHECK(KeyOf(trace.id) == trace.key);
  }
  (void)ReadNames(body, "data");
  CHECK(Excerpt(body).size() <= 120);
  const auto url = ServerUrl::Parse("http://host:1/x");
  std::string to;
  if (url->Stays("http://host:1/x/y", body, to))
    CHECK(to.starts_with("http") || to.starts_with("HTTP"));
  return 0;
}
