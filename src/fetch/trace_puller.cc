#include "fetch/trace_puller.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace plumbago::fetch {
namespace {

constexpr int64_t kYoungNs = 60'000'000'000;
constexpr uint64_t kRaise = 4;
// Requests whose turn has not come, for each that is under way: halves go before what was asked
// for.
constexpr size_t kAnswersKept = 4;
constexpr size_t kNamedWindows = 1000;

// The largest number in `text` below `asked`: "limit 300000 exceeds max limit 262144".
std::optional<uint64_t> BoundIn(std::string_view text, uint64_t asked) {
  std::optional<uint64_t> bound;
  for (size_t i = 0; i < text.size();) {
    if (text[i] < '0' || text[i] > '9') {
      ++i;
      continue;
    }
    uint64_t number = 0;
    const char* const begin = text.data() + i;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
    if (error == std::errc() && number > 0 && number < asked && (!bound || number > *bound))
      bound = number;
    i += std::max<size_t>(1, static_cast<size_t>(end - begin));
  }
  return bound;
}

}  // namespace

TracePuller::TracePuller(RequestQueue& queue, std::unique_ptr<Dialect> dialect,
                         const PullSettings& settings, formats::FetchReport report)
    : queue_(queue), dialect_(std::move(dialect)), settings_(settings), report_(std::move(report)) {
  report_.dialect = dialect_->name;
  report_.version = dialect_->version;
  report_.from_ns = settings_.from_ns;
  report_.until_ns = settings_.until_ns;
  report_.services = dialect_->services;
  std::vector<std::string> asked = dialect_->services;
  if (!dialect_->each_service) asked.assign(1, "");
  const int64_t longest = dialect_->bounds.longest_ns;
  for (const std::string& service : asked) {
    int64_t from = settings_.from_ns;
    while (from < settings_.until_ns) {
      int64_t until = settings_.until_ns;
      if (longest > 0 && until - from > longest) until = from + longest;
      Task task;
      task.question = {from, until, service, dialect_->bounds.page};
      tasks_.push_back(std::move(task));
      from = until;
    }
  }
}

std::string TracePuller::PathOf(const Task& task) const {
  switch (task.kind) {
    case Task::Kind::kSearch:
      return dialect_->Search(task.question);
    case Task::Kind::kSummaries:
      return dialect_->Summaries(task.question);
    case Task::Kind::kTrace:
      return dialect_->Trace(task.trace, task.wide);
  }
  return {};
}

void TracePuller::SendAhead() {
  for (size_t i = 0; i < std::min<size_t>(settings_.ahead, tasks_.size()); ++i) {
    if (tasks_[i].ticket != nullptr) continue;
    if (i > 0 && asked_ >= kAnswersKept * settings_.ahead) return;
    tasks_[i].ticket = queue_.Ask(PathOf(tasks_[i]));
    ++asked_;
  }
}

void TracePuller::Forget(Task& task) {
  if (std::exchange(task.ticket, nullptr) != nullptr) --asked_;
}

void TracePuller::AskBefore(Task task) { tasks_.push_front(std::move(task)); }

bool TracePuller::Step(std::string& out) {
  if (tasks_.empty()) return false;
  SendAhead();
  HttpAnswer answer = queue_.Wait(tasks_.front().ticket);
  report_.requests = queue_.requests();
  report_.retries = queue_.retries();
  report_.bytes = queue_.bytes();
  if (answer.end == HttpAnswer::End::kStopped) {
    interrupted_ = true;
    GiveUp();
    return false;
  }
  if (answer.end == HttpAnswer::End::kBudgetSpent) {
    report_.budget_spent = true;
    GiveUp();
    return false;
  }
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  Forget(task);
  switch (task.kind) {
    case Task::Kind::kSearch:
      TakeSearch(std::move(task), std::move(answer), out);
      break;
    case Task::Kind::kSummaries:
      TakeSummaries(task, answer);
      break;
    case Task::Kind::kTrace:
      TakeTrace(std::move(task), answer, out);
      break;
  }
  if (failed_in_a_row_ >= settings_.give_up_after) GiveUp();
  return !tasks_.empty();
}

void TracePuller::GiveUp() {
  for (const Task& task : tasks_) {
    if (task.kind == Task::Kind::kSearch) ++report_.windows_not_asked;
    if (task.kind == Task::Kind::kTrace) ++report_.traces_not_asked;
  }
  tasks_.clear();
  asked_ = 0;
}

void TracePuller::Failed(const HttpAnswer& answer, std::string_view why) {
  const bool whole = answer.end == HttpAnswer::End::kWhole;
  ++report_.failed[whole ? answer.status : 0];
  if (report_.first_failure.empty()) {
    report_.first_failure = !why.empty() ? std::string(why)
                            : whole
                                ? fmt::format("status {}: {}", answer.status, Excerpt(answer.body))
                                : answer.error;
  }
  ++failed_in_a_row_;
}

