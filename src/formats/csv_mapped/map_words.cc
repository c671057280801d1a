#include "formats/csv_mapped/map_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/edit_distance.h"

namespace plumbago::formats {

using model::Flow;
using model::Kind;
using model::Measure;
using model::Side;
using model::Status;
using model::Trigger;

std::span<const MapWord<RowKind>> RowKindWords() {
  static constexpr MapWord<RowKind> kWords[] = {{"calls", RowKind::kCalls},
                                                {"samples", RowKind::kSamples},
                                                {"sibling-pairs", RowKind::kSiblingPairs},
                                                {"executions", RowKind::kExecutions}};
  return kWords;
}

std::span<const MapWord<Kind>> KindWords() {
  static constexpr MapWord<Kind> kWords[] = {
      {"rpc", Kind::kRpc},           {"http", Kind::kHttp},       {"message", Kind::kMessage},
      {"database", Kind::kDatabase}, {"cache", Kind::kCache},     {"internal", Kind::kInternal},
      {"other", Kind::kOther},       {"unknown", Kind::kUnknown}, {"mq", Kind::kMessage},
      {"db", Kind::kDatabase},       {"mc", Kind::kCache}};
  return kWords;
}

std::span<const MapWord<Side>> SideWords() {
  static constexpr MapWord<Side> kWords[] = {
      {"client", Side::kClient}, {"server", Side::kServer}, {"unknown", Side::kUnknown}};
  return kWords;
}

std::span<const MapWord<Status>> StatusWords() {
  static constexpr MapWord<Status> kWords[] = {
      {"ok", Status::kOk}, {"error", Status::kError}, {"unset", Status::kUnset}};
  return kWords;
}

std::span<const MapWord<bool>> OverlapWords() {
  static constexpr MapWord<bool> kWords[] = {
      {"overlapping", true}, {"concurrent", true},  {"parallel", true}, {"true", true},
      {"1", true},           {"sequential", false}, {"false", false},   {"0", false}};
  return kWords;
}

std::span<const MapWord<Measure>> MeasureWords() {
  static constexpr MapWord<Measure> kWords[] = {{"cpu", Measure::kCpu},
                                                {"memory", Measure::kMemory},
                                                {"host_cpu", Measure::kHostCpu},
                                                {"host_memory", Measure::kHostMemory},
                                                {"call_rate", Measure::kCallRate},
                                                {"latency", Measure::kLatency}};
  static_assert(std::size(kWords) + 1 == model::kMeasures);  // a cluster is no value
  return kWords;
}

std::span<const MapWord<Flow>> FlowWords() {
  static constexpr MapWord<Flow> kWords[] = {{"", Flow::kNone},
                                             {"rpc_in", Flow::kRpcIn},
                                             {"rpc_out", Flow::kRpcOut},
                                             {"http_in", Flow::kHttpIn},
                                             {"message_in", Flow::kMessageIn},
                                             {"message_out", Flow::kMessageOut},
                                             {"cache_read", Flow::kCacheRead},
                                             {"cache_write", Flow::kCacheWrite},
                                             {"database_read", Flow::kDatabaseRead},
                                             {"database_write", Flow::kDatabaseWrite}};
  static_assert(std::size(kWords) == model::kFlows);
  return kWords;
}

std::span<const MapWord<Trigger>> TriggerWords() {
  static constexpr MapWord<Trigger> kWords[] = {
      {"http", Trigger::kHttp},     {"queue", Trigger::kQueue},
      {"event", Trigger::kEvent},   {"orchestration", Trigger::kOrchestration},
      {"timer", Trigger::kTimer},   {"storage", Trigger::kStorage},
      {"others", Trigger::kOthers}, {"unknown", Trigger::kUnknown}};
  static_assert(std::size(kWords) == model::kTriggers);
  return kWords;
}

std::span<const MapWord<bool>> ColdWords() {
  static constexpr MapWord<bool> kWords[] = {
      {"cold", true},   {"warm", false}, {"true", true}, {"false", false}, {"True", true},
      {"False", false}, {"yes", true},   {"no", false},  {"1", true},      {"0", false}};
  return kWords;
}

std::span<const MapWord<bool>> YesWords() {
  static constexpr MapWord<bool> kWords[] = {{"true", true}, {"false", false}, {"yes", true},
                                             {"no", false},  {"1", true},      {"0", false}};
  return kWords;
}

std::span<const MapWord<double>> AmountWords() {
  static constexpr MapWord<double> kWords[] = {
      {"MB", 1},    {"MiB", 1},   {"bytes", 1.0 / 1048576}, {"KB", 1.0 / 1024}, {"KiB", 1.0 / 1024},
      {"GB", 1024}, {"GiB", 1024}};
  return kWords;
}

std::span<const MapUnit> Units() {
  static constexpr MapUnit kUnits[] = {
      {"ns", MapUnit::kTime, 1},         {"us", MapUnit::kTime, 1e3},
      {"ms", MapUnit::kTime, 1e6},       {"s", MapUnit::kTime, 1e9},
      {"share", MapUnit::kShare, 1},     {"percent", MapUnit::kShare, 0.01},
      {"per-second", MapUnit::kRate, 1}, {"per-minute", MapUnit::kRate, 1.0 / 60},
      {"bytes", MapUnit::kAmount, 1},    {"cores", MapUnit::kAmount, 1}};
  return kUnits;
}

MapUnit::Of UnitOf(Measure measure) {
  if (measure == Measure::kCallRate) return MapUnit::kRate;
  return measure == Measure::kLatency ? MapUnit::kTime : MapUnit::kShare;
}

std::string NotAmong(std::string_view text, std::span<const std::string_view> known) {
  const std::string_view near = NearestName(text, known);
  return fmt::format("'{}' is not among {}{}", text.substr(0, 64), fmt::join(known, ", "),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

}  // namespace plumbago::formats
