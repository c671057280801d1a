// What became of an input that is a server and no file: what was asked, what came, what did not.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plumbago::formats {

struct FetchWindow {
  int64_t from_ns = 0;
  int64_t until_ns = 0;
  std::string service;  // "" : all
};

struct FetchReport {
  std::string source;   // as the user gave it: "jaeger=http://localhost:16686"
  std::string dialect;  // the paths that answered: "Jaeger /api/v3"
  std::string version;  // as the server says it; "" if it does not
  int64_t from_ns = 0, until_ns = 0;
  std::vector<std::string> services;  // that were asked one by one; empty: all together

  uint64_t requests = 0, retries = 0;
  uint64_t bytes = 0;                  // of answers, unpacked
  uint64_t windows = 0;                // searched; halves count beside the whole
  uint64_t windows_not_asked = 0;      // the byte budget was spent, or the server had been given up
  uint64_t windows_saturated = 0;      // still full when they could not be made shorter
  std::vector<FetchWindow> saturated;  // the first thousand of them
  std::map<int, uint64_t> failed;      // requests given up, by HTTP status; 0: no whole answer
  std::string first_failure;           // what the first one said

  uint64_t traces_listed = 0;     // different ones that a search or a summary named
  uint64_t traces_fetched = 0;    // different ones that came
  uint64_t traces_missing = 0;    // listed, and not there when asked for
  uint64_t traces_partial = 0;    // the server says so, or they hold fewer spans than listed
  uint64_t traces_too_large = 0;  // refused by the server (422), or longer than an answer may be
  uint64_t traces_not_asked = 0;  // listed; the budget was spent, or the server had been given up
  uint64_t copies = 0;            // came again from another window or service, and were left out
  uint64_t grown = 0;             // came again with more spans, and were taken again
  uint64_t possibly_open = 0;     // had a span less than a minute before they were asked for
  uint64_t at_edges = 0;          // reach beyond the window: others like them were not listed
  uint64_t spans = 0;
  std::vector<std::string> clamped;  // parameters that the server bounds lower, and to what
  bool budget_spent = false;

  // Things that are known not to be here: each of them is one. 0: all that was asked for came.
  uint64_t NotFetched() const {
    uint64_t count = windows_saturated + windows_not_asked + traces_missing + traces_partial +
                     traces_too_large + traces_not_asked;
    for (const auto& [status, n] : failed) count += n;
    return count;
  }
};

}  // namespace plumbago::formats
