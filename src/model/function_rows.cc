#include "model/function_rows.h"

#include <array>

namespace plumbago::model {
namespace {

constexpr std::array<const char*, kTriggers> kNames = {
    "", "http", "queue", "event", "orchestration", "timer", "storage", "others"};

}  // namespace

const char* TriggerName(Trigger trigger) { return kNames[static_cast<size_t>(trigger)]; }

Trigger TriggerOf(std::string_view name) {
  for (size_t i = 1; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Trigger>(i);
  }
  return Trigger::kUnknown;
}

}  // namespace plumbago::model
