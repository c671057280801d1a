// All traces of a window of time out of a server whose answers neither page nor say that there is
// more. See docs/guide/from-tempo-jaeger-clickhouse.md.
//
// A page that is full may hide traces: its window is halved until a page is not full, or the window
// is as short as it can be; then more traces are asked for at once, and at the end the window is
// counted as saturated. A trace that comes again (from another window or service) is handed on
// once, or again if it has grown. Requests go out ahead of their turn, answers are taken in the
// order of asking: the same answers give the same text.
//
// Memory: the answers of at most 17 requests, and 80 bytes a trace.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "fetch/answers.h"
#include "fetch/dialect.h"
#include "fetch/request_queue.h"
#include "formats/fetch_report.h"

namespace plumbago::fetch {

struct PullSettings {
  int64_t from_ns = 0;
  int64_t until_ns = 0;
  int64_t now_ns = 0;     // when it is asked
  int give_up_after = 5;  // requests in a row that fail for good
  unsigned ahead = 4;     // requests under way
};

class TracePuller {
 public:
  TracePuller(RequestQueue& queue, std::unique_ptr<Dialect> dialect, const PullSettings& settings,
              formats::FetchReport report);
  // Waits for one answer and appends its traces, in lines. False: there is nothing more to ask for.
  bool Step(std::string& out);
  // The user stopped it: not all was asked for.
  bool interrupted() const { return interrupted_; }
  const formats::FetchReport& report() const { return report_; }

 private:
  struct Task {
    enum class Kind : uint8_t { kSearch, kSummaries, kTrace } kind = Kind::kSearch;
    Question question;  // of a search and of summaries
    ListedTrace trace;
    bool wide = false;     // of a trace: asked for again, without times
    bool by_time = false;  // of a search: halved last time between traces, and now between times
    bool lowered = false;  // of a search: fewer at a time, because answers were too long
    std::shared_ptr<RequestQueue::Ticket> ticket;
  };

  void SendAhead();
  void Forget(Task& task);  // its request, if it has one
  std::string PathOf(const Task& task) const;
  void TakeSearch(Task task, HttpAnswer answer, std::string& out);
  void TakeSummaries(const Task& task, const HttpAnswer& answer);
  void TakeTrace(Task task, const HttpAnswer& answer, std::string& out);
  void TakeGot(GotTrace& trace, std::string& out);
  // A search whose page is full of `found`. False: no other question would help.
  bool AskCloser(const Task& task, const Answer& found);
  // `middle`: where, kNoMoment: in the middle of the time.
  bool Halve(const Task& task, int64_t middle = kNoMoment);
  // The server refused the question (400): asks within what it says. False: it says nothing of use.
  bool AskWithin(const Task& task, const HttpAnswer& answer);
  void AskBefore(Task task);  // all others
  void Failed(const HttpAnswer& answer, std::string_view why);
  void GiveUp();

  RequestQueue& queue_;
  std::unique_ptr<Dialect> dialect_;
  PullSettings settings_;
  formats::FetchReport report_;
  std::deque<Task> tasks_;
  std::unordered_map<TraceKey, uint64_t, TraceKeyHash> spans_of_;  // of traces that came
  std::unordered_map<TraceKey, uint64_t, TraceKeyHash> listed_;    // and of those that were named
  size_t asked_ = 0;                                               // tasks with a request
  int failed_in_a_row_ = 0;
  bool interrupted_ = false;
};

}  // namespace plumbago::fetch
