// Finds applications and functions by name, asked for in the order of names: tables are joined by
// the ids that they share, and by nothing else.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "serverless/workload.h"

namespace plumbago::serverless {

class AppJoin {
 public:
  // `load.apps` stays as it is until Finish.
  explicit AppJoin(Workload& load) : apps_(load.apps) {}

  // The application as invocations have it, or nullptr. `owner`, `name` must not come before those
  // of the last call; Rewind begins anew.
  AppLoad* Find(std::string_view owner, std::string_view name);
  void Rewind() { at_ = 0; }
  // One that invocations do not have. The names must outlive this.
  AppLoad& Other(std::string_view owner, std::string_view name);
  // The function of that name; nullptr: `app` has none. Any order.
  static FunctionLoad* FindFunction(AppLoad& app, std::string_view name);

  // Puts the others into `load`: as `uninvoked`, or as `apps` where there are none.
  void Finish(Workload& load);

 private:
  std::vector<AppLoad>& apps_;
  size_t at_ = 0;
  std::map<std::pair<std::string_view, std::string_view>, AppLoad> others_;
};

}  // namespace plumbago::serverless
