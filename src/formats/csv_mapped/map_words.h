// The words that a map may write, and what they stand for.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats {

template <class T>
struct MapWord {
  std::string_view text;
  T value;
};

std::span<const MapWord<RowKind>> RowKindWords();         // "calls", ...
std::span<const MapWord<model::Kind>> KindWords();        // "rpc", ...
std::span<const MapWord<model::Side>> SideWords();        // "client", "server", "unknown"
std::span<const MapWord<model::Status>> StatusWords();    // "ok", "error", "unset"
std::span<const MapWord<bool>> OverlapWords();            // "overlapping", "sequential", ...
std::span<const MapWord<model::Measure>> MeasureWords();  // "cpu", ...
std::span<const MapWord<model::Flow>> FlowWords();        // "rpc_in", ...
std::span<const MapWord<model::Trigger>> TriggerWords();  // "http", ...
std::span<const MapWord<bool>> ColdWords();               // "cold", "warm", ...
std::span<const MapWord<bool>> YesWords();                // "true", "false", ...
// Units of memory: "MB" (2^20 bytes), ...; as MB.
std::span<const MapWord<double>> AmountWords();

// How a value is measured.
struct MapUnit {
  std::string_view text;
  enum Of : uint8_t { kTime, kShare, kRate, kAmount } of;
  double scale;  // to nanoseconds, shares, calls a second
};
std::span<const MapUnit> Units();
// What the unit of a measure must be of. Amounts (bytes, cores) become shares by a limit.
MapUnit::Of UnitOf(model::Measure measure);

template <class T>
std::optional<T> FindWord(std::span<const MapWord<T>> words, std::string_view text) {
  for (const MapWord<T>& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

template <class W>
std::vector<std::string_view> TextsOf(std::span<const W> words) {
  std::vector<std::string_view> texts;
  for (const W& word : words) texts.push_back(word.text);
  return texts;
}

// `text` is not among `known`: "'callls' is not among calls, samples; did you mean 'calls'?"
std::string NotAmong(std::string_view text, std::span<const std::string_view> known);

}  // namespace plumbago::formats
