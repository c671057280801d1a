// A query API: how it is asked and what its answers mean. Found by probing; what differs between
// servers of one kind is in here, and nothing of windows, retries and counting.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fetch/answers.h"
#include "fetch/request_queue.h"

namespace plumbago::fetch {

struct Question {
  int64_t from_ns = 0;
  int64_t until_ns = 0;
  std::string service;  // "": all
  uint64_t limit = 0;   // traces
};

struct DialectBounds {
  int64_t shortest_ns = 1'000'000'000;  // window that is not halved any more
  int64_t longest_ns = 0;               // window that may be asked for; 0: any
  uint64_t page = 1500;                 // traces asked for at first
  uint64_t most_page = 10'000;          // and at most
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  std::string name;     // "Jaeger /api/v3"
  std::string version;  // of the server, "" if it does not say
  std::string format;   // of formats::Format: what traces are handed on as
  DialectBounds bounds;
  // Asked one by one where `each_service`; where not, all together or not at all.
  std::vector<std::string> services;
  bool each_service = false;

  virtual std::string Search(const Question& question) const = 0;
  virtual bool ReadSearch(std::string_view body, Answer& answer) const = 0;
  // True if this answer to a search, none of status 200, says that nothing was found.
  virtual bool NothingFound(const HttpAnswer& answer) const {
    (void)answer;
    return false;
  }
  // Counts of the same search, to compare with; "": there are none.
  virtual std::string Summaries(const Question& question) const {
    (void)question;
    return {};
  }
  // True if it said that there are no summaries: they are not asked for again.
  virtual void NoSummaries() {}
  // One trace. `wide`: without times, which is slower and misses nothing.
  virtual std::string Trace(const ListedTrace& trace, bool wide) const = 0;
  virtual bool ReadTrace(std::string_view body, Answer& answer) const = 0;
  // The path of a trace was not known: true if there is an older one to ask by.
  virtual bool GoBack() { return false; }
};

// Each asks the server what it is. `services`: those that the user named; none: all.
// Errors: nobody answers, it is not allowed, it is something else.
Result<std::unique_ptr<Dialect>> ProbeJaeger(RequestQueue& queue,
                                             const std::vector<std::string>& services);
Result<std::unique_ptr<Dialect>> ProbeTempo(RequestQueue& queue,
                                            const std::vector<std::string>& services);
Result<std::unique_ptr<Dialect>> ProbeZipkin(RequestQueue& queue,
                                             const std::vector<std::string>& services);

// For a probe: the answer to one path.
HttpAnswer AskNow(RequestQueue& queue, std::string path);
bool IsGood(const HttpAnswer& answer);
// What to tell where no path of `kind` was understood; `answers`: to all paths, in the order of
// asking.
tl::unexpected<Error> NoSuchServer(std::string_view kind, const std::vector<HttpAnswer>& answers);

}  // namespace plumbago::fetch
