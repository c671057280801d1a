// For tests: a set of damaged traces with planted truth (the data README describes both files), and
// the score of an answer.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/archive.h"
#include "graph/row.h"
#include "model/names.h"

namespace plumbago::graph::testing {

inline std::string DataFolder() {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return folder != nullptr ? folder : "../shared/data";
}

inline std::optional<std::string> ReadWhole(const std::string& path) {
  auto archive = Archive::Open(path);
  if (!archive || !(*archive)->Next().value_or(false)) return std::nullopt;
  std::string text;
  for (;;) {
    const size_t size = text.size();
    text.resize(size + (1 << 20));
    const auto read = (*archive)->Read(text.data() + size, 1 << 20);
    if (!read) return std::nullopt;
    text.resize(size + *read);
    if (*read == 0) return text;
  }
}

// Cells of the lines of a text without quotes; the header is the first.
inline std::vector<std::vector<std::string_view>> Cells(std::string_view text) {
  std::vector<std::vector<std::string_view>> lines;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto& cells = lines.emplace_back();
    for (;;) {
      const size_t comma = line.find(',');
      cells.push_back(line.substr(0, comma));
      if (comma == std::string_view::npos) break;
      line.remove_prefix(comma + 1);
    }
  }
  return lines;
}

struct PlantedRow {
  uint32_t number = 0;  // 1-based data row
  std::string call;
  std::string parent;  // empty: an entry call
};

struct DamagedTrace {
  model::TraceId id;
  std::string kind;  // damage kind: "none", one kind, or "several"
  std::vector<Row> rows;
  std::vector<PlantedRow> planted;  // by row
  std::set<std::string> calls_with_rows;
};

struct DamagedSet {
  model::Names names;
  std::deque<std::string> texts;
  std::deque<model::Call> calls;
  std::vector<DamagedTrace> traces;
};

inline bool IsMissing(std::string_view text) {
  static const std::set<std::string_view> kMissing = {
      "",    "(?)", "UNKNOWN", "UNAVAILABLE", "USER", "NAN",  "NaN",
      "nan", "NA",  "N/A",     "n/a",         "NULL", "null", "None"};
  return kMissing.contains(text);
}

// Adds the traces of a file of rows (`old`: the release of 2021) to `set`. False: it is not there.
inline bool ReadTraces(const std::string& path, bool old, DamagedSet& set,
                       std::vector<std::pair<size_t, size_t>>& place) {
  auto rows = ReadWhole(path);
  if (!rows) return false;
  const std::string& text = set.texts.emplace_back(std::move(*rows));
  const auto lines = Cells(text);
  std::map<std::string_view, size_t> column;
  for (size_t i = 0; i < lines[0].size(); ++i) column[lines[0][i]] = i;
  std::map<std::string, size_t> trace_of;
  place.assign(lines.size(), {SIZE_MAX, 0});
  for (uint32_t r = 1; r < lines.size(); ++r) {
    const auto cell = [&](const char* name) {
      const auto at = column.find(name);
      return at == column.end() || at->second >= lines[r].size() ? std::string_view()
                                                                 : lines[r][at->second];
    };
    const std::string_view id = cell(old ? "rpcid" : "rpc_id");
    std::string& code = set.texts.emplace_back();
    if (id.empty() || cell("traceid").empty() || model::EncodePath(id, code) == 0) continue;
    model::Call call;
    const std::string_view rt = cell("rt");
    if (!IsMissing(rt) || rt == "None") {
      double ms = 0;
      const auto [end, error] = std::from_chars(rt.data(), rt.data() + rt.size(), ms);
      if (error != std::errc() || end != rt.data() + rt.size()) continue;  // not a usable row
      call.duration_ns = static_cast<int64_t>(std::abs(ms) * 1e6);
      if (old && ms != 0) call.side = ms > 0 ? model::Side::kClient : model::Side::kServer;
    }
    const std::string_view time = cell("timestamp");
    int64_t start = 0;
    if (std::from_chars(time.data(), time.data() + time.size(), start).ec != std::errc()) continue;
    call.start_ns = start * 1'000'000;
    const auto name = [&](const char* what) {
      return IsMissing(cell(what)) ? std::string_view() : cell(what);
    };
    call.caller = set.names.Service(name("um"));
    call.callee = set.names.Service(name("dm"));
    call.operation = set.names.Operation(name("interface"));
    call.caller_instance = set.names.Instance(name("uminstanceid"));
    call.callee_instance = set.names.Instance(name("dminstanceid"));
    call.from_user = cell("um") == "USER";
    const std::string_view kind = cell("rpctype");
    call.kind = kind == "rpc"     ? model::Kind::kRpc
                : kind == "http"  ? model::Kind::kHttp
                : kind == "mq"    ? model::Kind::kMessage
                : kind == "db"    ? model::Kind::kDatabase
                : kind == "mc"    ? model::Kind::kCache
                : IsMissing(kind) ? model::Kind::kUnknown
                                  : model::Kind::kOther;
    call.origin.line = r;
    const std::string trace(cell("traceid"));
    call.trace = model::TraceId::Parse(trace);
    const auto [at, fresh] = trace_of.emplace(trace, set.traces.size());
    if (fresh) set.traces.emplace_back().id = call.trace;
    DamagedTrace& into = set.traces[at->second];
    place[r] = {at->second, into.rows.size()};
    into.rows.push_back({&set.calls.emplace_back(call), code});
    into.planted.push_back({r, {}, {}});
  }
  return true;
}

