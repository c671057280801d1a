// What samples of resource and rate tables say of an instance, or of a host, in a short slot of
// time: the form in which they wait to be joined with each other and with calls.
//
// Tables come with intervals of their own (30 and 60 s in the Alibaba releases) that nobody knows
// before all is read, and in any order. So a slot is short, 5 s, and slots are put together to the
// data's interval when an analysis concludes (instance_load.h).
//
// One cell a measure and slot. Values are sums in fixed point: merging is exact. 28 bytes a cell,
// about 48 more while it is counted.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "analysis/floor_divide.h"
#include "model/names.h"
#include "model/sample.h"
#include "statistics/keyed_table.h"
#include "statistics/state_bytes.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

// Slots are numbered so that any time of model::Call has one.
inline constexpr int64_t kSlotNs = 5'000'000'000;
inline constexpr int64_t kSlotBias = int64_t{1} << 31;
inline uint32_t SlotOf(int64_t time_ns) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(FloorDivide(time_ns, kSlotNs) + kSlotBias, 0, 0xFFFFFFFF));
}

// A sum of numbers >= 0. It stays at its largest value instead of wrapping, so that the order of
// adding does not matter.
struct FixedSum {
  uint64_t value = 0;
  void Add(uint64_t more) { statistics::AddSaturating(value, more); }
};

// What a cell is of: measure and flow.
struct Channel {
  uint32_t number = 0;
  static Channel Of(model::Measure measure, model::Flow flow) {
    return {static_cast<uint32_t>(measure) << 8 | static_cast<uint32_t>(flow)};
  }
  model::Measure measure() const { return static_cast<model::Measure>(number >> 8); }
  model::Flow flow() const { return static_cast<model::Flow>(number & 255); }
  // False: a damaged state.
  bool known() const { return number >> 8 < model::kMeasures && (number & 255) < model::kFlows; }
};

struct LoadCell {
  model::InstanceId instance = model::kNoInstance;  // kNoInstance: of the host itself
  model::InstanceId host = model::kNoInstance;
  uint32_t slot = 0;
  Channel channel;
  FixedSum sum;
  uint64_t count = 0;

  // One of 2^-36 (rates normalised to 0..1 go down to 1e-12), up to 2^20; ns are whole.
  static constexpr double kOne = 68'719'476'736.0;
  static constexpr double kMost = 1'048'576;
  static uint64_t Fixed(model::Measure measure, double value) {
    if (measure == model::Measure::kLatency) {
      return static_cast<uint64_t>(std::llround(std::clamp(value, 0.0, 1e18)));
    }
    return static_cast<uint64_t>(std::llround(std::clamp(value, 0.0, kMost) * kOne));
  }
  // The mean, in the sample's unit.
  double Mean() const {
    const double mean = static_cast<double>(sum.value) / static_cast<double>(count);
    return channel.measure() == model::Measure::kLatency ? mean : mean / kOne;
  }

  static constexpr std::array kKey{statistics::KeyPart::kInstance, statistics::KeyPart::kInstance,
                                   statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
  std::array<uint32_t, 4> key() const {
    return {Index(instance), Index(host), slot, channel.number};
  }
  void set_key(const std::array<uint32_t, 4>& key) {
    instance = Id<model::InstanceId>(key[0]);
    host = Id<model::InstanceId>(key[1]);
    slot = key[2];
    channel.number = key[3];
  }
  void Merge(const LoadCell& other) {
    sum.Add(other.sum.value);
    count += other.count;
  }
  void Save(std::string& out) const {
    statistics::AppendVarint(out, sum.value);
    statistics::AppendVarint(out, count);
  }
  bool Load(statistics::StateReader& in) {
    sum.value = in.Varint();
    count = in.Varint();
    return in.ok() && count > 0;
  }
};

using LoadCells = statistics::KeyedTable<LoadCell>;

// Adds a sample that says how loaded an instance or a host is, or how long calls of it took: all
// but those of calls that it makes.
inline void AddSample(LoadCells& cells, const model::Sample& sample) {
  if (sample.time_ns == model::kNoTime || sample.measure == model::Measure::kCluster) return;
  const bool of_calls =
      sample.measure == model::Measure::kCallRate || sample.measure == model::Measure::kLatency;
  if (of_calls && sample.flow != model::Flow::kNone && !IsIn(sample.flow)) return;
  LoadCell& cell =
      cells[{Index(sample.instance), Index(sample.host), SlotOf(sample.time_ns),
             Channel::Of(sample.measure, of_calls ? sample.flow : model::Flow::kNone).number}];
  cell.sum.Add(LoadCell::Fixed(sample.measure, sample.value));
  ++cell.count;
}

// How often an instance makes calls itself, by traces and by rate tables.
struct CallsMade {
  model::InstanceId instance = model::kNoInstance;
  uint64_t calls = 0;    // in traces
  uint64_t samples = 0;  // of rates above 0
  uint64_t idle = 0;     // of rates that are 0: its table tells what it makes

  static constexpr std::array kKey{statistics::KeyPart::kInstance};
  std::array<uint32_t, 1> key() const { return {Index(instance)}; }
  void set_key(const std::array<uint32_t, 1>& key) { instance = Id<model::InstanceId>(key[0]); }
  void Merge(const CallsMade& other) {
    calls += other.calls;
    samples += other.samples;
    idle += other.idle;
  }
  void Save(std::string& out) const {
    statistics::AppendVarint(out, calls);
    statistics::AppendVarint(out, samples);
    statistics::AppendVarint(out, idle);
  }
  bool Load(statistics::StateReader& in) {
    calls = in.Varint();
    samples = in.Varint();
    idle = in.Varint();
    return in.ok();
  }
};

// Calls that an instance served, by operation and slot.
struct ServedCalls {
  model::InstanceId instance = model::kNoInstance;
  model::OperationId operation = model::kNoOperation;
  uint32_t slot = 0;
  uint64_t calls = 0;  // whose own time is known
  FixedSum self_ns;

  static constexpr std::array kKey{statistics::KeyPart::kInstance, statistics::KeyPart::kOperation,
                                   statistics::KeyPart::kPlain};
  std::array<uint32_t, 3> key() const { return {Index(instance), Index(operation), slot}; }
  void set_key(const std::array<uint32_t, 3>& key) {
    instance = Id<model::InstanceId>(key[0]);
    operation = Id<model::OperationId>(key[1]);
    slot = key[2];
  }
  void Merge(const ServedCalls& other) {
    calls += other.calls;
    self_ns.Add(other.self_ns.value);
  }
  void Save(std::string& out) const {
    statistics::AppendVarint(out, calls);
    statistics::AppendVarint(out, self_ns.value);
  }
  bool Load(statistics::StateReader& in) {
    calls = in.Varint();
    self_ns.value = in.Varint();
    return in.ok();
  }
};

}  // namespace plumbago::analysis
