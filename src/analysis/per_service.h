// Something small for each service, in a vector by id: at most as large as the names themselves,
// which a run holds in memory anyway.
//
// T has Merge(const T&), empty(), and Fields() of unsigned numbers and flags.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analysis/fields.h"
#include "base/strong_id.h"
#include "model/names.h"

namespace plumbago::analysis {

template <class T>
class PerService {
 public:
  T& operator[](model::ServiceId service) {
    const size_t i = Index(service);
    if (i >= values_.size()) values_.resize(std::max(i + 1, values_.size() * 2));
    return values_[i];
  }
  // Asks for the memory of a value.
  void Prefetch(model::ServiceId service) const {
    if (Index(service) >= values_.size()) return;
    const char* const bytes = reinterpret_cast<const char*>(&values_[Index(service)]);
    __builtin_prefetch(bytes);
    if constexpr (sizeof(T) > 16) __builtin_prefetch(bytes + sizeof(T) - 1);
  }
  // The value of a service that was never seen is an empty one.
  T Get(model::ServiceId service) const {
    return Index(service) < values_.size() ? values_[Index(service)] : T{};
  }
  // Makes room for ids up to `last` and gives the values by id: for loops that cannot check each.
  T* Reserve(uint32_t last) {
    if (last >= values_.size()) values_.resize(std::max<size_t>(last + 1, values_.size() * 2));
    return values_.data();
  }
  // visit(service, value) for each that is not empty, kNoService left out.
  template <class F>
  void ForEach(F&& visit) const {
    for (size_t i = 1; i < values_.size(); ++i) {
      if (!values_[i].empty()) visit(Id<model::ServiceId>(static_cast<uint32_t>(i)), values_[i]);
    }
  }

  void Merge(PerService&& from) {
    if (from.values_.size() > values_.size()) values_.swap(from.values_);
    for (size_t i = 0; i < from.values_.size(); ++i) {
      MergeFields(values_[i], std::move(from.values_[i]));
    }
  }
  // Number of values that are not empty, then each: its id less the one before, its fields.
  void Save(std::string& out) const {
    uint64_t count = 0;
    for (const T& value : values_) count += !value.empty();
    statistics::AppendVarint(out, count);
    uint64_t last = 0;
    for (size_t i = 0; i < values_.size(); ++i) {
      if (values_[i].empty()) continue;
      statistics::AppendVarint(out, i - last);
      SaveFields(values_[i], out);
      last = i;
    }
  }
  [[nodiscard]] bool Load(statistics::StateReader& in, const statistics::IdMaps& maps) {
    values_.clear();
    uint64_t last = 0;
    for (uint64_t count = in.Varint(), i = 0; i < count; ++i) {
      const uint64_t step = in.Varint();
      if (!in.ok() || (i > 0 && step == 0) || step > UINT32_MAX - last) return false;
      last += step;
      auto id = static_cast<uint32_t>(last);
      if (!maps.Map(statistics::KeyPart::kService, id)) return false;
      T& value = (*this)[Id<model::ServiceId>(id)];
      if (!LoadFields(value, in, maps) || value.empty()) return false;
    }
    return in.ok();
  }
  size_t allocated() const { return values_.capacity() * sizeof(T); }

 private:
  std::vector<T> values_;
};

}  // namespace plumbago::analysis
