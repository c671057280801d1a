// What a map says (docs/formats/csv-map.md): which tables there are, how each is recognised, what a
// row of it is and which column gives which field. Plain data; made by map_file.h or map_flags.h,
// bound to the header of a file by table_layout.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/header.h"
#include "formats/csv_mapped/name_rule.h"
#include "model/call.h"
#include "model/function_rows.h"
#include "model/sample.h"

namespace plumbago::formats {

// Where the text of a field comes from.
struct FieldSource {
  std::vector<std::string> columns;     // aliases, as the map writes them
  std::optional<std::string> constant;  // instead of a column
  bool optional = false;                // the table may lack the column
  uint32_t column = csv::kNoColumn;     // that it is bound to

  bool given() const { return !columns.empty() || constant; }
  bool bound() const { return column != csv::kNoColumn; }
};

struct NameField : FieldSource {
  NameRule rule;
  std::vector<std::string> user;  // texts that stand for the user (the caller's)
};

struct TimeField : FieldSource {
  uint8_t power = 0;  // of ten, from the unit to nanoseconds
  bool date = false;  // a date as text
  bool any = false;   // executions: however it is written (execution_time.h)
  bool unit = true;   // `power` is said
  std::optional<int32_t> zone_s;
};

// Memory of an instance.
struct AmountField : FieldSource {
  double scale = 1;  // from the unit to MB, of 2^20 bytes each
  bool any = false;  // however it is written (execution_time.h)
};

// A word that stands for a value.
template <class T>
struct WordField : FieldSource {
  struct Word {
    std::string text;  // with `prefix`: what the word begins with
    bool prefix = false;
    T value{};
  };
  std::vector<Word> words;
  T other{};  // for a word that is not among them

  // Nothing: the word is not among them.
  std::optional<T> Find(std::string_view text) const {
    for (const Word& word : words) {
      if (word.prefix ? text.starts_with(word.text) : text == word.text) return word.value;
    }
    return std::nullopt;
  }
};

struct ParentField : FieldSource {
  std::vector<std::string> root;  // texts that say "none"
};

struct WeightField : FieldSource {
  bool probability = false;  // of having been sampled, instead of its inverse
};

// One value of a sample: a row becomes as many samples as it has values.
struct ValueField : FieldSource {
  model::Measure measure = model::Measure::kCpu;
  model::Flow flow = model::Flow::kNone;
  bool normalised = false;
  bool of_host = false;              // no instance is named in the sample
  bool zero_is_none = false;         // 0 says that there is no value
  double scale = 1;                  // from the unit to the measure's
  std::optional<FieldSource> limit;  // divides the value, in the same unit
  double limit_value = 0;            // of a constant limit
};

enum class RowKind : uint8_t { kCalls, kSamples, kSiblingPairs, kExecutions };

struct TableMap {
  std::string name;
  RowKind rows = RowKind::kCalls;
  std::string path;                  // glob; empty: any
  std::vector<std::string> needs;    // columns that must be there beside those of fields
  std::vector<std::string> header;   // names of the columns of a file that has no header line
  std::vector<std::string> missing;  // texts that say "no value", beside the empty one

  // Calls; pairs of siblings have trace, span, path, caller, overlap; samples the last five.
  FieldSource trace, span, path_id;
  ParentField parent;
  NameField caller, callee, operation, entry, caller_instance, callee_instance;
  NameField caller_cluster, callee_cluster;
  WordField<model::Kind> kind;
  WordField<model::Side> side;
  WordField<model::Status> status;
  TimeField start, end, duration;
  WeightField weight;
  WordField<bool> overlap;
  TimeField time;
  NameField service, instance, host, cluster;
  std::vector<ValueField> values;

  // Executions of functions; these, and start, end, duration.
  NameField app, function, owner;
  WordField<model::Trigger> trigger;
  WordField<bool> cold, skip;
  TimeField cold_latency, wait;
  AmountField memory;
  bool cold_in_duration = false;  // a duration holds the cold latency

  // each(name, field) for all that are given. Self: TableMap, const or not.
  template <class Self, class Each>
  static void ForEachField(Self& self, Each&& each);
};

struct ColumnMap {
  std::vector<TableMap> tables;  // the first that fits a file reads it
};

template <class Self, class Each>
void TableMap::ForEachField(Self& self, Each&& each) {
  const auto one = [&each](const char* name, auto& field) {
    if (field.given()) each(name, field);
  };
  one("trace", self.trace);
  one("span", self.span);
  one("path", self.path_id);
  one("parent", self.parent);
  one("caller", self.caller);
  one("callee", self.callee);
  one("operation", self.operation);
  one("entry", self.entry);
  one("caller_instance", self.caller_instance);
  one("callee_instance", self.callee_instance);
  one("caller_cluster", self.caller_cluster);
  one("callee_cluster", self.callee_cluster);
  one("kind", self.kind);
  one("side", self.side);
  one("status", self.status);
  one("start", self.start);
  one("end", self.end);
  one("duration", self.duration);
  one("weight", self.weight);
  one("overlap", self.overlap);
  one("time", self.time);
  one("service", self.service);
  one("instance", self.instance);
  one("host", self.host);
  one("cluster", self.cluster);
  one("app", self.app);
  one("function", self.function);
  one("owner", self.owner);
  one("trigger", self.trigger);
  one("cold", self.cold);
  one("skip", self.skip);
  one("cold_latency", self.cold_latency);
  one("wait", self.wait);
  one("memory", self.memory);
  for (auto& value : self.values) {
    one("value", value);
    if (value.limit) one("limit", *value.limit);
  }
}

}  // namespace plumbago::formats
