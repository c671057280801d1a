// What a setting would have done: replayed over an application's arrivals, like any policy.
//
// Counts by minute say nothing of executions: those take no time and need one instance, so a
// lifetime is a fixed window. Executions of a log are replayed one by one: an instance serves
// `slots` at once; a request goes to the oldest busy instance with a free slot, else to the
// instance that became idle last, else it is cold. Cold starts take no time.
//
// Of idle instances the last one of a service stays `keep`; one beside it stays `others`. Windows
// of a schedule hold one instance while the service is idle, and `keep` longer.
#pragma once

#include "serverless/advice/setting.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

class SettingPolicy final : public PolicyByApp {
 public:
  // `begin`: where the data begin, seconds since minute 0; instances that are always on are up from
  // there. `slots` at least 1.
  SettingPolicy(Setting setting, double begin, uint32_t slots)
      : PolicyByApp("setting"), setting_(std::move(setting)), begin_(begin), slots_(slots) {}
  const char* source() const override { return "settings of Knative Serving and KEDA"; }
  Outcome ReplayApp(const AppArrivals& app) const override;

 private:
  Outcome ReplayMinutes(const AppArrivals& app) const;
  Outcome ReplayExecutions(const AppArrivals& app) const;

  const Setting setting_;
  const double begin_;
  const uint32_t slots_;
};

}  // namespace plumbago::serverless
