// Keep an instance for a fixed time after each execution: what platforms do by default (AWS, Azure
// and OpenWhisk: 10 to 20 minutes; Huawei 1). No unloading: an endless window.
#pragma once

#include <limits>

#include "serverless/policy.h"

namespace plumbago::serverless {

class FixedWindow final : public PolicyByApp {
 public:
  static constexpr double kEndless = std::numeric_limits<double>::infinity();
  FixedWindow(std::string name, double seconds) : PolicyByApp(std::move(name)), seconds_(seconds) {}
  const char* source() const override {
    return seconds_ == kEndless ? "upper end of keeping: Shahrad et al., ATC'20, section 5"
                                : "default of platforms; Shahrad et al., ATC'20, section 5";
  }
  Outcome ReplayApp(const AppArrivals& app) const override;

 private:
  const double seconds_;
};

}  // namespace plumbago::serverless
