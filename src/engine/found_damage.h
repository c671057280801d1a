// Damage with its examples as file and line, so that it can be kept and merged after the files are
// gone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/places.h"
#include "model/damage.h"
#include "statistics/state_bytes.h"

namespace plumbago::engine {

struct FoundExample {
  std::string file;
  uint64_t line = 0;  // 1-based; 0: the whole file
  uint64_t column = 0;
  std::string text;

  std::string Text() const;  // "file:line: text"
};

class FoundDamage {
 public:
  FoundDamage() = default;
  FoundDamage(const model::DamageCounts& counts, const Places& places);

  void Add(model::Damage damage, uint64_t count) { counts_[Slot(damage)] += count; }
  // Counts nothing; of several examples the first by file and line is kept.
  void Offer(model::Damage damage, FoundExample example);
  void Merge(const FoundDamage& other);
  uint64_t Count(model::Damage damage) const { return counts_[Slot(damage)]; }
  const FoundExample* First(model::Damage damage) const;

  // Counts and examples by the names of the kinds, so that kinds may be added.
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in);

 private:
  static size_t Slot(model::Damage damage) { return static_cast<size_t>(damage); }
  std::array<uint64_t, model::kDamages> counts_{};
  std::array<std::optional<FoundExample>, model::kDamages> examples_;
};

}  // namespace plumbago::engine
