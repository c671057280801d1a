#include "engine/choose_analyses.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/completeness_section.h"

namespace plumbago::engine {
namespace {

using analysis::AnyAnalysis;

template <class List, class T>
bool Contains(const List& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool Known(const std::string& id) {
  const auto all = analysis::Analyses();
  return id == kCompletenessDescription.id ||
         std::any_of(all.begin(), all.end(),
                     [&](const AnyAnalysis& a) { return id == a.description->id; });
}

}  // namespace

Result<Analyses> ChooseAnalyses(const std::vector<std::string>& only,
                                const std::vector<std::string>& skip) {
  for (const auto* list : {&only, &skip}) {
    for (const std::string& id : *list) {
      if (Known(id)) continue;
      return Fail(
          ErrorKind::kUsage,
          fmt::format("no analysis is called '{}'; `plumbago analyze --list` names them all", id));
    }
  }
  Analyses chosen;
  for (const AnyAnalysis& a : analysis::Analyses()) {
    const char* id = a.description->id;
    if ((only.empty() || Contains(only, id)) && !Contains(skip, id)) chosen.push_back(&a);
  }
  return chosen;
}

Result<Analyses> AnalysesOf(const RunInputs& inputs, const std::vector<std::string>& only,
                            const std::vector<std::string>& skip, bool save) {
  ASSIGN_OR_RETURN(const Analyses chosen, ChooseAnalyses(only, skip));
  ASSIGN_OR_RETURN(const Analyses held, HeldAnalyses(inputs));
  Analyses analyses;
  for (const AnyAnalysis* a : held) {
    if (a->in_report ? Contains(chosen, a) : save) analyses.push_back(a);
  }
  for (const AnyAnalysis* a : chosen) {
    if (Contains(held, a) || only.empty()) continue;
    return Fail(ErrorKind::kUsage,
                fmt::format("this state was saved without the analysis {}", a->description->id),
                {inputs.states.front()->path()});
  }
  return analyses;
}

}  // namespace plumbago::engine
