#include "serverless/figures/reference_atc20.h"

namespace plumbago::serverless {
namespace {

using model::Trigger;

constexpr PublishedTrigger kTriggers[] = {
    {Trigger::kHttp, 55.0, 35.9, 43.3, 22.5, 64.07, 67.97},
    {Trigger::kQueue, 15.2, 33.5, 15.1, 42.4, 23.70, 20.84},
    {Trigger::kEvent, 2.2, 24.7, 2.6, 30.9, 5.79, 5.73},
    {Trigger::kOrchestration, 6.9, 2.3, 8.2, 1.4, 3.09, 2.90},
    {Trigger::kTimer, 15.6, 2.0, 28.5, 1.8, 29.15, 26.95},
    {Trigger::kStorage, 2.8, 0.7, 2.3, 0.8, 6.83, 6.01},
    {Trigger::kOthers, 2.2, 1.0, 5.7, 0.1, 6.28, 8.16},
};

constexpr PublishedTriggerSet kSets[] = {
    {"H", 43.27, 47.54}, {"T", 13.36, 11.90}, {"Q", 9.47, 7.65},  {"HT", 4.59, 4.43},
    {"HQ", 4.22, 3.85},  {"E", 3.01, 3.02},   {"S", 2.80, 2.49},  {"TQ", 2.57, 1.89},
    {"HTQ", 2.48, 2.21}, {"Ho", 1.69, 1.86},  {"HS", 1.05, 1.01}, {"HO", 1.03, 0.96},
    {"HTo", 0.84, 1.21},
};

}  // namespace

PublishedCurve Atc20Curve(std::string_view figure, std::string_view series) {
  for (const PublishedCurve& curve : Atc20Curves()) {
    if (curve.figure == figure && curve.series == series) return curve;
  }
  return {figure, series, {}, {}};
}

std::span<const PublishedTrigger> Atc20Triggers() { return kTriggers; }
std::span<const PublishedTriggerSet> Atc20TriggerSets() { return kSets; }

char TriggerLetter(Trigger trigger) {
  switch (trigger) {
    case Trigger::kHttp:
      return 'H';
    case Trigger::kQueue:
      return 'Q';
    case Trigger::kEvent:
      return 'E';
    case Trigger::kOrchestration:
      return 'O';
    case Trigger::kTimer:
      return 'T';
    case Trigger::kStorage:
      return 'S';
    case Trigger::kOthers:
      return 'o';
    case Trigger::kUnknown:
      break;
  }
  return '?';
}

}  // namespace plumbago::serverless
