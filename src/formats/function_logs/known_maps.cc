#include "formats/function_logs/known_maps.h"

#include <string>
#include <string_view>

#include "base/check.h"
#include "formats/csv_mapped/map_file.h"

namespace plumbago::formats::function_logs {
namespace {

// Apache OpenWhisk, docs/annotations.md and docs/rest_api.md: times are milliseconds; `initTime` is
// there where a container was initialised, and is part of `duration`; `waitTime` is until there was
// a container. The records of sequences have none of their own.
constexpr std::string_view kOpenWhisk = R"(
[[table]]
name = "openwhisk"
rows = "executions"
needs = ["activationId"]
cold_in_duration = true
[table.columns]
app = "annotations.path"
function = "name"
owner = { column = "namespace", optional = true }
start = { column = "start", unit = "ms" }
end = { column = "end", unit = "ms", optional = true }
duration = { column = "duration", unit = "ms", optional = true }
memory = { column = "annotations.limits.memory", unit = "MB", optional = true }
cold_latency = { column = "annotations.initTime", unit = "ms", optional = true }
wait = { column = "annotations.waitTime", unit = "ms", optional = true }
skip = { column = "annotations.kind", optional = true, values = { sequence = "true" } }
)";

// Knative Serving, config-observability: the queue-proxy writes a line when a request is answered,
// by logging.request-log-template; its default has no time and no name, so collectors' keys
// (fluentd's kubernetes.*) and what users add to the template are read, too.
constexpr std::string_view kKnative = R"(
[[table]]
name = "knative"
rows = "executions"
needs = ["httpRequest.latency"]
[table.columns]
app = ["serviceName", "service", "kubernetes.labels.serving.knative.dev/service", "kubernetes.labels.serving_knative_dev/service", "revisionName", "revision", "kubernetes.labels.serving.knative.dev/revision", "kubernetes.labels.serving_knative_dev/revision"]
function = { column = ["revisionName", "revision", "kubernetes.labels.serving.knative.dev/revision", "kubernetes.labels.serving_knative_dev/revision"], optional = true }
owner = { column = ["namespace", "kubernetes.namespace_name"], optional = true }
trigger = { value = "http" }
end = { column = ["timestamp", "time", "@timestamp", "ts"], format = "any" }
duration = { column = "httpRequest.latency", format = "any", unit = "s" }
skip = { column = "httpRequest.userAgent", optional = true, values = { "kube-probe*" = "true", "Knative-Ingress-Probe*" = "true", "Knative-Activator-Probe*" = "true", "Knative-Queue-Proxy-Probe*" = "true" } }
)";

constexpr std::string_view kPlain = R"(
[[table]]
name = "plain"
rows = "executions"
[table.columns]
app = ["app", "application", "service"]
function = { column = ["function", "func", "operation"], optional = true }
owner = { column = ["owner", "namespace", "tenant"], optional = true }
trigger = { column = "trigger", optional = true, other = "others" }
start = { column = ["start", "start_time", "started_at", "start_s", "start_ms", "start_us", "start_ns"], format = "any", optional = true }
end = { column = ["end", "end_time", "ended_at", "end_s", "end_ms", "end_us", "end_ns"], format = "any", optional = true }
duration = { column = ["duration", "duration_s", "duration_ms", "duration_us", "duration_ns"], format = "any", optional = true }
memory = { column = ["memory", "memory_mb", "memory_kb", "memory_bytes"], format = "any", optional = true }
cold = { column = ["cold", "cold_start"], optional = true }
cold_latency = { column = ["cold_latency", "cold_latency_s", "cold_latency_ms", "cold_latency_us"], format = "any", optional = true }
)";

ColumnMap Parsed(std::string_view toml) {
  Result<ColumnMap> map = ParseMap(toml, "built in");
  CHECK(map.has_value());
  return std::move(*map);
}

}  // namespace

const ColumnMap& KnownLogs() {
  static const ColumnMap kMap = Parsed(std::string(kOpenWhisk).append(kKnative).append(kPlain));
  return kMap;
}

const ColumnMap& KnownTables() {
  static const ColumnMap kMap = Parsed(kPlain);
  return kMap;
}

ColumnMap ExecutionsOf(const ColumnMap& map, const ColumnMap& known) {
  ColumnMap all;
  for (const TableMap& table : map.tables) {
    if (table.rows == RowKind::kExecutions) all.tables.push_back(table);
  }
  all.tables.insert(all.tables.end(), known.tables.begin(), known.tables.end());
  return all;
}

}  // namespace plumbago::formats::function_logs