// `year`: "2021" or "2022". Null: the files are not there.
inline std::unique_ptr<DamagedSet> ReadDamagedSet(const std::string& year) {
  const std::string base = DataFolder() + "/alibaba/gen-" + year + "-damaged";
  auto truth = ReadWhole(base + ".truth.csv.zst");
  auto result = std::make_unique<DamagedSet>();
  DamagedSet& set = *result;
  std::vector<std::pair<size_t, size_t>> place;  // by row: trace, row in it
  if (!truth || !ReadTraces(base + ".csv.zst", year == "2021", set, place)) return nullptr;
  std::map<std::string, size_t> trace_of;
  for (size_t i = 0; i < set.traces.size(); ++i) trace_of.emplace(set.traces[i].id.Text(), i);
  std::map<std::string, std::set<std::string>> kinds;
  for (const auto& line : Cells(*truth)) {
    if (line[0] == "traceid") continue;
    const std::string trace(line[0]);
    auto& trace_kinds = kinds[trace];
    for (std::string_view list = line[6]; !list.empty();) {
      const std::string_view kind = list.substr(0, list.find(' '));
      if (!kind.empty()) trace_kinds.emplace(kind);
      list.remove_prefix(std::min(list.size(), kind.size() + 1));
    }
    const auto row = static_cast<size_t>(std::atoi(std::string(line[1]).c_str()));
    const auto at = trace_of.find(trace);
    if (row == 0 || at == trace_of.end() || place[row].first == SIZE_MAX) continue;
    DamagedTrace& into = set.traces[place[row].first];
    into.planted[place[row].second].call = line[7];
    into.planted[place[row].second].parent = line[8];
    into.calls_with_rows.emplace(line[7]);
  }
  for (const auto& [trace, index] : trace_of) {
    const auto& some = kinds[trace];
    set.traces[index].kind = some.empty() ? "none" : some.size() > 1 ? "several" : *some.begin();
  }
  return result;
}

struct LinkScore {
  uint64_t given = 0, right = 0, planted = 0;
  double precision() const {
    return given == 0 ? 1 : static_cast<double>(right) / static_cast<double>(given);
  }
  double recall() const {
    return planted == 0 ? 1 : static_cast<double>(right) / static_cast<double>(planted);
  }
};

struct GivenCaller {
  bool inserted = false;
  uint32_t row = UINT32_MAX;  // of the trace; UINT32_MAX: none given
};

// One row's answer, by the definition of the repair log.
inline void ScoreRow(const DamagedTrace& trace, size_t row, const GivenCaller& given,
                     LinkScore& score) {
  const std::string& parent = trace.planted[row].parent;
  score.planted += parent.empty() ? 0 : 1;
  if (!given.inserted && given.row == UINT32_MAX) return;
  ++score.given;
  if (parent.empty()) return;
  score.right += given.inserted ? !trace.calls_with_rows.contains(parent)
                                : trace.planted[given.row].call == parent;
}

}  // namespace plumbago::graph::testing
