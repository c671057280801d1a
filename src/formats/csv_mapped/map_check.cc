#include "formats/csv_mapped/map_check.h"

namespace plumbago::formats {

std::span<const std::string_view> FieldsOf(RowKind rows) {
  static constexpr std::string_view kCalls[] = {"trace",
                                                "span",
                                                "parent",
                                                "path",
                                                "caller",
                                                "callee",
                                                "operation",
                                                "entry",
                                                "caller_instance",
                                                "callee_instance",
                                                "caller_cluster",
                                                "callee_cluster",
                                                "kind",
                                                "side",
                                                "status",
                                                "start",
                                                "end",
                                                "duration",
                                                "weight"};
  static constexpr std::string_view kSamples[] = {"time", "service", "instance", "host", "cluster"};
  static constexpr std::string_view kPairs[] = {"trace", "span", "path", "caller", "overlap"};
  static constexpr std::string_view kExecutions[] = {"app",   "function",     "owner",    "trigger",
                                                     "start", "end",          "duration", "memory",
                                                     "cold",  "cold_latency", "wait",     "skip"};
  if (rows == RowKind::kCalls) return kCalls;
  if (rows == RowKind::kExecutions) return kExecutions;
  if (rows == RowKind::kSamples) return kSamples;
  return kPairs;
}

std::string WhatLacks(const TableMap& table) {
  if (!table.header.empty() && table.path.empty())
    return "the key 'path' beside 'header': a file without a header line is known by its name";
  if (table.rows == RowKind::kSamples) {
    if (table.cluster.given() && !table.instance.given() && !table.host.given())
      return "the field 'instance' or 'host': what lies in the cluster";
    if (table.cluster.given() && table.values.empty()) return "";
    if (!table.time.given() || table.time.optional) return "the field 'time', not optional";
    if (!table.service.given() && !table.instance.given() && !table.host.given())
      return "one of the fields 'service', 'instance', 'host'";
    return table.values.empty() ? "at least one [[table.value]]" : "";
  }
  if (table.rows == RowKind::kExecutions) {
    if (!table.app.given()) return "the field 'app'";
    return table.start.given() || table.end.given() ? "" : "the field 'start' or 'end'";
  }
  if (!table.trace.given() || table.trace.optional) return "the field 'trace', not optional";
  if (!table.span.given() && !table.path_id.given())
    return "the field 'span' (with 'parent') or 'path': by them calls are linked";
  if (table.rows == RowKind::kSiblingPairs)
    return table.overlap.given() && !table.overlap.optional ? ""
                                                            : "the field 'overlap', not optional";
  if (table.parent.given() && !table.span.given()) return "the field 'span' beside 'parent'";
  if (table.end.given() && table.duration.given()) return "'end' or 'duration', not both";
  if (table.end.given() && !table.start.given()) return "the field 'start' beside 'end'";
  return "";
}

}  // namespace plumbago::formats
