#include "serverless/figures/functions_per_app.h"

#include <utility>

#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/weighted_values.h"

namespace plumbago::serverless {
namespace {

using document::Unit;

struct Sizes {
  WeightedValues apps, invocations, functions;  // by the number of functions of their application
};

Sizes Count(const Workload& load) {
  Sizes sizes;
  for (const AppLoad& app : load.apps) {
    uint64_t functions = 0;
    for (const FunctionLoad& function : app.functions) functions += !function.minutes.empty();
    if (functions == 0) continue;
    const auto size = static_cast<double>(functions);
    sizes.apps.Add(size, app.weight);
    sizes.functions.Add(size, app.weight * functions);
    sizes.invocations.Add(size, app.weight * app.minutes.total());
  }
  return sizes;
}

}  // namespace

bool FunctionsPerApp(const FigureContext& context, document::Section& section) {
  section.computed =
      "An application's functions are those that were invoked in the data. Of each number of "
      "functions x: the share of the applications with at most x, and what share of all "
      "invocations and of all functions belongs to them. Published points stand at x.5: at most "
      "the whole number below.";
  if (!context.apps_whole) {
    section.computed += " The data tell of functions one by one, not of applications: cannot say.";
    section
        .AddHeadline("one_function", "applications with one function", Unit::kShare, std::nullopt)
        .published = 0.54;
    return true;
  }
  const Sizes sizes = Count(context.load);
  auto& one = section.AddHeadline("one_function", "applications with one function", Unit::kShare,
                                  sizes.apps.ShareAtMost(1));
  one.published = 0.54;
  one.key = true;
  section
      .AddHeadline("at_most_ten", "applications with at most 10 functions", Unit::kShare,
                   sizes.apps.ShareAtMost(10))
      .published = 0.95;
  section
      .AddHeadline("above_hundred", "applications with more than 100 functions", Unit::kShare,
                   sizes.apps.ShareAbove(100))
      .published = 0.0004;
  section
      .AddHeadline("invocations_at_most_three",
                   "invocations in applications with at most 3 functions", Unit::kShare,
                   sizes.invocations.ShareAtMost(3))
      .published = 0.5;
  section.AddHeadline("functions_mean", "functions of an application, mean", Unit::kCount,
                      context.apps > 0
                          ? std::optional<double>(static_cast<double>(context.functions) /
                                                  static_cast<double>(context.apps))
                          : std::nullopt);
  const document::Axis x{"functions of the application", Unit::kCount, true};
  const auto add = [&](const char* series, const char* title, const WeightedValues& values) {
    section.figures.push_back(
        OverPublished({std::string("figure-1-") + series,
                       title,
                       "this data",
                       x,
                       {std::string("share of the ") + series, Unit::kShare, false}},
                      values.Cdf(), Atc20Curve("1", series)));
  };
  add("apps", "Figure 1: applications by their number of functions", sizes.apps);
  add("invocations", "Figure 1: invocations by their application's number of functions",
      sizes.invocations);
  add("functions", "Figure 1: functions by their application's number of functions",
      sizes.functions);
  return true;
}

}  // namespace plumbago::serverless
