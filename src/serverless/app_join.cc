#include "serverless/app_join.h"

#include <algorithm>
#include <string>

namespace plumbago::serverless {

AppLoad* AppJoin::Find(std::string_view owner, std::string_view name) {
  const auto before = [&](const AppLoad& app) {
    const int order = std::string_view(app.owner).compare(owner);
    return order != 0 ? order < 0 : app.name < name;
  };
  while (at_ < apps_.size() && before(apps_[at_])) ++at_;
  if (at_ == apps_.size() || apps_[at_].owner != owner || apps_[at_].name != name) return nullptr;
  return &apps_[at_];
}

AppLoad& AppJoin::Other(std::string_view owner, std::string_view name) {
  AppLoad& app = others_[{owner, name}];
  app.owner = owner;
  app.name = name;
  return app;
}

FunctionLoad* AppJoin::FindFunction(AppLoad& app, std::string_view name) {
  const auto found = std::lower_bound(
      app.functions.begin(), app.functions.end(), name,
      [](const FunctionLoad& function, std::string_view wanted) { return function.name < wanted; });
  return found != app.functions.end() && found->name == name ? &*found : nullptr;
}

void AppJoin::Finish(Workload& load) {
  std::vector<AppLoad>& to = load.apps.empty() ? load.apps : load.uninvoked;
  to.reserve(others_.size());
  for (auto& [name, app] : others_) to.push_back(std::move(app));
  others_.clear();
}

}  // namespace plumbago::serverless
