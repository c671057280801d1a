// The text of OUT.truth.json: docs/formats/truth-json.md.
#include "base/json_writer.h"
#include "generate/truth.h"

namespace plumbago::generate {
namespace {

using model::Kind;

double Ratio(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void WriteTally(JsonWriter& json, const char* key, const Tally& tally) {
  json.Key(key).BeginObject();
  json.Key("mean").Double(tally.Mean());
  json.Key("p50").Uint(tally.Quantile(0.5));
  json.Key("p90").Uint(tally.Quantile(0.9));
  json.Key("p99").Uint(tally.Quantile(0.99));
  json.Key("max").Uint(tally.Max());
  json.Key("share_over_40").Double(Ratio(tally.Over(40), tally.total()));
  json.EndObject();
}

void WriteKinds(JsonWriter& json, const char* key,
                const std::array<uint64_t, model::kKinds>& counts) {
  json.Key(key).BeginObject();
  for (uint8_t kind = 0; kind < model::kKinds; ++kind) {
    if (counts[kind] > 0) json.Key(model::KindName(static_cast<Kind>(kind))).Uint(counts[kind]);
  }
  json.EndObject();
}

// What was planted, and every call site where it came up.
void WritePlanted(JsonWriter& json, const Plants& plants, const Counts& counts,
                  const System& system, const PlantedTally& planted) {
  json.Key("planted").BeginObject();
  json.Key("parallel").Double(plants.parallel);
  json.Key("independent").Double(plants.independent);
  json.Key("n_plus_1").Double(plants.n_plus_1);
  json.Key("retry").Double(plants.retry);
  json.Key("cycles").Double(plants.cycles);
  if (plants.cpu > 0) {
    json.Key("cpu").BeginObject();
    json.Key("asked").Double(plants.cpu);
    json.Key("effect_of_ten_points").Double(10 * plants.cpu);
    json.Key("memory_effect_of_ten_points").Double(0);
    json.EndObject();
  }
  if (plants.clusters > 0) {
    json.Key("clusters").BeginObject();
    json.Key("asked").Uint(plants.clusters);
    json.Key("shift_ms").Double(static_cast<double>(kAcrossUs) / 1000);
    json.EndObject();
  }
  json.Key("traces_with_cycle").Uint(counts.traces_with_cycle);
  json.Key("sites").BeginArray();
  const model::Names& names = system.names();
  for (const auto& [number, site] : planted.sites()) {
    const Site& planted_at = system.sites()[number];
    const Edge& edge = system.edges()[planted_at.edge];
    json.BeginObject();
    json.Key("plant").String(PlantName(planted_at.plant));
    json.Key("caller").String(names.Text(system.services()[edge.caller].name));
    json.Key("callee").String(names.Text(system.services()[edge.callee].name));
    json.Key("operation").String(names.Text(system.interfaces()[planted_at.interface].operation));
    json.Key("kind").String(model::KindName(planted_at.kind));
    json.Key("runs").Uint(site.runs);
    json.Key("calls").Uint(site.calls);
    json.Key("failed").Uint(site.failed);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

uint64_t Pods(const System& system) {
  uint64_t pods = 0;
  for (const Service& service : system.services()) pods += service.pods;
  return pods;
}

void WriteHits(JsonWriter& json, const char* key, const std::vector<Hit>& hits, Hit::Kind kind) {
  json.Key(key).BeginArray();
  for (const Hit& hit : hits) {
    if (hit.kind != kind) continue;
    json.BeginObject().Key("trace").String(hit.id.Text()).Key("id").String(hit.path).EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string Truth::Json() const {
  std::string text;
  JsonWriter json(&text);
  const Counts& c = counts_;
  json.BeginObject();
  json.Key("schema").Uint(1);
  json.Key("asked").BeginObject();
  json.Key("format").String(format_);
  json.Key("rows").Uint(options_.rows);
  json.Key("seed").Uint(options_.seed);
  json.Key("services").Uint(options_.services);
  if (options_.edges > 0) json.Key("edges").Uint(options_.edges);
  json.Key("order").String(options_.order == Order::kTime ? "time" : "trace");
  json.Key("damage").BeginObject();
  json.Key("duplicates").Double(options_.damage.duplicates);
  json.Key("missing").Double(options_.damage.missing);
  json.Key("propagation").Double(options_.damage.propagation);
  json.Key("malformed").Double(options_.damage.malformed);
  json.EndObject().EndObject();

  json.Key("rows").BeginObject();
  json.Key("total").Uint(c.rows);
  json.Key("client").Uint(c.rows_by_side[static_cast<size_t>(model::Side::kClient)]);
  json.Key("server").Uint(c.rows_by_side[static_cast<size_t>(model::Side::kServer)]);
  json.Key("client_zero").Uint(c.zero_rows_by_side[static_cast<size_t>(model::Side::kClient)]);
  json.Key("server_zero").Uint(c.zero_rows_by_side[static_cast<size_t>(model::Side::kServer)]);
  json.Key("malformed").Uint(c.malformed_rows);
  json.Key("first_ms").Int(first_ms_);
  json.Key("last_ms").Int(last_ms_);
  json.EndObject();

  json.Key("traces").Uint(c.traces);
  json.Key("calls").Uint(c.calls);
  json.Key("services").Uint(ServicesUsed());
  json.Key("edges").Uint(EdgesUsed());
  json.Key("entry_services").Uint(EntryServicesUsed());
  WriteTally(json, "services_per_trace", services_per_trace_);
  WriteTally(json, "calls_per_trace", calls_per_trace_);
  WriteTally(json, "depth", depth_);
  WriteKinds(json, "calls_by_kind", c.calls_by_kind);
  WriteKinds(json, "calls_between_stateless_by_kind", c.stateless_by_kind);

  json.Key("parallelism").BeginObject();
  json.Key("callers").Uint(c.callers_with_siblings);
  json.Key("callers_overlapping").Uint(c.callers_overlapping);
  json.Key("callers_overlapping_or_undecided").Uint(c.callers_not_sequential);
  json.Key("pairs").Uint(c.sibling_pairs);
  json.Key("pairs_overlapping").Uint(c.pairs_overlapping);
  json.Key("pairs_undecided").Uint(c.pairs_undecided);
  json.Key("pairs_overlapping_exact").Uint(c.pairs_overlapping_exact);
  json.Key("rpc_pairs").Uint(c.rpc_pairs);
  json.Key("rpc_pairs_overlapping").Uint(c.rpc_pairs_overlapping);
  json.Key("callees_ms").Uint(c.siblings_ms);
  json.Key("union_ms").Uint(c.siblings_union_ms);
  json.Key("effective").Double(Ratio(c.siblings_ms, c.siblings_union_ms));
  json.EndObject();

  json.Key("repeated_calls").Uint(c.repeated_calls);
  json.Key("two_row_calls").Uint(c.two_row_calls);
  json.Key("two_row_calls_equal_duration").Uint(c.no_network);

  json.Key("damage").BeginObject();
  json.Key("duplicate_rows").Uint(c.duplicate_rows);
  json.Key("malformed_rows").Uint(c.malformed_rows);
  json.Key("missing").BeginObject();
  json.Key("calls").Uint(c.missing_calls);
  json.Key("rows").Uint(c.missing_call_rows);
  json.Key("orphaned_calls").Uint(c.orphaned_calls);
  json.Key("one_sided_calls").Uint(c.one_sided_calls);
  WriteHits(json, "first", hits_, Hit::kMissing);
  json.EndObject();
  json.Key("propagation").BeginObject();
  json.Key("callers").Uint(c.propagation_callers);
  json.Key("rows").Uint(c.propagation_rows);
  WriteHits(json, "first", hits_, Hit::kPropagation);
  json.EndObject();
  json.EndObject();

  if (options_.plants.any()) WritePlanted(json, options_.plants, c, *system_, planted_);

  if (!tables_.empty()) {
    json.Key("tables").BeginObject();
    for (const auto& [name, path] : tables_) json.Key(name).String(path);
    json.Key("instances").Uint(Pods(*system_));
    json.Key("hosts").Uint(system_->hosts());
    json.EndObject();
  }

  json.Key("top_edges").BeginArray();
  for (const TopEdge& edge : TopEdges(20)) {
    json.BeginObject();
    json.Key("caller").String(edge.caller);
    json.Key("callee").String(edge.callee);
    json.Key("calls").Uint(edge.calls);
    json.Key("p50_ms").Uint(edge.p50_ms);
    json.Key("p99_ms").Uint(edge.p99_ms);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  text += '\n';
  return text;
}

}  // namespace plumbago::generate