bool TracePuller::Halve(const Task& task, int64_t middle) {
  const int64_t unit = dialect_->bounds.shortest_ns;
  const Question& question = task.question;
  const int64_t length = question.until_ns - question.from_ns;
  if (length <= unit) return false;
  if (middle == kNoMoment) middle = question.from_ns + length / 2;
  middle = middle / unit * unit;
  if (middle <= question.from_ns) middle += unit;
  if (middle >= question.until_ns) middle -= unit;
  if (middle <= question.from_ns || middle >= question.until_ns) return false;
  Task first = task, second = task;
  first.question.until_ns = middle;
  second.question.from_ns = middle;
  first.by_time = second.by_time = !task.by_time;
  AskBefore(std::move(second));
  AskBefore(std::move(first));
  return true;
}

bool TracePuller::AskCloser(const Task& task, const Answer& found) {
  // Between the traces that came, so that hours without traces cost no pages; and every second time
  // in the middle of the time, so that it ends soon whatever the server shows.
  int64_t middle = kNoMoment;
  if (!task.by_time) {
    std::vector<int64_t> starts;
    starts.reserve(found.traces.size() + found.listed.size());
    for (const GotTrace& trace : found.traces) starts.push_back(trace.first_ns);
    for (const ListedTrace& trace : found.listed) starts.push_back(trace.start_ns);
    std::erase_if(starts, [&](int64_t ns) {
      return ns <= task.question.from_ns || ns >= task.question.until_ns;
    });
    if (!starts.empty()) {
      const auto half = starts.begin() + static_cast<std::ptrdiff_t>(starts.size() / 2);
      std::nth_element(starts.begin(), half, starts.end());
      middle = *half;
    }
  }
  if (Halve(task, middle)) return true;
  if (task.lowered) return false;
  const uint64_t most = dialect_->bounds.most_page;
  if (task.question.limit >= most) return false;
  Task more = task;
  more.question.limit = std::min(most, task.question.limit * kRaise);
  AskBefore(std::move(more));
  return true;
}

bool TracePuller::AskWithin(const Task& task, const HttpAnswer& answer) {
  const std::string& text = answer.body;
  const auto says = [&](std::string_view word) { return text.find(word) != text.npos; };
  const auto note = [&](std::string what) {
    auto& clamped = report_.clamped;
    if (std::find(clamped.begin(), clamped.end(), what) == clamped.end() && clamped.size() < 20)
      clamped.push_back(std::move(what));
  };
  if (says("limit") || says("depth")) {
    if (const auto bound = BoundIn(text, task.question.limit)) {
      note(fmt::format("limit {}", *bound));
      DialectBounds& bounds = dialect_->bounds;
      bounds.most_page = *bound;
      bounds.page = std::min(bounds.page, *bound);
      Task again = task;
      again.question.limit = *bound;
      AskBefore(std::move(again));
      return true;
    }
  }
  if (!says("range") && !says("duration") && !says("lookback")) return false;
  note("window: " + Excerpt(text));
  return Halve(task);
}

void TracePuller::TakeSearch(Task task, HttpAnswer answer, std::string& out) {
  if (dialect_->NothingFound(answer)) {
    ++report_.windows;
    failed_in_a_row_ = 0;
    return;
  }
  if (answer.end == HttpAnswer::End::kTooLong) {
    failed_in_a_row_ = 0;
    ++report_.windows;
    if (Halve(task)) return;
    if (task.question.limit > 1) {  // a few at a time is better than none
      task.question.limit = std::max<uint64_t>(1, task.question.limit / 8);
      task.lowered = true;
      AskBefore(std::move(task));
      return;
    }
    ++report_.traces_too_large;
    return;
  }
  if (answer.end == HttpAnswer::End::kWhole && answer.status == 400 && AskWithin(task, answer)) {
    return;
  }
  Answer found;
  if (!IsGood(answer)) return Failed(answer, "");
  if (!dialect_->ReadSearch(answer.body, found)) {
    return Failed(answer, fmt::format("an answer that is not what it should be: \"{}\"",
                                      Excerpt(answer.body)));
  }
  answer.body = {};
  failed_in_a_row_ = 0;
  ++report_.windows;
  const uint64_t count = found.traces.size() + found.listed.size();
  // More than was asked for: the server does not count, and has left nothing out.
  const bool full = count == task.question.limit || found.cut_short;
  const bool saturated = full && !AskCloser(task, found);
  if (saturated && report_.windows_saturated++ < kNamedWindows) {
    report_.saturated.push_back(
        {task.question.from_ns, task.question.until_ns, task.question.service});
  }
  if (found.partial) ++report_.traces_partial;
  for (GotTrace& trace : found.traces) {
    if (listed_.try_emplace(trace.key, trace.spans).second) ++report_.traces_listed;
    TakeGot(trace, out);
  }
  if (!full && !found.traces.empty() && !dialect_->Summaries(task.question).empty()) {
    Task summaries = task;
    summaries.kind = Task::Kind::kSummaries;
    AskBefore(std::move(summaries));
  }
  // One that lists more than was asked for would have its way with our memory.
  const size_t most = std::min<size_t>(found.listed.size(), dialect_->bounds.most_page);
  if (most < found.listed.size()) report_.traces_not_asked += found.listed.size() - most;
  for (size_t i = most; i-- > 0;) {
    ListedTrace& listed = found.listed[i];
    if (!listed_.try_emplace(listed.key, listed.spans).second) continue;
    ++report_.traces_listed;
    Task one;
    one.kind = Task::Kind::kTrace;
    one.trace = std::move(listed);
    AskBefore(std::move(one));
  }
}

