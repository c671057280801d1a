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

std::span<const MapWord<RowKind>> RowKindWords() {
  static constexpr MapWord<RowKind> kWords[] = {{"calls", RowKind::kCalls},
                                                {"samples", RowKind::kSamples},
                                                {"sibling-pairs", RowKind::kSiblingPairs}};
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
