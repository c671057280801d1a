#include "engine/characterise.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/worker_threads.h"
#include "engine/completeness.h"
#include "engine/completeness_section.h"
#include "engine/trace_walk.h"

namespace plumbago::engine {
namespace {

using analysis::AnyAnalysis;
using analysis::AnyState;
using analysis::Facts;
using graph::RepairMode;
using States = std::vector<std::unique_ptr<AnyState>>;

States MakeStates(const std::vector<const AnyAnalysis*>& analyses) {
  States states;
  for (const AnyAnalysis* a : analyses) states.push_back(a->make());
  return states;
}

void ObserveAll(const States& states, const graph::CallGraph& graph, const Facts& facts) {
  for (const auto& state : states) state->Observe(graph, facts);
}

// What one thread learns.
class Observer final : public TraceVisitor {
 public:
  Observer(const std::vector<const AnyAnalysis*>& analyses, const model::Names& names,
           const Facts& facts, RepairMode mode)
      : whole(MakeStates(analyses)),
        as_written(MakeStates(analyses)),
        rebuilt(MakeStates(analyses)),
        asked(MakeStates(analyses)),
        builder_(names),
        facts_(facts),
        mode_(mode) {}

  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override {
    ObserveWindow(completeness, trace, Window(rows), facts_);
    const bool undamaged = builder_.Load(trace, rows, damage);
    const uint32_t joined = builder_.joined_rows();
    graph::CallGraph graph;
    if (undamaged) {
      if (builder_.Build(RepairMode::kRebuild, graph)) {
        ObserveKept(completeness, graph, true, joined, builder_.damaged_rows());
        ObserveAll(whole, graph, facts_);
      } else {
        ObserveDropped(completeness, joined, builder_.damaged_rows());
      }
      return;
    }
    bool kept = Variant(RepairMode::kNone, as_written, joined);
    kept |= Variant(RepairMode::kRebuild, rebuilt, joined);
    if (mode_ == RepairMode::kRpcid || mode_ == RepairMode::kPartial) {
      kept |= Variant(mode_, asked, joined);
    }
    if (!kept) ObserveDropped(completeness, joined, builder_.damaged_rows());
  }

  CompletenessState completeness;
  model::DamageCounts damage;
  States whole, as_written, rebuilt, asked;

 private:
  // Builds the loaded, damaged trace in `mode` and observes it. True if this is the mode asked for
  // and it keeps the trace.
  bool Variant(RepairMode mode, const States& states, uint32_t joined) {
    graph::CallGraph graph;
    if (!builder_.Build(mode, graph)) return false;
    ObserveAll(states, graph, facts_);
    if (mode != mode_) return false;
    ObserveKept(completeness, graph, false, joined, builder_.damaged_rows());
    return true;
  }

  static TraceWindow Window(std::span<const graph::Row> rows) {
    TraceWindow window;
    for (const graph::Row& row : rows) {
      const int64_t start = row.call->start_ns;
      if (start == model::kNoTime) continue;
      if (window.first_ns == model::kNoTime || start < window.first_ns) window.first_ns = start;
      const int64_t duration = row.call->duration_ns;
      window.last_ns =
          std::max(window.last_ns, duration == model::kNoTime ? start : start + duration);
    }
    return window;
  }

