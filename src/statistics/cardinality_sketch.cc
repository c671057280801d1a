#include "statistics/cardinality_sketch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace plumbago::statistics {

void CardinalitySketch::AddExact(uint64_t hash) {
  const auto at = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
  if (at != hashes_.end() && *at == hash) return;
  hashes_.insert(at, hash);
  if (hashes_.size() > kExact) LeaveExact();
}

void CardinalitySketch::LeaveExact() {
  registers_.assign(kRegisters, 0);
  for (const uint64_t hash : hashes_) Register(hash);
  hashes_ = {};
}

void CardinalitySketch::Merge(const CardinalitySketch& other) {
  if (&other == this) return;
  if (other.exact()) {
    for (const uint64_t hash : other.hashes_) Add(hash);
    return;
  }
  if (exact()) LeaveExact();
  for (uint32_t i = 0; i < kRegisters; ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

double CardinalitySketch::Estimate() const {
  if (exact()) return static_cast<double>(hashes_.size());
  std::array<uint32_t, kHashBits + 2> counts{};
  for (const uint8_t value : registers_) ++counts[value];
  constexpr double m = kRegisters;
  const auto tau = [](double x) {
    if (x == 0 || x == 1) return 0.0;
    double y = 1, z = 1 - x, last;
    do {
      x = std::sqrt(x);
      last = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    } while (z != last);
    return z / 3;
  };
  const auto sigma = [](double x) {
    if (x == 1) return std::numeric_limits<double>::infinity();
    double y = 1, z = x, last;
    do {
      x *= x;
      last = z;
      z += x * y;
      y += y;
    } while (z != last);
    return z;
  };
  double z = m * tau(1 - counts[kHashBits + 1] / m);
  for (uint32_t k = kHashBits; k >= 1; --k) z = 0.5 * (z + counts[k]);
  z += m * sigma(counts[0] / m);
  return m * m / (2 * std::log(2.0) * z);
}

void CardinalitySketch::Save(std::string& out) const {
  if (!exact()) {
    AppendVarint(out, 0);
    out.append(reinterpret_cast<const char*>(registers_.data()), kRegisters);
    return;
  }
  AppendVarint(out, hashes_.size() + 1);
  uint64_t last = 0;
  for (const uint64_t hash : hashes_) {
    AppendVarint(out, hash - last);
    last = hash;
  }
}

bool CardinalitySketch::Load(StateReader& in) {
  *this = CardinalitySketch();
  const uint64_t form = in.Varint();
  if (form > kExact + 1) in.Damaged();
  if (form == 0) {
    const std::string_view bytes = in.Bytes(kRegisters);
    registers_.assign(bytes.begin(), bytes.end());
    for (const uint8_t value : registers_) {
      if (value > kHashBits + 1) in.Damaged();
    }
  } else {
    uint64_t last = 0;
    for (uint64_t i = 1; i < form && in.ok(); ++i) {
      const uint64_t step = in.Varint();
      if ((i > 1 && step == 0) || step > UINT64_MAX - last) in.Damaged();
      last += step;
      hashes_.push_back(last);
    }
  }
  if (!in.ok()) *this = CardinalitySketch();
  return in.ok();
}

}  // namespace plumbago::statistics
