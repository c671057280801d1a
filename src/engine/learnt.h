// What is known of a set of traces: the states of all analyses in all variants, beside them how
// complete the traces were and what damage was found. One a thread while traces are observed;
// merged, spilled, saved and concluded as a whole.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "analysis/analysis.h"
#include "base/spill_file.h"
#include "document/document.h"
#include "engine/completeness.h"
#include "engine/variant.h"
#include "model/damage.h"

namespace plumbago::engine {

using Analyses = std::vector<const analysis::AnyAnalysis*>;
using States = std::vector<std::unique_ptr<analysis::AnyState>>;

struct Learnt {
  explicit Learnt(const Analyses& analyses);
  Learnt(Learnt&&) = default;
  Learnt& operator=(Learnt&&) = default;

  CompletenessState completeness;
  model::DamageCounts damage;
  States whole;
  // kAccurate has no states of its own: it drops what is damaged.
  std::array<States, kDamagedVariants> damaged;

  // f(name, states) for each variant that has states: "whole", "as-written", "rebuilt", "asked".
  template <class F>
  void ForEachVariant(F&& f) {
    f("whole", whole);
    f("as-written", damaged[Slot(Variant::kAsWritten)]);
    f("rebuilt", damaged[Slot(Variant::kRebuilt)]);
    f("asked", damaged[Slot(Variant::kAsked)]);
  }

  void Merge(Learnt&& from);
  // Cheap once frozen.
  Learnt Copy() const;
  void Freeze();
  Result<void> Spill(const std::shared_ptr<SpillFile>& file);
  size_t allocated() const;

 private:
  Learnt() = default;
};

// The sections of those analyses that report, in full under `mode`, each headline also under none,
// accurate and rebuild. On up to `threads` threads.
Result<std::vector<document::Section>> ConcludeSections(Learnt& learnt, const Analyses& analyses,
                                                        graph::RepairMode mode,
                                                        const analysis::Facts& facts,
                                                        unsigned threads);

}  // namespace plumbago::engine
