#include "fetch/answers.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <unordered_map>

#include "fetch/json_slices.h"
#include "formats/json/any_value.h"
#include "formats/json/pool.h"

namespace plumbago::fetch {
namespace {

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
// Up to 32 hex digits.
bool FromHex(std::string_view text, TraceKey& key) {
  if (text.empty() || text.size() > 32) return false;
  key = {};
  for (const char c : text) {
    const int digit = Digit(c);
    if (digit < 0) return false;
    key.hi = key.hi << 4 | key.lo >> 60;
    key.lo = key.lo << 4 | static_cast<uint64_t>(digit);
  }
  return true;
}

// A base64 text of exactly 16 bytes.
bool FromBase64(std::string_view text, TraceKey& key) {
  static thread_local formats::json::TextArena arena;
  arena.Clear();
  std::string_view bytes;
  if (!formats::json::DecodeBase64(text, arena, bytes) || bytes.size() != 16) return false;
  key = {};
  for (const char byte : bytes) {
    key.hi = key.hi << 8 | key.lo >> 56;
    key.lo = key.lo << 8 | static_cast<uint8_t>(byte);
  }
  return true;
}

void Widen(GotTrace& trace, std::optional<int64_t> start, std::optional<int64_t> end) {
  ++trace.spans;
  if (!start) return;
  if (trace.first_ns == kNoMoment || *start < trace.first_ns) trace.first_ns = *start;
  trace.last_ns = std::max(trace.last_ns, std::max(*start, end.value_or(*start)));
}

std::optional<int64_t> Micros(std::string_view value) {
  const auto us = WholeNumber(value);
  if (!us || *us > INT64_MAX / 2000 || *us < INT64_MIN / 2000) return std::nullopt;
  return *us * 1000;
}
std::optional<int64_t> EndOf(std::optional<int64_t> start, std::optional<int64_t> duration) {
  if (!start || !duration) return start;
  return *start + *duration;  // each below 2^62
}

// Traces out of resourceSpans: each becomes a document of its own, with the resources and scopes of
// its spans.
class OtlpTraces {
 public:
  OtlpTraces(Answer& answer, size_t body_bytes)
      : answer_(answer), most_copied_(kMostCopies * body_bytes + (1u << 20)) {}

  bool Resources(std::string_view array) {
    return ForEachElement(array, [&](std::string_view resource) { return Resource(resource); });
  }
  void Finish() {
    for (size_t i = 0; i < places_.size(); ++i) Close(i);
  }

 private:
  struct Place {
    uint64_t resource = 0, scope = 0;  // that are open in its text; 0: none
  };

  // Fields of an object but `but`: "\"resource\":{..},".
  static bool Others(std::string_view object, std::string_view but, std::string_view old_but,
                     std::string& out) {
    out.clear();
    return ForEachField(object, [&](std::string_view key, std::string_view value) {
      if (key == but || key == old_but) return true;
      out += '"';
      AppendOnOneLine(key, out);
      out += "\":";
      AppendOnOneLine(value, out);
      out += ',';
      return true;
    });
  }
  // Of each element of each array `key` in an object.
  template <class OnElement>
  static bool EachIn(std::string_view object, std::string_view key, std::string_view old_key,
                     OnElement&& on_element) {
    return ForEachField(object, [&](std::string_view name, std::string_view value) {
      return (name != key && name != old_key) || value == "null" ||
             ForEachElement(value, on_element);
    });
  }

  bool Resource(std::string_view resource) {
    ++resource_;
    if (!Others(resource, "scopeSpans", "instrumentationLibrarySpans", resource_text_))
      return false;
    return EachIn(resource, "scopeSpans", "instrumentationLibrarySpans",
                  [&](std::string_view scope) { return Scope(scope); });
  }
  bool Scope(std::string_view scope) {
    ++scope_;
    if (!Others(scope, "spans", "spans", scope_text_)) return false;
    return EachIn(scope, "spans", "spans", [&](std::string_view span) { return Span(span); });
  }
  bool Span(std::string_view span) {
    std::string_view id;
    std::optional<int64_t> start, end;
    const bool whole = ForEachField(span, [&](std::string_view key, std::string_view value) {
      if (key == "traceId" || key == "trace_id") id = BareText(value);
      if (key == "startTimeUnixNano" || key == "start_time_unix_nano") start = WholeNumber(value);
      if (key == "endTimeUnixNano" || key == "end_time_unix_nano") end = WholeNumber(value);
      return true;
    });
    if (!whole) return false;
    const TraceKey key = KeyOf(id);
    const auto [found, is_new] = index_.try_emplace(key, places_.size());
    const size_t at = found->second;
    if (is_new) {
      places_.emplace_back();
      answer_.traces.emplace_back().key = key;
    }
    GotTrace& trace = answer_.traces[first_ + at];
    Widen(trace, start, end);
    if (!Open(at, trace.text)) return false;
    AppendOnOneLine(span, trace.text);
    return true;
  }
  // Behind it the next span may stand. False: resources and scopes were copied too often.
  bool Open(size_t at, std::string& text) {
    Place& place = places_[at];
    if (place.scope == scope_) {
      text += ',';
      return true;
    }
    copied_ += scope_text_.size() + (place.resource == resource_ ? 0 : resource_text_.size());
    if (copied_ > most_copied_) return false;
    if (place.scope != 0) text += "]}";
    if (place.resource == resource_) {
      text += ',';
    } else {
      text += place.resource == 0 ? "{\"resourceSpans\":[" : "]},";
      text += '{';
      text += resource_text_;
      text += "\"scopeSpans\":[";
    }
    text += '{';
    text += scope_text_;
    text += "\"spans\":[";
    place = {resource_, scope_};
    return true;
  }
  void Close(size_t at) {
    if (places_[at].scope != 0) answer_.traces[first_ + at].text += "]}]}]}\n";
  }

