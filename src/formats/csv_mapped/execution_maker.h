// One execution of a function, from the texts of a row or of a JSON object, as a map says.
#pragma once

#include <string_view>

#include "formats/csv_mapped/column_map.h"
#include "model/names.h"

namespace plumbago::formats {

// A field's text, and what it stands under: names may end with a unit.
struct ExecutionCell {
  std::string_view text, name;
};

// "" where a field is not there.
struct ExecutionCells {
  ExecutionCell app, function, owner, trigger, start, end, duration, memory, cold, cold_latency,
      wait, skip;
};

// What is wrong.
struct ExecutionFault {
  const FieldSource* field = nullptr;  // of the table; nullptr: nothing
  std::string_view expected;
};

// For the rows of a block; one thread.
class ExecutionMaker {
 public:
  ExecutionMaker(const TableMap& table, model::NameCaches& names) : table_(table), names_(names) {}

  // False, and no fault: the row is no execution (the map's `skip`). What is at fault leaves no
  // names behind.
  bool Make(const ExecutionCells& cells, model::Execution& out, ExecutionFault& fault);

 private:
  bool IsMissing(std::string_view text) const;
  // False: it is no such time. Nothing is read where the text is missing.
  bool ReadMoment(const ExecutionCell& cell, const TimeField& field, int64_t& ns, bool& dated);
  bool ReadSpan(const ExecutionCell& cell, const TimeField& field, int64_t& ns) const;
  bool ReadTimes(const ExecutionCells& cells, model::Execution& out, ExecutionFault& fault);
  bool ReadCold(const ExecutionCells& cells, int64_t& duration_ns, model::Execution& out,
                ExecutionFault& fault) const;
  std::string_view NameOf(const ExecutionCell& cell, const NameField& field);

  const TableMap& table_;
  model::NameCaches& names_;
  Pattern::Matcher matcher_;
  int unit_ = -1;  // of the row's moments, where their size told it
};

}  // namespace plumbago::formats
