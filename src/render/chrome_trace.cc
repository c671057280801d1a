#include "render/chrome_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/json_writer.h"
#include "render/moment.h"
#include "render/span_lanes.h"

namespace plumbago::render {
namespace {

constexpr uint32_t kTracesPid = 1;  // services come after it

class Writer {
 public:
  explicit Writer(const PutText& put) : pieces_(put) {}

  Result<ChromeTraceWritten> Write(std::span<const ProfileTrace> traces) {
    text_ = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
    for (const ProfileTrace& trace : traces) {
      for (const ProfileSpan& span : trace.spans) {
        if (span.timed) services_.try_emplace(std::string(span.service), 0);
      }
    }
    RETURN_IF_ERROR(Process(kTracesPid, "traces"));
    uint32_t group = 0;
    for (auto& [service, number] : services_) {
      number = group++;
      RETURN_IF_ERROR(Process(kTracesPid + group, service.empty() ? "(unknown)" : service));
    }
    for (const ProfileTrace& trace : traces) RETURN_IF_ERROR(Trace(trace));
    text_ += "\n]}\n";
    RETURN_IF_ERROR(pieces_.End());
    return written_;
  }

 private:
  JsonWriter Event(const char* phase, uint32_t pid, uint32_t tid, std::string_view name) {
    text_ += first_ ? "" : ",\n";
    first_ = false;
    JsonWriter json(&text_);
    json.BeginObject().Key("ph").String(phase).Key("pid").Uint(pid).Key("tid").Uint(tid);
    json.Key("name").String(name);
    return json;
  }
  // A number that is written as it is; nothing but a key follows in an event.
  void At(const char* key, int64_t ns) {
    text_ += fmt::format(",\"{}\":{}", key, Microseconds(ns));
  }

  Result<void> Process(uint32_t pid, const std::string& name) {
    Event("M", pid, 0, "process_name")
        .Key("args")
        .BeginObject()
        .Key("name")
        .String(name)
        .EndObject()
        .EndObject();
    Event("M", pid, 0, "process_sort_index")
        .Key("args")
        .BeginObject()
        .Key("sort_index")
        .Uint(pid)
        .EndObject()
        .EndObject();
    return pieces_.Next();
  }

  Result<void> Trace(const ProfileTrace& trace) {
    std::vector<uint32_t> spans;
    std::vector<LaneSpan> to_place;
    std::vector<uint32_t> placed(trace.spans.size(), kNoNode);
    int64_t first = 0;  // a clock may put spans before the root
    int64_t last = trace.duration_ns;
    for (uint32_t i = 0; i < trace.spans.size(); ++i) {
      const ProfileSpan& span = trace.spans[i];
      if (!span.timed) {
        ++written_.untimed;
        continue;
      }
      placed[i] = static_cast<uint32_t>(spans.size());
      spans.push_back(i);
      to_place.push_back({span.parent == kNoNode ? kNoNode : placed[span.parent],
                          services_.find(std::string(span.service))->second, span.start_ns,
                          span.end_ns});
      first = std::min(first, span.start_ns);
      last = std::max(last, span.end_ns);
    }
    const int64_t shift = begin_ns_ - first;
    {
      JsonWriter json = Event("X", kTracesPid, 1, "trace " + trace.id);
      At("ts", shift);
      At("dur", trace.duration_ns);
      json.Key("args").BeginObject().Key("trace").String(trace.id);
      json.Key("start").String(Moment(trace.start_ns)).Key("spans").Uint(trace.spans.size());
      json.EndObject().EndObject();
    }
    const std::vector<LanedSpan> laned =
        PutOnLanes(to_place, static_cast<uint32_t>(services_.size()));
    std::vector<uint32_t> lane_of(trace.spans.size(), 0);
    for (const LanedSpan& one : laned) lane_of[spans[one.span]] = one.lane;
    for (const LanedSpan& one : laned) {
      const uint32_t i = spans[one.span];
      const ProfileSpan& span = trace.spans[i];
      Span(trace, span, Pid(span), one.lane + 1, shift);
      if (span.asynchronous && span.parent != kNoNode && trace.spans[span.parent].timed) {
        Arrow(span, trace.spans[span.parent], lane_of[i] + 1, lane_of[span.parent] + 1, shift);
      }
      RETURN_IF_ERROR(pieces_.Next());
    }
    written_.spans += spans.size();
    // Room between two traces: a twentieth, and at least a microsecond.
    begin_ns_ += last - first + std::max<int64_t>(1000, (last - first) / 20);
    return {};
  }

  uint32_t Pid(const ProfileSpan& span) const {
    return kTracesPid + 1 + services_.find(std::string(span.service))->second;
  }

  void Span(const ProfileTrace& trace, const ProfileSpan& span, uint32_t pid, uint32_t tid,
            int64_t shift) {
    JsonWriter json = Event("X", pid, tid, span.operation.empty() ? span.service : span.operation);
    json.Key("cat").String(span.kind.empty() ? "span" : span.kind);
    At("ts", span.start_ns + shift);
    At("dur", span.end_ns - span.start_ns);
    // Red, as chrome://tracing calls it.
    if (span.error) json.Key("cname").String("terrible");
    json.Key("args").BeginObject().Key("trace").String(trace.id);
    if (span.id != 0) json.Key("span").String(fmt::format("{:016x}", span.id));
    json.Key("status").String(span.status);
    if (span.inserted) json.Key("inserted").Bool(true);
    text_ += fmt::format(",\"critical_path_us\":{}", Microseconds(span.path_ns));
    json.EndObject().EndObject();
  }

  void Arrow(const ProfileSpan& span, const ProfileSpan& parent, uint32_t tid, uint32_t parent_tid,
             int64_t shift) {
    ++flows_;
    // Within the parent, or a viewer finds no event to bind it to.
    const int64_t last = std::max(parent.start_ns, parent.end_ns - 1);
    const int64_t from = std::clamp(span.start_ns, parent.start_ns, last);
    for (const bool begin : {true, false}) {
      JsonWriter json = Event(begin ? "s" : "f", Pid(begin ? parent : span),
                              begin ? parent_tid : tid, "asynchronous");
      json.Key("cat").String("asynchronous").Key("id").Uint(flows_);
      At("ts", (begin ? from : span.start_ns) + shift);
      if (!begin) json.Key("bp").String("e");
      json.EndObject();
    }
  }

  Pieces pieces_;
  std::string& text_ = pieces_.text();
  bool first_ = true;
  std::map<std::string, uint32_t> services_;
  int64_t begin_ns_ = 0;
  uint64_t flows_ = 0;
  ChromeTraceWritten written_;
};

}  // namespace

Result<ChromeTraceWritten> WriteChromeTrace(std::span<const ProfileTrace> traces,
                                            const PutText& put) {
  return Writer(put).Write(traces);
}

}  // namespace plumbago::render
