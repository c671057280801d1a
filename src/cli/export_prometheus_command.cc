// plumbago export prometheus: service graph and span metrics under Tempo's names.
#include <fmt/format.h>

#include "cli/profile_export.h"
#include "engine/span_metrics.h"
#include "render/prometheus_text.h"

namespace plumbago::cli {
namespace {

using render::MetricLabel;

constexpr Flag kFlags[] = {
    kProfileOutFlag,
    {"--openmetrics", nullptr, "OpenMetrics 1.0 instead of Prometheus' own text"},
    {"--lines", "N", "at most so many edges, and so many kinds of spans: those with the most calls",
     "10000"},
    kRepairFlag,
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

std::vector<int64_t> Bounds(int64_t first_ns, size_t buckets) {
  std::vector<int64_t> bounds;
  bounds.reserve(buckets);
  for (size_t i = 0; i < buckets; ++i) bounds.push_back(first_ns << i);
  return bounds;
}

const char* ConnectionText(engine::Connection connection) {
  switch (connection) {
    case engine::Connection::kVirtualNode:
      return "virtual_node";
    case engine::Connection::kMessagingSystem:
      return "messaging_system";
    case engine::Connection::kDatabase:
      return "database";
    case engine::Connection::kUnset:
      break;
  }
  return "";
}

// As the constants of OpenTelemetry's protocol are called.
const char* SpanKindText(const engine::SpanMetrics& span) {
  const bool message = span.kind == model::Kind::kMessage;
  switch (span.side) {
    case model::Side::kClient:
      return message ? "SPAN_KIND_PRODUCER" : "SPAN_KIND_CLIENT";
    case model::Side::kServer:
      return message ? "SPAN_KIND_CONSUMER" : "SPAN_KIND_SERVER";
    case model::Side::kUnknown:
      break;
  }
  return span.kind == model::Kind::kInternal ? "SPAN_KIND_INTERNAL" : "SPAN_KIND_UNSPECIFIED";
}

const char* StatusCodeText(model::Status status) {
  switch (status) {
    case model::Status::kOk:
      return "STATUS_CODE_OK";
    case model::Status::kError:
      return "STATUS_CODE_ERROR";
    case model::Status::kUnset:
      break;
  }
  return "STATUS_CODE_UNSET";
}

struct EdgeLine {
  const engine::EdgeMetrics& edge;
  std::vector<MetricLabel> labels;
};

void PutEdges(const engine::MeasuredSpans& measured, render::PrometheusText& text) {
  std::vector<EdgeLine> lines;
  for (const engine::EdgeMetrics& edge : measured.edges) {
    std::string_view client = measured.names->Text(edge.client);
    std::string_view server = measured.names->Text(edge.server);
    if (edge.other) client = server = "(other)";
    if (client.empty() && edge.requests > 0) client = "user";
    lines.push_back({edge,
                     {{"client", client},
                      {"server", server},
                      {"connection_type", ConnectionText(edge.connection)}}});
  }
  const std::vector<int64_t> bounds = Bounds(engine::kEdgeFirstBucketNs, engine::kEdgeBuckets);
  const auto histogram = [&](const EdgeLine& line, const engine::BucketCounts& counts) {
    if (counts.count > 0) {
      text.Histogram(line.labels, bounds, std::span(counts.counts).first(engine::kEdgeBuckets + 1),
                     counts.sum_ns);
    }
  };
  text.BeginCounters("traces_service_graph_request", "Requests between two nodes.");
  for (const EdgeLine& line : lines) {
    if (line.edge.requests > 0) text.Counter(line.labels, line.edge.requests);
  }
  text.BeginCounters("traces_service_graph_request_failed", "Failed requests between two nodes.");
  for (const EdgeLine& line : lines) {
    if (line.edge.failed > 0) text.Counter(line.labels, line.edge.failed);
  }
  text.BeginHistograms("traces_service_graph_request_server_seconds",
                       "Time of a request between two nodes as seen from the server.");
  for (const EdgeLine& line : lines) histogram(line, line.edge.server_seconds);
  text.BeginHistograms("traces_service_graph_request_client_seconds",
                       "Time of a request between two nodes as seen from the client.");
  for (const EdgeLine& line : lines) histogram(line, line.edge.client_seconds);
  text.BeginCounters("traces_service_graph_unpaired_spans",
                     "Spans of a request whose other half is not there.");
  for (const EdgeLine& line : lines) {
    if (line.edge.unpaired > 0) text.Counter(line.labels, line.edge.unpaired);
  }
}

// Kinds that differ for us may be one for Tempo: a client's call of a database and of another
// service. They stand beside each other, and are one line.
std::vector<engine::SpanMetrics> AsTempo(const std::vector<engine::SpanMetrics>& spans) {
  std::vector<engine::SpanMetrics> merged;
  size_t first = 0;  // of those of the same service and operation
  for (const engine::SpanMetrics& span : spans) {
    if (!merged.empty() &&
        (merged.back().service != span.service || merged.back().operation != span.operation ||
         merged.back().other != span.other)) {
      first = merged.size();
    }
    bool found = false;
    for (size_t i = first; i < merged.size() && !found; ++i) {
      if (merged[i].status != span.status ||
          std::string_view(SpanKindText(merged[i])) != SpanKindText(span)) {
        continue;
      }
      merged[i].calls += span.calls;
      merged[i].seconds.Merge(span.seconds);
      found = true;
    }
    if (!found) merged.push_back(span);
  }
  return merged;
}

void PutSpans(const engine::MeasuredSpans& measured, render::PrometheusText& text) {
  const std::vector<engine::SpanMetrics> spans = AsTempo(measured.spans);
  const auto labels = [&](const engine::SpanMetrics& span) {
    return std::vector<MetricLabel>{
        {"service", span.other ? "(other)" : measured.names->Text(span.service)},
        {"span_name", span.other ? "(other)" : measured.names->Text(span.operation)},
        {"span_kind", SpanKindText(span)},
        {"status_code", StatusCodeText(span.status)}};
  };
  text.BeginCounters("traces_spanmetrics_calls", "Spans.");
  for (const engine::SpanMetrics& span : spans) text.Counter(labels(span), span.calls);
  const std::vector<int64_t> bounds = Bounds(engine::kSpanFirstBucketNs, engine::kSpanBuckets);
  text.BeginHistograms("traces_spanmetrics_latency", "Duration of spans in seconds.");
  for (const engine::SpanMetrics& span : spans) {
    if (span.seconds.count == 0) continue;
    text.Histogram(labels(span), bounds, span.seconds.counts, span.seconds.sum_ns);
  }
}

Result<int> Run(const Arguments& arguments) {
  engine::SpanMetricsOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  ASSIGN_OR_RETURN(options.most_lines, arguments.Number("--lines", 10'000, 1, 100'000));
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::MeasuredSpans measured, engine::MeasureSpans(options));
  render::PrometheusText text(arguments.Has("--openmetrics")
                                  ? render::PrometheusText::Style::kOpenMetrics
                                  : render::PrometheusText::Style::kPrometheus,
                              out.put);
  PutEdges(measured, text);
  PutSpans(measured, text);
  RETURN_IF_ERROR(text.Finish());
  RETURN_IF_ERROR(out.file->Commit());
  if (measured.edges_other + measured.spans_other > 0) {
    fmt::print(stderr,
               "plumbago: {} requests and {} spans are in lines \"(other)\": more edges or kinds "
               "of spans than --lines allows\n",
               measured.edges_other, measured.spans_other);
  }
  if (measured.dropped > 0) {
    fmt::print(stderr, "plumbago: {} of {} traces were left out by --repair\n", measured.dropped,
               measured.traces);
  }
  return ExitCode(arguments, measured.interrupted, DamageText(measured.damage));
}

}  // namespace

extern const Command kExportPrometheus;
const Command kExportPrometheus{
    "export prometheus",
    "service graph and span metrics as Prometheus text, under Tempo's names",
    "INPUT...",
    "Counts over all traces what Tempo's metrics generator counts, under its names, labels and "
    "buckets, so that a dashboard made for Tempo can be held against an archive:\n"
    "traces_service_graph_request_total, _request_failed_total, _request_server_seconds, "
    "_request_client_seconds, _unpaired_spans_total by client, server and connection_type; "
    "traces_spanmetrics_calls_total and traces_spanmetrics_latency by service, span_name, "
    "span_kind and status_code.\n"
    "The caller of an entry is \"user\". There is one value a line, for the whole input: the "
    "counters are of all that was read. A side that was not recorded has no duration here; Tempo "
    "counts it as one of 0 seconds.",
    kFlags,
    "  plumbago export prometheus traces/ -o /var/lib/node_exporter/textfile/traces.prom\n"
    "  plumbago export prometheus traces/ | promtool check metrics\n"
    "  plumbago export prometheus --openmetrics traces/ -o traces.om\n",
    false,
    Run,
};

}  // namespace plumbago::cli
