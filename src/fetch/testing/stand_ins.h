// For tests: servers that answer as Jaeger (both APIs), Tempo and Zipkin do, over traces that a
// test makes up. The answers, their bounds and their gaps are those of the real ones, as far as a
// puller can see them: pages that end without a word, 404 for nothing found, ids without zeros in
// front.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fetch/moment_text.h"
#include "fetch/testing/http_server.h"

namespace plumbago::fetch {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kDayStartNs = 1'700'000'000 * kSecondNs;

struct MadeTrace {
  uint64_t id = 1;
  std::vector<std::string> services = {"front"};  // a span of each
  int64_t start_ns = kDayStartNs;
  int64_t span_ns = 1'000'000;  // of each span; they start one behind the other
};

struct MadeStore {
  std::vector<MadeTrace> traces;
  bool hides_limit = false;  // answers more than was asked for

  // Traces with a span of `service` ("" : any) that starts in [from, until], the newest first.
  std::vector<const MadeTrace*> Find(std::string_view service, int64_t from, int64_t until,
                                     size_t limit) const {
    std::vector<const MadeTrace*> found;
    for (const MadeTrace& trace : traces) {
      for (size_t i = 0; i < trace.services.size(); ++i) {
        const int64_t start = trace.start_ns + static_cast<int64_t>(i) * trace.span_ns;
        if ((!service.empty() && trace.services[i] != service) || start < from || start > until)
          continue;
        found.push_back(&trace);
        break;
      }
    }
    std::stable_sort(found.begin(), found.end(), [](const MadeTrace* a, const MadeTrace* b) {
      return a->start_ns > b->start_ns;
    });
    if (!hides_limit && found.size() > limit) found.resize(limit);
    return found;
  }
  std::vector<std::string> Services() const {
    std::vector<std::string> names;
    for (const MadeTrace& trace : traces)
      names.insert(names.end(), trace.services.begin(), trace.services.end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }
  const MadeTrace* Get(std::string_view hex) const {
    for (const MadeTrace& trace : traces) {
      if (fmt::format("{:032x}", trace.id) == hex) return &trace;
    }
    return nullptr;
  }
};

inline std::string QuotedList(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names)
    text += fmt::format("{}\"{}\"", text.size() > 1 ? "," : "", name);
  return text + "]";
}

// resourceSpans of a trace, a resource a span. `id` and `span_id` as they are to stand.
template <class IdText>
std::string ResourceSpans(const MadeTrace& trace, size_t spans, const IdText& id_text) {
  std::string text;
  for (size_t i = 0; i < std::min(spans, trace.services.size()); ++i) {
    const int64_t start = trace.start_ns + static_cast<int64_t>(i) * trace.span_ns;
    text += fmt::format(
        "{}{{\"resource\":{{\"attributes\":[{{\"key\":\"service.name\",\"value\":{{"
        "\"stringValue\":\"{}\"}}}}]}},\n \"scopeSpans\":[{{\"scope\":{{}},\"spans\":[{{"
        "\"traceId\":\"{}\",\"spanId\":\"{:016x}\",\"parentSpanId\":\"{}\",\"name\":\"op\","
        "\"kind\":2,\"startTimeUnixNano\":\"{}\",\"endTimeUnixNano\":\"{}\"}}]}}]}}",
        i > 0 ? "," : "", trace.services[i], id_text(trace.id), trace.id * 100 + i + 1,
        i == 0 ? "" : fmt::format("{:016x}", trace.id * 100 + i), start, start + trace.span_ns);
  }
  return text;
}
inline std::string HexId(uint64_t id) { return fmt::format("{:032x}", id); }
inline std::string Base64Id(uint64_t id) {
  unsigned char bytes[18] = {};
  for (int i = 0; i < 8; ++i) bytes[15 - i] = static_cast<unsigned char>(id >> (8 * i));
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < 18; i += 3) {
    const unsigned bits = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += kDigits[bits >> shift & 63];
  }
  return text.substr(0, 22) + "==";
}

inline HttpReply PageForPeople(std::string_view version) {
  return {200, fmt::format("<!doctype html><script>const JAEGER_VERSION = {{\"gitCommit\":\"\","
                           "\"gitVersion\":\"{}\"}};</script>",
                           version)};
}