  graph::TraceBuilder builder_;
  const Facts& facts_;
  RepairMode mode_;
};

void MergeInto(States& into, States&& from) {
  for (size_t i = 0; i < into.size(); ++i) into[i]->Merge(std::move(*from[i]));
}

// The states of one analysis in all variants, and its section when concluded.
struct Conclusion {
  std::unique_ptr<AnyState> whole, as_written, rebuilt, asked;
  document::Section section;
};

void PutVariant(document::Section& section, const document::Section& variant,
                std::optional<double> document::Headline::* field) {
  for (document::Headline& headline : section.headline) {
    for (const document::Headline& other : variant.headline) {
      if (other.name == headline.name) headline.*field = other.value;
    }
  }
}

// Concludes in full under the mode asked for, and the headline under none, accurate and rebuild.
void Conclude(Conclusion& c, RepairMode mode, const Facts& facts, bool any_damage) {
  Facts headline = facts;
  headline.headline_only = true;
  const auto with = [&](const AnyState* damaged, const Facts& wanted) {
    if (damaged == nullptr || !any_damage) return c.whole->Conclude(wanted);
    std::unique_ptr<AnyState> all = c.whole->Copy();
    all->Merge(std::move(*damaged->Copy()));
    return all->Conclude(wanted);
  };
  const AnyState* asked = mode == RepairMode::kAccurate  ? nullptr
                          : mode == RepairMode::kNone    ? c.as_written.get()
                          : mode == RepairMode::kRebuild ? c.rebuilt.get()
                                                         : c.asked.get();
  c.section = with(asked, facts);
  const auto put = [&](const AnyState* damaged, std::optional<double> document::Headline::* field) {
    // Without damage all variants are one, and the one asked for has been concluded.
    if (!any_damage || damaged == asked) {
      PutVariant(c.section, c.section, field);
    } else {
      PutVariant(c.section, with(damaged, headline), field);
    }
  };
  put(c.as_written.get(), &document::Headline::none);
  put(nullptr, &document::Headline::accurate);
  put(c.rebuilt.get(), &document::Headline::rebuild);
}

document::Input DescribeInput(const ReadRows& read, const model::DamageCounts& damage,
                              const CompletenessState& completeness) {
  document::Input input;
  for (const formats::FileInfo& file : read.source->files()) {
    input.files.push_back(file.name);
    input.bytes += file.bytes != 0 ? file.bytes : file.text_bytes;
    if (file.format == nullptr) continue;
    const std::string name(file.format->name());
    if (input.format.find(name) == std::string::npos) {
      input.format += (input.format.empty() ? "" : ", ") + name;
    }
  }
  std::sort(input.files.begin(), input.files.end());
  input.skipped = read.source->skipped();
  input.rows = completeness.rows;
  input.damaged = completeness.rows_damaged + damage.Count(model::Damage::kMalformed) +
                  damage.Count(model::Damage::kTooLong);
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    const model::DamageInfo& info = model::Describe(kind);
    document::DamageCount count{info.name, info.title, damage.Count(kind), info.help, ""};
    if (const model::Example* first = damage.First(kind)) {
      const std::string where =
          first->file.empty() ? read.source->Locate(first->origin).Text() : first->file;
      count.first = where + (first->text.empty() ? "" : ": " + first->text);
    }
    input.by_kind.push_back(std::move(count));
  }
  std::stable_sort(input.by_kind.begin(), input.by_kind.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return input;
}

}  // namespace

Result<std::vector<const AnyAnalysis*>> ChooseAnalyses(const std::vector<std::string>& only,
                                                       const std::vector<std::string>& skip) {
  const auto known = [](const std::string& id) {
    if (id == kCompletenessDescription.id) return true;
    for (const AnyAnalysis& a : analysis::Analyses()) {
      if (id == a.description->id) return true;
    }
    return false;
  };
  for (const auto* list : {&only, &skip}) {
    for (const std::string& id : *list) {
      if (!known(id)) {
        return Fail(
            ErrorKind::kUsage,
            fmt::format("no analysis is called '{}'; `plumbago analyze --list` names them all",
                        id));
      }
    }
  }
  const auto in = [](const std::vector<std::string>& list, const char* id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  std::vector<const AnyAnalysis*> chosen;
  for (const AnyAnalysis& a : analysis::Analyses()) {
    if ((only.empty() || in(only, a.description->id)) && !in(skip, a.description->id)) {
      chosen.push_back(&a);
    }
  }
  return chosen;
}

Result<Characterised> Characterise(const CharacteriseOptions& options) {
  const double begin = MonotonicSeconds();
  ASSIGN_OR_RETURN(const std::vector<const AnyAnalysis*> analyses,
                   ChooseAnalyses(options.only, options.skip));
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  if (read.interrupted) SetInterrupted(false);  // what was read until then is still analysed

  std::vector<std::string> formats;
  for (const formats::FileInfo& file : read.source->files()) {
    if (file.format != nullptr) formats.emplace_back(file.format->name());
  }
  std::sort(formats.begin(), formats.end());
  formats.erase(std::unique(formats.begin(), formats.end()), formats.end());

  Facts facts;
  facts.names = read.names.get();
  facts.first_ns = read.first_ns;
  facts.last_ns = read.last_ns;
  facts.sides_marked = read.sides_marked;
  facts.formats = formats;

  const unsigned threads = std::max(1u, options.read.threads);
  std::vector<std::unique_ptr<Observer>> observers;
  std::vector<TraceVisitor*> visitors;
  for (unsigned i = 0; i < threads; ++i) {
    observers.push_back(std::make_unique<Observer>(analyses, *read.names, facts, options.mode));
    visitors.push_back(observers.back().get());
  }
  ASSIGN_OR_RETURN(const bool walked_all, WalkTraces(read, visitors, options.read.show_progress));

  Observer& all = *observers[0];
  for (unsigned i = 1; i < threads; ++i) {
    Observer& other = *observers[i];
    all.completeness.Merge(other.completeness);
    all.damage.Merge(other.damage);
    MergeInto(all.whole, std::move(other.whole));
    MergeInto(all.as_written, std::move(other.as_written));
    MergeInto(all.rebuilt, std::move(other.rebuilt));
    MergeInto(all.asked, std::move(other.asked));
    observers[i].reset();
  }
  read.damage.Merge(all.damage);
  AddWindowDamage(all.completeness, read.damage);

  std::vector<Conclusion> conclusions(analyses.size());
  for (size_t i = 0; i < analyses.size(); ++i) {
    conclusions[i] = {std::move(all.whole[i]),
                      std::move(all.as_written[i]),
                      std::move(all.rebuilt[i]),
                      std::move(all.asked[i]),
                      {}};
  }
  const bool any_damage = all.completeness.repaired + all.completeness.dropped != 0;
  std::atomic<size_t> next{0};
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned) {
    for (size_t i = next++; i < conclusions.size(); i = next++) {
      Conclude(conclusions[i], options.mode, facts, any_damage);
    }
  }));

  Characterised result;
  document::Document& document = result.document;
  document.title = "Characteristics of microservice traces";
  document.input = DescribeInput(read, read.damage, all.completeness);
  document.traces = {
      all.completeness.complete + all.completeness.repaired + all.completeness.dropped,
      all.completeness.complete, all.completeness.repaired, all.completeness.dropped};
  document.completeness = ConcludeCompleteness(all.completeness, options.mode);
  for (Conclusion& c : conclusions) document.sections.push_back(std::move(c.section));
  FillSurvivorship(document);
  if (WantsCompleteness(options.only, options.skip)) {
    document.sections.insert(document.sections.begin(), CompletenessSection(document));
  }
  document.next = SuggestNext(document);
  result.interrupted = read.interrupted || !walked_all;
  document.interrupted = result.interrupted;
  document.run = {MonotonicSeconds() - begin, threads, PeakResidentBytes()};
  return result;
}

}  // namespace plumbago::engine
