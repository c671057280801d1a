#include "fetch/answers.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <unordered_map>

#include "fetch/json_slices.h"

namespace plumbago::fetch {
namespace {

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
int Digit64(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// A base64 text of exactly 16 bytes.
bool FromBase64(std::string_view text, TraceKey& key) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() != 22) return false;
  unsigned char bytes[17] = {};
  uint32_t bits = 0;
  int have = 0;
  size_t n = 0;
  for (const char c : text) {
    const int digit = Digit64(c);
    if (digit < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[n++] = static_cast<unsigned char>(bits >> have);
  }
  key = {};
  for (size_t i = 0; i < 8; ++i) key.hi = key.hi << 8 | bytes[i];
  for (size_t i = 8; i < 16; ++i) key.lo = key.lo << 8 | bytes[i];
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
    bool whole = true;
    const bool all = ForEachElement(array, [&](std::string_view resource) {
      whole = Resource(resource);
      return whole;
    });
    return all && whole;
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
  // Of each value of `key` in an object.
  template <class OnArray>
  static bool EachArray(std::string_view object, std::string_view key, std::string_view old_key,
                        OnArray&& on_array) {
    bool whole = true;
    const bool all = ForEachField(object, [&](std::string_view name, std::string_view value) {
      if ((name == key || name == old_key) && value != "null") whole = on_array(value);
      return whole;
    });
    return all && whole;
  }

  bool Resource(std::string_view resource) {
    ++resource_;
    if (!Others(resource, "scopeSpans", "instrumentationLibrarySpans", resource_text_))
      return false;
    return EachArray(resource, "scopeSpans", "instrumentationLibrarySpans",
                     [&](std::string_view scopes) {
                       bool whole = true;
                       const bool all = ForEachElement(scopes, [&](std::string_view scope) {
                         whole = Scope(scope);
                         return whole;
                       });
                       return all && whole;
                     });
  }
  bool Scope(std::string_view scope) {
    ++scope_;
    if (!Others(scope, "spans", "spans", scope_text_)) return false;
    return EachArray(scope, "spans", "spans", [&](std::string_view spans) {
      bool whole = true;
      const bool all = ForEachElement(spans, [&](std::string_view span) {
        whole = Span(span);
        return whole;
      });
      return all && whole;
    });
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
  bool whole = true;
  const bool all = ForEachField(text, [&](std::string_view key, std::string_view value) {
    if (key == "traceID") id = BareText(value);
    if (key != "spans" || value == "null") return true;
    whole = ForEachElement(value, [&](std::string_view span) {
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
    return whole;
  });
  if (!all || !whole) return false;
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

std::string IdText(std::string_view id, const TraceKey& key) {
  TraceKey again;
  const bool hex = !id.empty() && id.size() <= 32 &&
                   std::all_of(id.begin(), id.end(), [](char c) { return Digit(c) >= 0; });
  if (hex || FromBase64(id, again)) return fmt::format("{:016x}{:016x}", key.hi, key.lo);
  return std::string(id);
}

}  // namespace

TraceKey KeyOf(std::string_view id) {
  TraceKey key;
  if (!id.empty() && id.size() <= 32 &&
      std::all_of(id.begin(), id.end(), [](char c) { return Digit(c) >= 0; })) {
    for (const char c : id) {
      key.hi = key.hi << 4 | key.lo >> 60;
      key.lo = key.lo << 4 | static_cast<uint64_t>(Digit(c));
    }
    return key;
  }
  if (FromBase64(id, key)) return key;
  const XXH128_hash_t hash = XXH3_128bits(id.data(), id.size());
  return {hash.high64, hash.low64};
}

bool ReadOtlp(std::string_view body, Answer& answer) {
  OtlpTraces traces(answer, body.size());
  bool known = false;
  bool whole = true;
  // An object that holds resourceSpans itself, or one that does.
  const auto holder = [&](std::string_view object) {
    bool inner = true;
    const bool all = ForEachField(object, [&](std::string_view key, std::string_view value) {
      if (key == "resourceSpans" || key == "batches") {
        known = true;
        if (value != "null") inner = traces.Resources(value);
      } else if (key == "status") {
        answer.partial |= BareText(value) == "PARTIAL";
      }
      return inner;
    });
    return all && inner;
  };
  const bool all = ForEachValue(body, [&](std::string_view object) {
    bool inner = true;
    const bool fields = ForEachField(object, [&](std::string_view key, std::string_view value) {
      if (key == "result" || key == "trace") {
        known = true;  // {"trace":{}}: nothing found
        if (value != "null") inner = holder(value);
      }
      return inner;
    });
    whole = fields && inner && holder(object);
    return whole;
  });
  traces.Finish();
  return all && whole && known;
}

bool ReadJaeger(std::string_view body, Answer& answer) {
  bool known = false;
  bool whole = true;
  const bool all = ForEachField(body, [&](std::string_view key, std::string_view value) {
    if (key == "errors") {
      answer.partial |= value.starts_with('[') && SkipBlanks(value, 1) + 1 < value.size();
    }
    if (key != "data") return true;
    known = true;
    if (value == "null") return true;
    const bool elements = ForEachElement(value, [&](std::string_view trace) {
      whole = ReadJaegerTrace(trace, answer);
      return whole;
    });
    whole = whole && elements;
    return whole;
  });
  return all && whole && known;
}

bool ReadZipkin(std::string_view body, Answer& answer) {
  const size_t begin = SkipBlanks(body, 0);
  const size_t inner = SkipBlanks(body, std::min(begin + 1, body.size()));
  if (inner < body.size() && body[inner] == '{') return ReadZipkinTrace(body, answer);
  bool whole = true;
  const bool all = ForEachElement(body, [&](std::string_view trace) {
    whole = ReadZipkinTrace(trace, answer);
    return whole;
  });
  return all && whole;
}

bool ReadTempoSearch(std::string_view body, Answer& answer) {
  bool known = false;
  bool whole = true;
  uint64_t jobs = 0, jobs_done = 0;
  const bool all = ForEachField(body, [&](std::string_view key, std::string_view value) {
    if (key == "metrics") {
      known = true;
      ForEachField(value, [&](std::string_view name, std::string_view v) {
        if (name == "totalJobs") jobs = Natural(v);
        if (name == "completedJobs") jobs_done = Natural(v);
        return true;
      });
    }
    if (key == "status") answer.partial |= BareText(value) == "PARTIAL";
    if (key != "traces") return true;
    known = true;
    if (value == "null") return true;
    whole = ForEachElement(value, [&](std::string_view trace) {
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
      if (id.empty()) return true;
      listed.key = KeyOf(id);
      listed.id = IdText(id, listed.key);
      answer.listed.push_back(std::move(listed));
      return true;
    });
    return whole;
  });
  answer.cut_short = jobs_done < jobs;
  return all && whole && known;
}

bool ReadSummaries(std::string_view body, Answer& answer) {
  bool known = false;
  bool whole = true;
  const bool all = ForEachField(body, [&](std::string_view key, std::string_view value) {
    if (key != "summaries") return true;
    known = true;
    if (value == "null") return true;
    whole = ForEachElement(value, [&](std::string_view summary) {
      ListedTrace listed;
      std::string_view id;
      ForEachField(summary, [&](std::string_view name, std::string_view v) {
        if (name == "traceId") id = BareText(v);
        if (name == "spanCount") listed.spans = Natural(v);
        if (name == "minStartTimeUnixNano") listed.start_ns = WholeNumber(v).value_or(kNoMoment);
        return true;
      });
      if (id.empty()) return true;
      listed.key = KeyOf(id);
      listed.id = IdText(id, listed.key);
      answer.listed.push_back(std::move(listed));
      return true;
    });
    return whole;
  });
  return all && whole && known;
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
