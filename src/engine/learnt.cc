#include "engine/learnt.h"

#include <atomic>
#include <utility>

#include "base/worker_threads.h"

namespace plumbago::engine {
namespace {

using analysis::AnyState;
using analysis::Facts;
using graph::RepairMode;

void PutVariant(document::Section& section, const document::Section& variant,
                std::optional<double> document::Headline::* field) {
  for (document::Headline& headline : section.headline) {
    for (const document::Headline& other : variant.headline) {
      if (other.name == headline.name) headline.*field = other.value;
    }
  }
}

// Concludes one analysis in full under the mode asked for, and its headline under none, accurate
// and rebuild.
document::Section ConcludeAnalysis(Learnt& learnt, size_t analysis, RepairMode mode,
                                   const Facts& facts) {
  learnt.whole[analysis]->Join();
  const bool any_damage = learnt.completeness.dropped[Slot(Variant::kAccurate)].traces != 0;
  for (States& damaged : learnt.damaged) {
    if (any_damage && !damaged.empty()) damaged[analysis]->Join();
  }
  const AnyState& whole = *learnt.whole[analysis];
  const auto with = [&](Variant variant, const Facts& wanted) {
    const States& damaged = learnt.damaged[Slot(variant)];
    if (damaged.empty() || !any_damage) return whole.Conclude(wanted);
    std::unique_ptr<AnyState> all = whole.Copy();
    all->Merge(std::move(*damaged[analysis]->Copy()));
    return all->Conclude(wanted);
  };
  Facts headline = facts;
  headline.headline_only = true;
  const Variant asked = VariantOf(mode);
  document::Section section = with(asked, facts);
  const auto put = [&](Variant variant, std::optional<double> document::Headline::* field) {
    // Without damage all variants are one, and the one asked for has been concluded.
    if (!any_damage || variant == asked) {
      PutVariant(section, section, field);
    } else {
      PutVariant(section, with(variant, headline), field);
    }
  };
  put(Variant::kAsWritten, &document::Headline::none);
  put(Variant::kAccurate, &document::Headline::accurate);
  put(Variant::kRebuilt, &document::Headline::rebuild);
  return section;
}

void MergeInto(States& into, States&& from) {
  for (size_t i = 0; i < into.size(); ++i) into[i]->Merge(std::move(*from[i]));
}

States CopyOf(const States& states) {
  States copies;
  copies.reserve(states.size());
  for (const auto& state : states) copies.push_back(state->Copy());
  return copies;
}

}  // namespace

Learnt::Learnt(const Analyses& analyses) {
  ForEachVariant([&](const char*, States& states) {
    for (const analysis::AnyAnalysis* a : analyses) states.push_back(a->make());
  });
}

void Learnt::Merge(Learnt&& from) {
  analysis::MergeFields(completeness, std::move(from.completeness));
  damage.Merge(from.damage);
  MergeInto(whole, std::move(from.whole));
  for (size_t i = 0; i < kDamagedVariants; ++i) MergeInto(damaged[i], std::move(from.damaged[i]));
}

Learnt Learnt::Copy() const {
  Learnt copy;
  copy.completeness = completeness;
  copy.damage = damage;
  copy.whole = CopyOf(whole);
  for (size_t i = 0; i < kDamagedVariants; ++i) copy.damaged[i] = CopyOf(damaged[i]);
  return copy;
}

void Learnt::Freeze() {
  ForEachVariant([](const char*, States& states) {
    for (auto& state : states) state->Freeze();
  });
}

Result<void> Learnt::Spill(const std::shared_ptr<SpillFile>& file) {
  Result<void> spilled;
  ForEachVariant([&](const char*, States& states) {
    for (auto& state : states) {
      if (spilled) spilled = state->Spill(file);
    }
  });
  return spilled;
}

size_t Learnt::allocated() const {
  size_t bytes = 0;
  for (const auto& state : whole) bytes += state->allocated();
  for (const States& states : damaged) {
    for (const auto& state : states) bytes += state->allocated();
  }
  return bytes;
}

Result<std::vector<document::Section>> ConcludeSections(Learnt& learnt, const Analyses& analyses,
                                                        RepairMode mode, const Facts& facts,
                                                        unsigned threads) {
  std::vector<size_t> reporting;
  for (size_t i = 0; i < analyses.size(); ++i) {
    if (analyses[i]->in_report) reporting.push_back(i);
  }
  std::vector<document::Section> sections(reporting.size());
  std::atomic<size_t> next{0};
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned) {
    for (size_t i = next++; i < reporting.size(); i = next++) {
      sections[i] = ConcludeAnalysis(learnt, reporting[i], mode, facts);
    }
  }));
  return sections;
}

}  // namespace plumbago::engine