  // A huge resource with a million traces in it is no answer that a server gives.
  static constexpr size_t kMostCopies = 8;

  Answer& answer_;
  size_t most_copied_;
  size_t copied_ = 0;
  const size_t first_ = answer_.traces.size();
  std::unordered_map<TraceKey, size_t, TraceKeyHash> index_;
  std::vector<Place> places_;
  uint64_t resource_ = 0, scope_ = 0;
  std::string resource_text_, scope_text_;
};

// One trace of Jaeger's old API.
bool ReadJaegerTrace(std::string_view text, Answer& answer) {
  GotTrace trace;
  std::string_view id;
  const bool whole = ForEachField(text, [&](std::string_view key, std::string_view value) {
    if (key == "traceID") id = BareText(value);
    if (key != "spans" || value == "null") return true;
    return ForEachElement(value, [&](std::string_view span) {
      std::optional<int64_t> start, duration;
      std::string_view own_id;
      ForEachField(span, [&](std::string_view name, std::string_view v) {
        if (name == "startTime") start = Micros(v);
        if (name == "duration") duration = Micros(v);
        if (name == "traceID") own_id = BareText(v);
        return true;
      });
      if (id.empty()) id = own_id;
      Widen(trace, start, EndOf(start, duration));
      return true;
    });
  });
  if (!whole) return false;
  if (trace.spans == 0) return true;
  trace.key = KeyOf(id);
  trace.text = "{\"data\":[";
  AppendOnOneLine(text, trace.text);
  trace.text += "]}\n";
  answer.traces.push_back(std::move(trace));
  return true;
}

bool ReadZipkinTrace(std::string_view array, Answer& answer) {
  GotTrace trace;
  std::string_view id;
  const bool whole = ForEachElement(array, [&](std::string_view span) {
    std::optional<int64_t> start, duration;
    ForEachField(span, [&](std::string_view key, std::string_view value) {
      if (key == "timestamp") start = Micros(value);
      if (key == "duration") duration = Micros(value);
      // Some spans of a trace may say its id short, where the server is not strict.
      if (key == "traceId" && BareText(value).size() > id.size()) id = BareText(value);
      return true;
    });
    Widen(trace, start, EndOf(start, duration));
    return true;
  });
  if (!whole) return false;
  if (trace.spans == 0) return true;
  trace.key = KeyOf(id);
  AppendOnOneLine(array, trace.text);
  trace.text += '\n';
  answer.traces.push_back(std::move(trace));
  return true;
}

uint64_t Natural(std::string_view value) {
  return static_cast<uint64_t>(std::max<int64_t>(0, WholeNumber(value).value_or(0)));
}

// One of a list; left out where it has no id.
void AddListed(std::string_view id, ListedTrace listed, Answer& answer) {
  if (id.empty()) return;
  TraceKey number;
  const bool is_number = FromHex(id, number) || FromBase64(id, number);
  listed.key = is_number ? number : KeyOf(id);
  listed.id = is_number ? fmt::format("{:016x}{:016x}", number.hi, number.lo) : std::string(id);
  answer.listed.push_back(std::move(listed));
}

// Of each element of the array `key`, null being an empty one; on_other(key, value) for the other
// fields, true if one says as well as the array what answer this is. False: no field says so, or
// the body is not whole.
template <class OnElement, class OnOther>
bool ReadList(std::string_view body, std::string_view key, OnElement&& on_element,
              OnOther&& on_other) {
  bool known = false;
  const bool whole = ForEachField(body, [&](std::string_view name, std::string_view value) {
    if (name != key) {
      known |= on_other(name, value);
      return true;
    }
    known = true;
    return value == "null" || ForEachElement(value, on_element);
  });
  return whole && known;
}

}  // namespace

TraceKey KeyOf(std::string_view id) {
  TraceKey key;
  if (FromHex(id, key) || FromBase64(id, key)) return key;
  const XXH128_hash_t hash = XXH3_128bits(id.data(), id.size());
  return {hash.high64, hash.low64};
}

bool ReadOtlp(std::string_view body, Answer& answer) {
  OtlpTraces traces(answer, body.size());
  bool known = false;
  // An object that holds resourceSpans itself, or one that does.
  const auto holder = [&](std::string_view object) {
    return ForEachField(object, [&](std::string_view key, std::string_view value) {
      if (key == "status") answer.partial |= BareText(value) == "PARTIAL";
      if (key != "resourceSpans" && key != "batches") return true;
      known = true;
      return value == "null" || traces.Resources(value);
    });
  };
  const bool whole = ForEachValue(body, [&](std::string_view object) {
    const bool inner = ForEachField(object, [&](std::string_view key, std::string_view value) {
      if (key != "result" && key != "trace") return true;
      known = true;  // {"trace":{}}: nothing found
      return value == "null" || holder(value);
    });
    return inner && holder(object);
  });
  traces.Finish();
  return whole && known;
}

bool ReadJaeger(std::string_view body, Answer& answer) {
  return ReadList(
      body, "data", [&](std::string_view trace) { return ReadJaegerTrace(trace, answer); },
      [&](std::string_view key, std::string_view value) {
        if (key == "errors")
          answer.partial |= value.starts_with('[') && SkipBlanks(value, 1) + 1 < value.size();
        return false;
      });
}

bool ReadZipkin(std::string_view body, Answer& answer) {
  const size_t begin = SkipBlanks(body, 0);
  const size_t inner = SkipBlanks(body, std::min(begin + 1, body.size()));
  if (inner < body.size() && body[inner] == '{') return ReadZipkinTrace(body, answer);
  return ForEachElement(body,
                        [&](std::string_view trace) { return ReadZipkinTrace(trace, answer); });
}

bool ReadTempoSearch(std::string_view body, Answer& answer) {
  uint64_t jobs = 0, jobs_done = 0;
  const auto on_trace = [&](std::string_view trace) {
    ListedTrace listed;
    std::string_view id;
    ForEachField(trace, [&](std::string_view name, std::string_view v) {
      if (name == "traceID") id = BareText(v);
      if (name == "startTimeUnixNano") listed.start_ns = WholeNumber(v).value_or(kNoMoment);
      if (name == "durationMs") {
        listed.duration_ns =
            static_cast<int64_t>(std::min<uint64_t>(Natural(v), 1'000'000'000'000) * 1'000'000);
      }
      if (name == "serviceStats") {
        ForEachField(v, [&](std::string_view, std::string_view stats) {
          ForEachField(stats, [&](std::string_view what, std::string_view count) {
            if (what == "spanCount") listed.spans += Natural(count);
            return true;
          });
          return true;
        });
      }
      return true;
    });
    AddListed(id, std::move(listed), answer);
    return true;
  };
  const auto on_other = [&](std::string_view key, std::string_view value) {
    if (key == "status") answer.partial |= BareText(value) == "PARTIAL";
    if (key != "metrics") return false;
    ForEachField(value, [&](std::string_view name, std::string_view v) {
      if (name == "totalJobs") jobs = Natural(v);
      if (name == "completedJobs") jobs_done = Natural(v);
      return true;
    });
    return true;
  };
  const bool whole = ReadList(body, "traces", on_trace, on_other);
  answer.cut_short = jobs_done < jobs;
  return whole;
}

bool ReadSummaries(std::string_view body, Answer& answer) {
  const auto on_summary = [&](std::string_view summary) {
    ListedTrace listed;
    std::string_view id;
    ForEachField(summary, [&](std::string_view name, std::string_view v) {
      if (name == "traceId") id = BareText(v);
      if (name == "spanCount") listed.spans = Natural(v);
      if (name == "minStartTimeUnixNano") listed.start_ns = WholeNumber(v).value_or(kNoMoment);
      return true;
    });
    AddListed(id, std::move(listed), answer);
    return true;
  };
  return ReadList(body, "summaries", on_summary,
                  [](std::string_view, std::string_view) { return false; });
}

std::optional<std::vector<std::string>> ReadNames(std::string_view body, std::string_view key) {
  std::vector<std::string> names;
  bool known = false;
  const auto read = [&](std::string_view array) {
    known = array == "null" || ForEachElement(array, [&](std::string_view name) {
              names.push_back(TextOf(name));
              return true;
            });
  };
  if (key.empty()) {
    read(body);
  } else {
    const bool whole = ForEachField(body, [&](std::string_view name, std::string_view value) {
      if (name == key) read(value);
      return true;
    });
    known = known && whole;
  }
  if (!known) return std::nullopt;
  std::erase(names, "");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string Excerpt(std::string_view body) {
  constexpr size_t kMost = 120;
  std::string out;
  for (const char c : body) {
    if (out.size() >= kMost) break;
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c < ' ' || c > '~' ? '?' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace plumbago::fetch
