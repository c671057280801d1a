#include "engine/found_damage.h"

#include <tuple>
#include <utility>

#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

bool Before(const FoundExample& a, const FoundExample& b) {
  return std::tie(a.file, a.line, a.column, a.text) < std::tie(b.file, b.line, b.column, b.text);
}

}  // namespace

std::string FoundExample::Text() const {
  const std::string where = Place{file, line, column}.Text();
  return where.empty() ? text : text.empty() ? where : where + ": " + text;
}

FoundDamage::FoundDamage(const model::DamageCounts& counts, const Places& places) {
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto damage = static_cast<model::Damage>(i);
    counts_[i] = counts.Count(damage);
    const model::Example* first = counts.First(damage);
    if (first == nullptr) continue;
    if (!first->file.empty()) {
      examples_[i] = FoundExample{first->file, 0, 0, first->text};
      continue;
    }
    Place place = places.Locate(first->origin);
    examples_[i] = FoundExample{std::move(place.file), place.line, place.column, first->text};
  }
}

void FoundDamage::Offer(model::Damage damage, FoundExample example) {
  auto& first = examples_[Slot(damage)];
  if (!first || Before(example, *first)) first = std::move(example);
}

void FoundDamage::Merge(const FoundDamage& other) {
  for (size_t i = 0; i < model::kDamages; ++i) {
    counts_[i] += other.counts_[i];
    if (other.examples_[i]) Offer(static_cast<model::Damage>(i), *other.examples_[i]);
  }
}

const FoundExample* FoundDamage::First(model::Damage damage) const {
  const auto& first = examples_[Slot(damage)];
  return first ? &*first : nullptr;
}

void FoundDamage::Save(std::string& out) const {
  uint64_t kinds = 0;
  for (size_t i = 0; i < model::kDamages; ++i) kinds += counts_[i] != 0 || examples_[i];
  statistics::AppendVarint(out, kinds);
  for (size_t i = 0; i < model::kDamages; ++i) {
    if (counts_[i] == 0 && !examples_[i]) continue;
    AppendText(out, model::Describe(static_cast<model::Damage>(i)).name);
    statistics::AppendVarint(out, counts_[i]);
    statistics::AppendVarint(out, examples_[i].has_value());
    if (!examples_[i]) continue;
    AppendText(out, examples_[i]->file);
    statistics::AppendVarint(out, examples_[i]->line);
    statistics::AppendVarint(out, examples_[i]->column);
    AppendText(out, examples_[i]->text);
  }
}

bool FoundDamage::Load(statistics::StateReader& in) {
  *this = {};
  for (uint64_t kinds = in.Varint(); kinds > 0 && in.ok(); --kinds) {
    const std::string_view name = ReadText(in);
    size_t kind = 0;
    while (kind < model::kDamages &&
           name != model::Describe(static_cast<model::Damage>(kind)).name) {
      ++kind;
    }
    if (kind == model::kDamages) return false;
    counts_[kind] = in.Varint();
    const uint64_t example = in.Varint();
    if (example > 1) return false;
    if (example == 0) continue;
    FoundExample& first = examples_[kind].emplace();
    first.file = ReadText(in);
    first.line = in.Varint();
    first.column = in.Varint();
    first.text = ReadText(in);
  }
  return in.ok();
}

}  // namespace plumbago::engine
