// What pairs of siblings that a source has judged (model/sibling_pair.h) say of one call that made
// them: how many there are, how many overlap. A record of a KeyedTable.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "model/sibling_pair.h"
#include "statistics/keyed_runs.h"
#include "statistics/state_bytes.h"

namespace plumbago::analysis {

struct JudgedCaller {
  uint64_t call = 0;  // SiblingPair::caller_call
  uint64_t pairs = 0;
  uint64_t overlapping = 0;

  static std::array<uint32_t, 2> KeyOf(uint64_t call) {
    return {static_cast<uint32_t>(call >> 32), static_cast<uint32_t>(call)};
  }
  void Count(const model::SiblingPair& pair) {
    ++pairs;
    overlapping += pair.overlap;
  }

  static constexpr std::array kKey{statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
  std::array<uint32_t, 2> key() const { return KeyOf(call); }
  void set_key(const std::array<uint32_t, 2>& key) { call = uint64_t{key[0]} << 32 | key[1]; }
  void Merge(const JudgedCaller& other) {
    pairs += other.pairs;
    overlapping += other.overlapping;
  }
  void Save(std::string& out) const {
    statistics::AppendVarint(out, pairs);
    statistics::AppendVarint(out, overlapping);
  }
  bool Load(statistics::StateReader& in) {
    pairs = in.Varint();
    overlapping = in.Varint();
    return in.ok() && overlapping <= pairs;
  }
};

}  // namespace plumbago::analysis
