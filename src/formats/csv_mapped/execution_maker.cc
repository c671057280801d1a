#include "formats/csv_mapped/execution_maker.h"

#include <algorithm>
#include <tuple>

#include "base/strong_id.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/csv_mapped/execution_time.h"

namespace plumbago::formats {
namespace {

constexpr int64_t kNone = INT64_MIN;

int64_t MicrosOf(int64_t ns) { return ns / 1000 - (ns % 1000 < 0 ? 1 : 0); }

std::string_view ExpectedMoment(const TimeField& field) {
  if (field.any) {
    return "a time (RFC 3339), or a number since 1970 in s, ms, us or ns; for others the map says "
           "the unit";
  }
  return field.date ? "a date and time (RFC 3339)" : "a number in the map's unit";
}

std::string_view ExpectedSpan(const TimeField& field) {
  if (field.any) {
    return "a duration with its unit (\"12ms\", or a name such as duration_ms), not negative; else "
           "the map says the unit";
  }
  return "a number in the map's unit, not negative";
}

}  // namespace

bool ExecutionMaker::IsMissing(std::string_view text) const {
  if (text.empty()) return true;
  for (const std::string& mark : table_.missing) {
    if (text == mark) return true;
  }
  return false;
}

bool ExecutionMaker::ReadMoment(const ExecutionCell& cell, const TimeField& field, int64_t& ns,
                                bool& dated) {
  if (IsMissing(cell.text)) return true;
  if (field.date || field.any) {
    if (ParseDateTime(cell.text, field.zone_s, ns)) return dated = true;
    if (field.date) return false;
  }
  uint8_t power = field.power;
  if (field.any) {
    if (const auto named = UnitOfName(cell.name)) {
      power = *named;
    } else if (!field.unit) {
      const auto sized = UnitBySize(cell.text);
      if (!sized) return false;
      unit_ = power = *sized;
    }
  }
  if (!ParseScaledSlowly(cell.text, power, ns)) return false;
  dated = ns >= kFirstDatedNs;
  return true;
}

bool ExecutionMaker::ReadSpan(const ExecutionCell& cell, const TimeField& field,
                              int64_t& ns) const {
  if (IsMissing(cell.text)) return true;
  bool read = false;
  if (!field.any) {
    read = ParseScaledSlowly(cell.text, field.power, ns);
  } else if (const auto named = UnitOfName(cell.name)) {
    read = ParseScaledSlowly(cell.text, *named, ns);
  } else if (field.unit || unit_ >= 0) {
    read = ParseScaledSlowly(cell.text, field.unit ? field.power : static_cast<uint8_t>(unit_), ns);
  }
  if (!read && field.any) read = ParseWrittenDuration(cell.text, ns);
  return read && ns >= 0;
}

bool ExecutionMaker::ReadTimes(const ExecutionCells& cells, model::Execution& out,
                               ExecutionFault& fault) {
  const auto wrong = [&](const FieldSource& field, std::string_view expected) {
    fault = {&field, expected};
    return false;
  };
  int64_t start_ns = kNone, end_ns = kNone, duration_ns = kNone;
  bool dated = false, end_dated = false;
  unit_ = -1;
  if (!ReadMoment(cells.start, table_.start, start_ns, dated))
    return wrong(table_.start, ExpectedMoment(table_.start));
  if (!ReadMoment(cells.end, table_.end, end_ns, end_dated))
    return wrong(table_.end, ExpectedMoment(table_.end));
  if (start_ns == kNone && end_ns == kNone) {
    return wrong(table_.start.given() ? static_cast<const FieldSource&>(table_.start) : table_.end,
                 "when it began or ended");
  }
  if (!ReadSpan(cells.duration, table_.duration, duration_ns))
    return wrong(table_.duration, ExpectedSpan(table_.duration));
  if (duration_ns == kNone && start_ns != kNone && end_ns != kNone) {
    if (dated != end_dated || end_ns < start_ns)
      return wrong(table_.end, "a time not before the start");
    duration_ns = end_ns - start_ns;
  }
  if (start_ns == kNone) {
    start_ns = duration_ns == kNone ? end_ns : end_ns - duration_ns;
    dated = end_dated;
  }
  out.dated = dated;
  out.start_us = MicrosOf(start_ns);
  if (!ReadCold(cells, duration_ns, out, fault)) return false;
  if (duration_ns != kNone) out.duration_us = duration_ns / 1000;
  return true;
}

bool ExecutionMaker::ReadCold(const ExecutionCells& cells, int64_t& duration_ns,
                              model::Execution& out, ExecutionFault& fault) const {
  int64_t cold_ns = kNone, wait_ns = kNone;
  for (const auto& [cell, field, ns] :
       {std::tuple(&cells.cold_latency, &table_.cold_latency, &cold_ns),
        std::tuple(&cells.wait, &table_.wait, &wait_ns)}) {
    if (ReadSpan(*cell, *field, *ns)) continue;
    fault = {field, ExpectedSpan(*field)};
    return false;
  }
  out.was_cold = cold_ns > 0;
  if (!IsMissing(cells.cold.text)) {
    const std::optional<bool> said = table_.cold.Find(cells.cold.text);
    if (!said) {
      fault = {&table_.cold, "true or false, cold or warm; else the map's words"};
      return false;
    }
    out.was_cold = *said;
  }
  if (!out.was_cold) return true;
  if (cold_ns != kNone && duration_ns != kNone && table_.cold_in_duration)
    duration_ns = std::max<int64_t>(duration_ns - cold_ns, 0);
  if (cold_ns != kNone || wait_ns != kNone) {
    out.cold_us = (std::max<int64_t>(cold_ns, 0) / 1000) + (std::max<int64_t>(wait_ns, 0) / 1000);
  }
  return true;
}

std::string_view ExecutionMaker::NameOf(const ExecutionCell& cell, const NameField& field) {
  return IsMissing(cell.text) ? std::string_view() : field.rule.Apply(cell.text, matcher_);
}

bool ExecutionMaker::Make(const ExecutionCells& cells, model::Execution& out,
                          ExecutionFault& fault) {
  fault = {};
  if (!cells.skip.text.empty() && table_.skip.Find(cells.skip.text).value_or(table_.skip.other))
    return false;
  const std::string_view app = NameOf(cells.app, table_.app);
  if (app.empty()) {
    fault = {&table_.app, "the name of an application"};
    return false;
  }
  if (!ReadTimes(cells, out, fault)) return false;
  if (!IsMissing(cells.memory.text)) {
    double mb = 0;
    int64_t scaled = 0;  // the number times 1000
    const bool read = table_.memory.any ? ParseAnyAmount(cells.memory.text, cells.memory.name, mb)
                                        : ParseScaledSlowly(cells.memory.text, 3, scaled);
    if (!table_.memory.any) mb = static_cast<double>(scaled) / 1000 * table_.memory.scale;
    if (!read || !(mb >= 0)) {
      fault = {&table_.memory, "memory in the map's unit, or with its own (128Mi), not negative"};
      return false;
    }
    out.memory_mb = static_cast<float>(mb);
  }
  // Every execution is of a function: of one that is called like its application.
  const std::string_view named = NameOf(cells.function, table_.function);
  const std::string_view function = named.empty() ? app : named;
  const std::string_view owner = NameOf(cells.owner, table_.owner);
  out.app = Id<model::ServiceId>(names_.services.Intern(app));
  out.function = Id<model::OperationId>(names_.operations.Intern(function));
  if (!owner.empty()) out.owner = Id<model::InstanceId>(names_.instances.Intern(owner));
  if (!IsMissing(cells.trigger.text))
    out.trigger = table_.trigger.Find(cells.trigger.text).value_or(table_.trigger.other);
  return true;
}

}  // namespace plumbago::formats