// 1.60 to 2.x: v3, and with `summaries` the counts of 2.19.
inline HttpReply JaegerV3Answer(const MadeStore& store, const HttpRequest& request,
                                bool summaries = false, bool new_names_alone = false) {
  if (request.path == "/api/v3/services")
    return {200, fmt::format("{{\"services\":{}}}", QuotedList(store.Services()))};
  const bool search = request.path == "/api/v3/traces";
  if (search || (summaries && request.path == "/api/v3/trace-summaries")) {
    const auto parameter = [&](const char* camel, const char* snake) {
      return request.Query(new_names_alone ? camel : snake);
    };
    const auto from = ParseMoment(parameter("query.startTimeMin", "query.start_time_min"), 0);
    const auto until = ParseMoment(parameter("query.startTimeMax", "query.start_time_max"), 0);
    if (!from || !until) return {400, "{\"error\":{\"httpCode\":400}}"};
    const auto found =
        store.Find(parameter("query.serviceName", "query.service_name"), *from, *until,
                   static_cast<size_t>(
                       request.Number(new_names_alone ? "query.searchDepth" : "query.num_traces")));
    std::string text;
    for (const MadeTrace* trace : found) {
      text += text.empty() ? "" : ",";
      text += search ? ResourceSpans(*trace, SIZE_MAX, HexId)
                     : fmt::format("{{\"traceId\":\"{}\",\"spanCount\":{}}}", HexId(trace->id),
                                   trace->services.size());
    }
    if (!search) return {200, "{\"summaries\":[" + text + "]}"};
    if (found.empty())
      return {404, "{\"error\":{\"httpCode\":404,\"message\":\"No traces found\"}}"};
    return {200, "{\"result\":{\"resourceSpans\":[" + text + "]}}"};
  }
  constexpr std::string_view kOne = "/api/v3/traces/";
  if (request.path.starts_with(kOne)) {
    const MadeTrace* trace = store.Get(std::string_view(request.path).substr(kOne.size()));
    if (trace == nullptr) return {404, "{\"error\":{\"httpCode\":404}}"};
    return {200,
            "{\"result\":{\"resourceSpans\":[" + ResourceSpans(*trace, SIZE_MAX, HexId) + "]}}"};
  }
  return PageForPeople("v1.62.0");
}

// Up to 1.x and 2.20; VictoriaTraces.
inline HttpReply JaegerOldAnswer(const MadeStore& store, const HttpRequest& request) {
  if (request.path == "/api/services")
    return {200, fmt::format("{{\"data\":{},\"total\":1,\"errors\":null}}",
                             QuotedList(store.Services()))};
  if (request.path == "/api/traces") {
    if (request.Query("service").empty()) return {400, "parameter 'service' is required"};
    const auto found =
        store.Find(request.Query("service"), request.Number("start") * 1000,
                   request.Number("end") * 1000, static_cast<size_t>(request.Number("limit")));
    std::string text;
    for (const MadeTrace* trace : found) {
      std::string spans, processes;
      for (size_t i = 0; i < trace->services.size(); ++i) {
        spans += fmt::format(
            "{}{{\"traceID\":\"{:016x}\",\"spanID\":\"{:016x}\",\"operationName\":\"op\","
            "\"references\":[{}],\"startTime\":{},\"duration\":{},\"tags\":[],\"logs\":[],"
            "\"processID\":\"p{}\"}}",
            i > 0 ? "," : "", trace->id, trace->id * 100 + i + 1,
            i == 0 ? ""
                   : fmt::format("{{\"refType\":\"CHILD_OF\",\"traceID\":\"{:016x}\",\"spanID\":"
                                 "\"{:016x}\"}}",
                                 trace->id, trace->id * 100 + i),
            (trace->start_ns + static_cast<int64_t>(i) * trace->span_ns) / 1000,
            trace->span_ns / 1000, i);
        processes += fmt::format("{}\"p{}\":{{\"serviceName\":\"{}\",\"tags\":[]}}",
                                 i > 0 ? "," : "", i, trace->services[i]);
      }
      text += fmt::format(
          "{}{{\"traceID\":\"{:016x}\",\"spans\":[{}],\"processes\":{{{}}},"
          "\"warnings\":null}}",
          text.empty() ? "" : ",", trace->id, spans, processes);
    }
    return {200, "{\"data\":[" + text + "],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}"};
  }
  return PageForPeople("");
}

struct TempoWays {
  uint64_t most_limit = 262'144;
  int64_t most_range_s = 168 * 3600;
  bool stops_early = false;       // says completedJobs < totalJobs when a page is full
  bool second_version = true;     // knows /api/v2/traces
  std::vector<uint64_t> partial;  // ids
  std::vector<uint64_t> too_large;
  std::vector<uint64_t> gone;    // listed, and not there
  std::vector<uint64_t> narrow;  // with times only their first span is found
};

