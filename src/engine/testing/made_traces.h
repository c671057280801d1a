// For tests: small made-up traces as files of either Alibaba release, in the order of time, with
// damage; and what is true of them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/testing/dice.h"

namespace plumbago::engine::testing {

struct MadeLine {
  std::string text;
  uint64_t trace = 0;
  int64_t start_ms = 0;
  int64_t end_ms = 0;
  bool row = true;  // false: malformed
};

struct MadeTraces {
  std::string header;
  std::vector<MadeLine> lines;  // by start

  std::string File(std::span<const MadeLine> some) const {
    std::string text = header;
    for (const MadeLine& line : some) text += line.text + "\n";
    return text;
  }
  std::string File() const { return File(lines); }
};

// `span_ms`: the traces begin within it.
class TraceMaker {
 public:
  TraceMaker(Dice& dice, bool of_2021, int64_t span_ms)
      : dice_(dice), of_2021_(of_2021), span_ms_(span_ms) {}

  MadeTraces Make(uint64_t traces) {
    MadeTraces made;
    made.header = of_2021_ ? "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n"
                           : "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,"
                             "dm,dminstanceid,rt\n";
    for (uint64_t i = 0; i < traces; ++i) AddTrace(i, made.lines);
    std::sort(made.lines.begin(), made.lines.end(), [](const MadeLine& x, const MadeLine& y) {
      return std::tie(x.start_ms, x.text) < std::tie(y.start_ms, y.text);
    });
    return made;
  }

 private:
  struct Row {
    std::string id, caller, callee, operation;
    const char* kind = "rpc";
    int64_t start_ms = 0, duration_ms = 0;
    bool by_callee = false;
    bool timed = true;  // has a duration
  };

  std::string Service() { return fmt::format("S{}", dice_.Below(1 + dice_.Below(9))); }

  std::vector<Row> Tree() {
    constexpr std::array kKinds = {"rpc", "http", "mc", "db", "mq", "userDefined"};
    const int64_t begin = 1000 + dice_.Upto(span_ms_);
    const int64_t longest = dice_.Once(6) ? 20'000 : 400;
    std::vector<Row> rows{
        {"0", "", Service(), "entry", "http", begin, dice_.Upto(longest), true, true}};
    struct Caller {
      std::string id, service;
      int64_t start;
      int callees = 0;
    };
    std::vector<Caller> callers{{"0", rows[0].callee, begin}};
    for (uint64_t i = dice_.Below(10); i > 0; --i) {
      Caller& caller = callers[dice_.Below(callers.size())];
      Row row{fmt::format("{}.{}", caller.id, ++caller.callees),
              caller.service,
              Service(),
              dice_.Once(4) ? "" : fmt::format("op{}", dice_.Below(5)),
              kKinds[dice_.Below(kKinds.size())],
              caller.start + dice_.Upto(longest / 4),
              dice_.Upto(longest / 2),
              false,
              !dice_.Once(15)};
      rows.push_back(row);
      if (row.kind[0] == 'm' || row.kind[0] == 'd') continue;
      callers.push_back({row.id, row.callee, row.start_ms});
      row.by_callee = true;
      row.start_ms += dice_.Upto(1);
      rows.push_back(row);
    }
    return rows;
  }

  void Damage(std::vector<Row>& rows) {
    for (uint64_t i = dice_.Once(2) ? dice_.Below(4) : 0; i > 0; --i) {
      const size_t at = dice_.Below(rows.size());
      switch (dice_.Below(5)) {
        case 0:
          if (rows.size() > 1) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 1:
          rows.push_back(rows[at]);
          break;
        case 2:
          rows[at].id = rows[dice_.Below(rows.size())].id;
          break;
        case 3:
          rows[at].caller.clear();
          break;
        default:
          rows[at].callee.clear();
          break;
      }
    }
  }

