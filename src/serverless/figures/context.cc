#include <algorithm>
#include <utility>
#include "serverless/figures/comparison.h"
#include "serverless/figures/figures.h"

namespace plumbago::serverless {

FigureContext Context(const Workload& load, unsigned threads, size_t table_rows) {
  FigureContext context{load, std::max(threads, 1U), table_rows};
  constexpr uint32_t kDay = 1440;
  uint64_t minutes = load.end_minute > load.first_minute ? load.end_minute - load.first_minute : 0;
  for (const uint32_t day : load.missing_days) {
    const uint32_t from = std::max(day * kDay, load.first_minute);
    const uint32_t to = std::min((day + 1) * kDay, load.end_minute);
    if (to > from) minutes -= to - from;
  }
  context.days = static_cast<double>(minutes) / kDay;
  for (const AppLoad& app : load.apps) {
    // Logs name the application of each execution.
    if (!app.owner.empty() || app.functions.size() > 1 || !app.executions.empty())
      context.apps_whole = true;
    if (app.weight > 1) context.weighted = true;
    for (const FunctionLoad& function : app.functions) {
      if (function.trigger != model::Trigger::kUnknown) context.triggers = true;
      if (!function.minutes.empty()) context.functions += app.weight;
    }
    if (app.minutes.empty()) continue;
    context.apps += app.weight;
    context.invocations += app.weight * app.minutes.total();
  }
  return context;
}

std::vector<document::Section> MakeFigureSections(const FigureContext& context) {
  std::vector<document::Section> sections;
  for (const FigureSection& of : FigureSections()) {
    document::Section section;
    section.id = of.id;
    section.title = of.title;
    section.question = of.question;
    if (!of.make(context, section)) continue;
    if (!section.computed.empty()) section.computed += ' ';
    section.computed += std::string("Source: ") + of.source + ".";
    sections.push_back(std::move(section));
  }
  document::Section comparison = Comparison(sections, context);
  sections.push_back(std::move(comparison));
  return sections;
}

}  // namespace plumbago::serverless