inline HttpReply TempoAnswer(const MadeStore& store, const TempoWays& ways,
                             const HttpRequest& request) {
  const auto in = [](const std::vector<uint64_t>& ids, uint64_t id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (request.path == "/api/status/buildinfo") return {200, "{\"version\":\"3.0.0\"}"};
  if (request.path == "/api/search") {
    const auto limit = static_cast<uint64_t>(request.Number("limit"));
    const int64_t start = request.Number("start"), end = request.Number("end");
    if (limit > ways.most_limit) {
      return {400,
              fmt::format("invalid limit: limit {} exceeds max limit {}", limit, ways.most_limit)};
    }
    if (end - start > ways.most_range_s) {
      return {400, fmt::format("range specified by start and end exceeds {}s. received start={} "
                               "end={}",
                               ways.most_range_s, start, end)};
    }
    std::string service = request.Query("q");
    const size_t quote = service.find('"');
    service =
        quote == service.npos ? "" : service.substr(quote + 1, service.rfind('"') - quote - 1);
    const auto found = store.Find(service, start * kSecondNs, end * kSecondNs, limit);
    std::string text;
    for (const MadeTrace* trace : found) {
      text += fmt::format(
          "{}{{\"traceID\":\"{:x}\",\"rootServiceName\":\"{}\",\"startTimeUnixNano\":\"{}\","
          "\"durationMs\":{},\"serviceStats\":{{\"x\":{{\"spanCount\":{},\"errorCount\":1}}}}}}",
          text.empty() ? "" : ",", trace->id, trace->services[0], trace->start_ns,
          trace->span_ns / 1'000'000 * static_cast<int64_t>(trace->services.size()),
          trace->services.size());
    }
    const bool early = ways.stops_early && found.size() == limit;
    return {200, fmt::format("{{\"traces\":[{}],\"metrics\":{{\"completedJobs\":{},\"totalJobs\":3"
                             "}}}}",
                             text, early ? 2 : 3)};
  }
  const bool second = request.path.starts_with("/api/v2/traces/");
  if (second && !ways.second_version) return {404, "404 page not found"};
  if (second || request.path.starts_with("/api/traces/")) {
    const std::string id = request.path.substr(request.path.rfind('/') + 1);
    const MadeTrace* trace = store.Get(id);
    if (trace == nullptr || in(ways.gone, trace->id)) {
      return second ? HttpReply{200, "{\"trace\":{},\"metrics\":{}}"} : HttpReply{404, ""};
    }
    if (in(ways.too_large, trace->id)) return {422, "Trace exceeds maximum size"};
    const bool partial = in(ways.partial, trace->id);
    const bool narrow = in(ways.narrow, trace->id) && request.Number("start") >= 0;
    const std::string spans = ResourceSpans(*trace, partial || narrow ? 1 : SIZE_MAX, Base64Id);
    if (!second) return {200, "{\"batches\":[" + spans + "]}"};
    return {200, "{\"trace\":{\"resourceSpans\":[" + spans + "]},\"metrics\":{}" +
                     (partial ? ",\"status\":\"PARTIAL\",\"message\":\"Trace exceeds maximum size\""
                              : "") +
                     "}"};
  }
  return {404, "404 page not found"};
}

inline HttpReply ZipkinAnswer(const MadeStore& store, const HttpRequest& request) {
  if (request.path == "/api/v2/services") return {200, QuotedList(store.Services())};
  if (request.path == "/info") return {200, "{\"zipkin\":{\"version\":\"3.5.1\"}}"};
  if (request.path == "/api/v2/traces") {
    const int64_t limit = request.Number("limit");
    if (limit <= 0) return {400, "limit <= 0"};
    const int64_t until = request.Number("endTs"), from = until - request.Number("lookback");
    const auto found = store.Find(request.Query("serviceName"), from * 1'000'000,
                                  until * 1'000'000 + 999'999, static_cast<size_t>(limit));
    std::string text;
    for (const MadeTrace* trace : found) {
      std::string spans;
      for (size_t i = 0; i < trace->services.size(); ++i) {
        spans += fmt::format(
            "{}{{\"traceId\":\"{:016x}\",\"id\":\"{:016x}\"{},\"kind\":\"SERVER\",\"name\":\"op\","
            "\"timestamp\":{},\"duration\":{},\"localEndpoint\":{{\"serviceName\":\"{}\"}}}}",
            i > 0 ? "," : "", trace->id, trace->id * 100 + i + 1,
            i == 0 ? "" : fmt::format(",\"parentId\":\"{:016x}\"", trace->id * 100 + i),
            (trace->start_ns + static_cast<int64_t>(i) * trace->span_ns) / 1000,
            trace->span_ns / 1000, trace->services[i]);
      }
      text += fmt::format("{}[{}]", text.empty() ? "" : ",", spans);
    }
    return {200, "[" + text + "]"};
  }
  return {404, ""};
}

}  // namespace plumbago::fetch
