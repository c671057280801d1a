// The keys of JSON objects that a map wants, nested ones by dots ("httpRequest.latency"), and their
// texts in one object after the other.
//
// A key may itself have dots ("labels.serving.knative.dev/service"). An array of objects with `key`
// and `value` (OpenWhisk's annotations) is read like one object.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv_mapped/column_map.h"
#include "formats/csv_mapped/execution_maker.h"
#include "formats/json/cursor.h"

namespace plumbago::formats::function_logs {

// What one object says. Valid until the next one is read.
struct KeyTexts {
  struct Found {
    std::string_view text;
    size_t position = 0;  // of the text, in the cursor's
  };
  std::vector<Found> found;  // by key
  uint64_t there = 0;        // a bit for each key that is there; the others of `found` are void
};

// Immutable once made.
class WantedKeys {
 public:
  // Of one table of executions; the first 64 are wanted.
  explicit WantedKeys(const TableMap& table);

  // Reads the object that the cursor is at. False: the cursor has failed.
  bool Read(json::Cursor& json, KeyTexts& texts) const;
  // The texts as cells of the table; of several keys of a field the first that is there. Valid as
  // long as the table.
  ExecutionCells CellsOf(const KeyTexts& texts) const;
  // Of a field, for messages; nullptr: it is not there.
  const KeyTexts::Found* FoundOf(const FieldSource& field, const KeyTexts& texts) const;
  // True if objects with these texts can be read by the map: what is not optional is there.
  bool Fits(const TableMap& table, const KeyTexts& texts) const;

 private:
  static constexpr size_t kMost = 64;
  // Where within each key the object's own keys begin.
  using Offsets = std::array<uint16_t, kMost>;

  bool Object(json::Cursor& json, uint64_t among, const Offsets& at, int depth,
              KeyTexts& texts) const;
  bool Value(json::Cursor& json, std::string_view key, uint64_t among, const Offsets& at, int depth,
             KeyTexts& texts) const;
  bool Pairs(json::Cursor& json, uint64_t among, const Offsets& at, int depth,
             KeyTexts& texts) const;
  size_t IndexOf(std::string_view key) const;
  bool IsThere(std::string_view key, const KeyTexts& texts) const;

  // Where a cell's text comes from.
  struct Source {
    ExecutionCell ExecutionCells::* cell;
    std::vector<uint8_t> keys;  // the first that is there
    ExecutionCell constant;     // where there is none
  };

  std::vector<std::string> keys_;
  std::array<uint64_t, 256> begin_{};  // the keys that begin with a byte
  std::vector<Source> sources_;
};

}  // namespace plumbago::formats::function_logs
