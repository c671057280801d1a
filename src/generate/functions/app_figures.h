// What is measured of an application's invocations: the figures that published distributions are
// about. Of generated ones, to hold them against the targets; of a user's, to fit them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "generate/functions/app_counts.h"

namespace plumbago::generate::functions {

// Of one function that was invoked.
struct FunctionFigures {
  uint8_t trigger = 0;  // model::Trigger - 1; kTriggerKinds: not known
  uint64_t total = 0;
  uint32_t days = 0;  // with an invocation
  double period = 0;  // minutes between invocations, if all gaps but a few are the same
};

// Of one application.
struct AppFigures {
  std::vector<FunctionFigures> functions;
  uint8_t triggers = 0;  // a set of bits
  uint64_t total = 0;
  uint32_t active_days = 0;
  uint32_t first_minute = 0, last_minute = 0;  // with an invocation
  // Of the gaps of its merged stream, c invocations of minute m at 60 m + 60 i / c seconds:
  // standard deviation by mean. Below 0: fewer than two gaps.
  double variation = -1;
  std::array<uint64_t, 24> hours{};    // invocations
  std::array<uint64_t, 7> weekdays{};  // by day since minute 0, modulo 7
};

class FigureMaker {
 public:
  // One function after the other of an application, then End.
  void Add(uint8_t trigger, std::span<const MinuteCount> counts);
  AppFigures End();

 private:
  AppFigures figures_;
  std::vector<MinuteCount> merged_, buffer_;
};

}  // namespace plumbago::generate::functions