void TracePuller::TakeSummaries(const Task&, const HttpAnswer& answer) {
  Answer found;
  if (!IsGood(answer) || !ReadSummaries(answer.body, found)) {
    dialect_->NoSummaries();  // older servers have none; that is no failure
    for (Task& task : tasks_) {
      if (task.kind == Task::Kind::kSummaries) Forget(task);
    }
    std::erase_if(tasks_, [](const Task& task) { return task.kind == Task::Kind::kSummaries; });
    return;
  }
  for (ListedTrace& listed : found.listed) {
    if (listed_.try_emplace(listed.key, listed.spans).second) ++report_.traces_listed;
    const auto came = spans_of_.find(listed.key);
    if (came != spans_of_.end() && came->second >= listed.spans) continue;
    if (tasks_.size() > dialect_->bounds.most_page) {
      ++report_.traces_not_asked;
      continue;
    }
    Task one;
    one.kind = Task::Kind::kTrace;
    one.trace = std::move(listed);
    one.wide = true;
    AskBefore(std::move(one));
  }
}

void TracePuller::TakeTrace(Task task, const HttpAnswer& answer, std::string& out) {
  const bool whole = answer.end == HttpAnswer::End::kWhole;
  if (answer.end == HttpAnswer::End::kTooLong || (whole && answer.status == 422)) {
    failed_in_a_row_ = 0;
    ++report_.traces_too_large;
    return;
  }
  const auto again = [&] {
    task.wide = true;
    AskBefore(std::move(task));
  };
  if (whole && answer.status == 404) {
    failed_in_a_row_ = 0;
    if (dialect_->GoBack()) {
      for (Task& other : tasks_) {  // were asked by the path that is not there
        if (other.kind == Task::Kind::kTrace) Forget(other);
      }
      AskBefore(std::move(task));
    } else if (!task.wide) {
      again();
    } else {
      ++report_.traces_missing;
    }
    return;
  }
  Answer found;
  if (!IsGood(answer)) return Failed(answer, "");
  if (!dialect_->ReadTrace(answer.body, found)) {
    return Failed(answer, fmt::format("an answer that is not what it should be: \"{}\"",
                                      Excerpt(answer.body)));
  }
  failed_in_a_row_ = 0;
  uint64_t spans = 0;
  for (const GotTrace& trace : found.traces) {
    if (trace.key == task.trace.key) spans = std::max(spans, trace.spans);
  }
  // A window of time that is too narrow gives a part of a trace without a word.
  if (!found.partial && !task.wide && (spans == 0 || spans < task.trace.spans)) return again();
  if (found.traces.empty()) {
    ++report_.traces_missing;
    return;
  }
  if (found.partial || spans < task.trace.spans) ++report_.traces_partial;
  for (GotTrace& trace : found.traces) TakeGot(trace, out);
}

void TracePuller::TakeGot(GotTrace& trace, std::string& out) {
  const auto [known, is_new] = spans_of_.try_emplace(trace.key, trace.spans);
  if (!is_new && known->second >= trace.spans) {
    ++report_.copies;
    return;
  }
  if (is_new) {
    ++report_.traces_fetched;
    report_.spans += trace.spans;
    if (trace.last_ns != kNoMoment && trace.last_ns > settings_.now_ns - kYoungNs)
      ++report_.possibly_open;
    if (trace.last_ns != kNoMoment &&
        (trace.first_ns < settings_.from_ns || trace.last_ns > settings_.until_ns)) {
      ++report_.at_edges;
    }
  } else {
    ++report_.grown;
    report_.spans += trace.spans - known->second;
    known->second = trace.spans;
  }
  out += trace.text;
}

}  // namespace plumbago::fetch
