// For tests: rows of one trace written as text, one a line:
//
//   id caller callee kind start rt [operation] [caller instance] [callee instance]
//
// Times in ms; the sign of rt is the side, as in 2021; "~5" has no side, as in 2022. "-" is a
// missing name, "USER" the user.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "graph/row.h"
#include "model/names.h"

namespace plumbago::graph::testing {

class TextRows {
 public:
  explicit TextRows(std::string_view text) { Add(text); }
  TextRows() = default;

  void Add(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string id, caller, callee, kind, start, rt, operation, caller_instance, callee_instance;
      if (!(words >> id >> caller >> callee >> kind >> start >> rt)) continue;
      words >> operation >> caller_instance >> callee_instance;
      model::Call call;
      call.from_user = caller == "USER";
      const auto name = [](const std::string& word) {
        return word == "-" || word == "USER" ? std::string_view() : std::string_view(word);
      };
      call.caller = names.Service(name(caller));
      call.callee = names.Service(name(callee));
      call.operation = names.Operation(name(operation));
      call.caller_instance = names.Instance(name(caller_instance));
      call.callee_instance = names.Instance(name(callee_instance));
      for (uint8_t k = 0; k < model::kKinds; ++k) {
        if (kind == model::KindName(static_cast<model::Kind>(k)))
          call.kind = static_cast<model::Kind>(k);
      }
      call.start_ns = std::atoll(start.c_str()) * 1'000'000;
      const bool unmarked = rt[0] == '~';
      const int64_t ms = std::atoll(rt.c_str() + (unmarked ? 1 : 0));
      call.duration_ns = std::llabs(ms) * 1'000'000;
      if (!unmarked && ms != 0) call.side = ms > 0 ? model::Side::kClient : model::Side::kServer;
      call.origin.line = static_cast<uint32_t>(rows.size() + 1);
      std::string& path = paths_.emplace_back();
      if (id != "-") model::EncodePath(id, path);
      rows.push_back({&calls_.emplace_back(call), path});
    }
  }

  model::Names names;
  std::vector<Row> rows;

 private:
  std::deque<model::Call> calls_;
  std::deque<std::string> paths_;
};

}  // namespace plumbago::graph::testing