  std::string Text(uint64_t trace, int64_t birth_ms, const Row& row) const {
    const auto name = [](const std::string& text, const char* missing) {
      return text.empty() ? missing : text.c_str();
    };
    if (of_2021_) {
      const std::string rt =
          row.timed ? fmt::format("{}{}", row.by_callee ? "-" : "", row.duration_ms) : "";
      return fmt::format("0b000000{:013}{:09x},{},{},{},{},{},{},{}", 1'591'923'600'000 + birth_ms,
                         trace, row.start_ms, row.id, name(row.caller, "(?)"), row.kind,
                         name(row.callee, "(?)"), row.operation, rt);
    }
    return fmt::format("{},T_{},entry{},{},{},{},{}_POD_{},{},{},{}_POD_1,{}", row.start_ms, trace,
                       trace % 4, row.id, row.kind, name(row.caller, "UNKNOWN"),
                       name(row.caller, "X"), row.by_callee ? 1 : 0, row.operation,
                       name(row.callee, "UNKNOWN"), name(row.callee, "X"),
                       row.timed ? fmt::format("{}.0", row.duration_ms) : "");
  }

  void AddTrace(uint64_t number, std::vector<MadeLine>& lines) {
    std::vector<Row> rows = Tree();
    // Some ids were made long before the first row: what came between is lost or lies before the
    // data, or they are reused.
    const int64_t birth_ms = rows[0].start_ms -
                             (dice_.Once(3) ? dice_.Upto(dice_.Once(2) ? 900 : 60'000) : 0) -
                             (dice_.Once(20) ? 9'000'000 : 0);
    Damage(rows);
    for (const Row& row : rows) {
      lines.push_back({Text(number, birth_ms, row), number, row.start_ms,
                       row.start_ms + (row.timed ? row.duration_ms : 0)});
    }
    if (dice_.Once(9)) lines.push_back({"broken,line", 0, rows[0].start_ms, 0, false});
  }

  Dice& dice_;
  bool of_2021_;
  int64_t span_ms_;
};

// Lines of one file of several, or all.
using Piece = std::vector<MadeLine>;

// Cut at `cuts` random lines, so that each piece has a row.
inline std::vector<Piece> CutAnywhere(const std::vector<MadeLine>& lines, uint64_t cuts,
                                      Dice& dice) {
  std::vector<bool> cut(lines.size(), false);
  for (; cuts > 0; --cuts) cut[dice.Below(lines.size())] = true;
  std::vector<Piece> pieces(1);
  bool any_row = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool more_rows = std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.end(),
                                       [](const MadeLine& line) { return line.row; });
    if (cut[i] && any_row && more_rows) {
      pieces.emplace_back();
      any_row = false;
    }
    any_row |= lines[i].row;
    pieces.back().push_back(lines[i]);
  }
  return pieces;
}

// Dealt like cards, at random; no piece without a row.
inline std::vector<Piece> Dealt(const std::vector<MadeLine>& lines, uint64_t pieces, Dice& dice) {
  std::vector<Piece> dealt(pieces);
  for (const MadeLine& line : lines) dealt[dice.Below(pieces)].push_back(line);
  Piece homeless;
  std::erase_if(dealt, [&](const Piece& piece) {
    if (std::any_of(piece.begin(), piece.end(), [](const MadeLine& l) { return l.row; })) {
      return false;
    }
    homeless.insert(homeless.end(), piece.begin(), piece.end());
    return true;
  });
  dealt.front().insert(dealt.front().end(), homeless.begin(), homeless.end());
  return dealt;
}

// Traces that lie in several pieces, and that a state of one of them closes, as its first and last
// rows lie `window_ms` or more inside.
inline uint64_t ClosedTooEarly(const std::vector<Piece>& pieces, int64_t window_ms) {
  struct Trace {
    int in_pieces = 0;
    bool closed = false;
  };
  std::map<uint64_t, Trace> traces;
  for (const Piece& piece : pieces) {
    int64_t first = INT64_MAX, last = INT64_MIN;
    std::map<uint64_t, std::pair<int64_t, int64_t>> here;
    for (const MadeLine& line : piece) {
      if (!line.row) continue;
      first = std::min(first, line.start_ms);
      last = std::max(last, line.start_ms);
      const auto [at, added] = here.try_emplace(line.trace, line.start_ms, line.end_ms);
      at->second.first = std::min(at->second.first, line.start_ms);
      at->second.second = std::max(at->second.second, line.end_ms);
    }
    for (const auto& [trace, span] : here) {
      ++traces[trace].in_pieces;
      traces[trace].closed |= span.first >= first + window_ms && span.second <= last - window_ms;
    }
  }
  return static_cast<uint64_t>(std::count_if(traces.begin(), traces.end(), [](const auto& trace) {
    return trace.second.in_pieces > 1 && trace.second.closed;
  }));
}

}  // namespace plumbago::engine::testing
