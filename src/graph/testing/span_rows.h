// For tests: rows with span ids written as text, one a line:
//
//   span parent service start duration [side [kind [peer [operation [instance]]]]]
//
// Span ids are numbers, "-" is none; times in ms. `side`: "c", "s" or "-". `peer`: of a client's
// span the callee, else the caller.
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

class SpanRows {
 public:
  explicit SpanRows(std::string_view text) { Add(text); }
  SpanRows() = default;

  void Add(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string span, parent, service, start, duration;
      if (!(words >> span >> parent >> service >> start >> duration)) continue;
      std::string side = "-", kind = "unknown", peer = "-", operation = "-", instance = "-";
      words >> side >> kind >> peer >> operation >> instance;
      const auto id = [](const std::string& word) {
        return word == "-" ? uint64_t{0} : std::strtoull(word.c_str(), nullptr, 10);
      };
      const auto name = [](const std::string& word) {
        return word == "-" ? std::string_view() : std::string_view(word);
      };
      model::Call call;
      call.span = id(span);
      call.parent_span = id(parent);
      const bool client = side == "c";
      call.side = client        ? model::Side::kClient
                  : side == "s" ? model::Side::kServer
                                : model::Side::kUnknown;
      (client ? call.caller : call.callee) = names.Service(name(service));
      (client ? call.callee : call.caller) = names.Service(name(peer));
      (client ? call.caller_instance : call.callee_instance) = names.Instance(name(instance));
      call.operation = names.Operation(name(operation));
      for (uint8_t k = 0; k < model::kKinds; ++k) {
        if (kind == model::KindName(static_cast<model::Kind>(k)))
          call.kind = static_cast<model::Kind>(k);
      }
      call.start_ns = std::atoll(start.c_str()) * 1'000'000;
      call.duration_ns = std::atoll(duration.c_str()) * 1'000'000;
      Add(call);
    }
  }
  void Add(model::Call call) {
    call.origin.line = static_cast<uint32_t>(rows.size() + 1);
    rows.push_back({&calls_.emplace_back(call), {}});
  }

  model::Names names;
  std::vector<Row> rows;

 private:
  std::deque<model::Call> calls_;
};

}  // namespace plumbago::graph::testing
