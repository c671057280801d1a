#include "analysis/variants.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "analysis/at_least.h"
#include "analysis/keep_first.h"
#include "analysis/published.h"
#include "analysis/reference_dgg.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/share_claim.h"
#include "analysis/trace_weight.h"
#include "base/strong_id.h"
#include "statistics/chao1.h"
#include "statistics/count_histogram.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using statistics::CountHistogram;

using Form = Variants::Form;
using State = Variants::State;
using Variant = Variants::Variant;

constexpr const char* kSource = "SoCC'21 (dynamics of call graphs)";
// A service needs so many traces before the share of its top variant is taken for its own.
constexpr uint64_t kFewTraces = 20;

uint64_t Mix(uint64_t hash) {
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ull;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ull;
  return hash ^ (hash >> 32);
}

// Tiers by the shortest way from the services that are called from outside or by nobody.
void FindForm(State& state, const graph::CallGraph& graph, Form& form) {
  form.services = static_cast<uint32_t>(graph.nodes.size());
  uint32_t depth = 0;
  for (const graph::Node& node : graph.nodes) depth = std::max<uint32_t>(depth, node.depth);
  // A trace's node stands as deep as its shallowest call, which may skip tiers that hold nothing.
  state.tier_width.assign(depth + 1, 0);
  for (const graph::Node& node : graph.nodes) {
    form.stateful += node.stateful;
    form.joined += node.in_degree > 1;
    form.fan_out = std::max(form.fan_out, node.out_degree);
    ++state.tier_width[node.depth];
  }
  for (const uint32_t width : state.tier_width) form.width = std::max(form.width, width);
  form.depth = depth;
  for (const graph::Edge& edge : graph.edges) form.messages += model::IsAsynchronous(edge.kind);
}

}  // namespace

uint64_t Variants::ShapeHash(State& state, const graph::CallGraph& graph,
                             const model::Names& names) {
  state.node_hashes.clear();
  uint64_t sum = 0;  // of well mixed parts: the order does not matter
  for (const graph::Node& node : graph.nodes) {
    const uint64_t hash = names.services.Hash(Index(node.service));
    state.node_hashes.push_back(hash);
    sum += Mix(hash + 0x9E3779B97F4A7C15ull);
  }
  const auto add = [&](uint32_t caller, uint32_t callee) {
    sum += Mix(Mix(state.node_hashes[caller]) * 3 + state.node_hashes[callee]);
  };
  if (!graph.ready_made) {
    for (const graph::Edge& edge : graph.edges) add(edge.caller, edge.callee);
    return sum;
  }
  // Edges of one pair of services may be of several kinds.
  state.pairs.clear();
  for (const graph::Edge& edge : graph.edges) state.pairs.emplace_back(edge.caller, edge.callee);
  std::sort(state.pairs.begin(), state.pairs.end());
  state.pairs.erase(std::unique(state.pairs.begin(), state.pairs.end()), state.pairs.end());
  for (const auto& [caller, callee] : state.pairs) add(caller, callee);
  return sum;
}

std::array<double, kTopologyFeatures> Form::Features() const {
  const auto share = [](uint32_t part, uint32_t whole) {
    return whole > 0 ? static_cast<double>(part) / whole : 0;
  };
  const auto log = [](uint32_t value) { return std::log2(1.0 + value); };
  const uint32_t beyond_tree = edges + 1 > services ? edges + 1 - services : 0;
  return {log(services),
          static_cast<double>(depth),
          log(width),
          log(fan_out),
          share(stateful, services),
          share(messages, edges),
          share(joined, services),
          share(beyond_tree, services)};
}

void Variant::Merge(const Variant& other) {
  traces += other.traces;
  calls += other.calls;
  for (const auto member : Form::Members()) {
    form.*member = std::max(form.*member, other.form.*member);
  }
  latency_ns.Merge(other.latency_ns);
  example.Merge(other.example);
}

void Variant::Save(std::string& out) const {
  statistics::AppendVarint(out, traces);
  statistics::AppendVarint(out, calls);
  for (const auto member : Form::Members()) statistics::AppendVarint(out, form.*member);
  latency_ns.Save(out);
  example.Save(out);
}

bool Variant::Load(statistics::StateReader& in) {
  traces = in.Varint();
  calls = in.Varint();
  for (const auto member : Form::Members()) {
    const uint64_t value = in.Varint();
    form.*member = static_cast<uint32_t>(value);
    if (value > UINT32_MAX) return false;
  }
  example = {};
  return latency_ns.Load(in) && example.Load(in) && in.ok() && traces > 0 &&
         latency_ns.count() <= traces;
}

const Description Variants::kDescription = {
    .id = "variants",
    .title = "Variants of call graphs",
    .question = "How many different call graphs do the requests of one service have?",
    .needs = "trace, parent (path or span), caller, callee; duration for the latency of each",
    .source = "SoCC'21 (dynamics of call graphs); Chao1 (T7); Hurlbert 1971",
};

void Variants::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (facts.names == nullptr) return;
  const uint64_t times = Times(graph.weight);
  state.traces += times;
  state.ready_made += graph.ready_made ? times : 0;
  const uint64_t shape = ShapeHash(state, graph, *facts.names);
  // A ready-made graph names the online service; what stands at its top may be named otherwise.
  const bool by_name = graph.ready_made && graph.entry != model::kNoOperation;
  const uint32_t service = by_name ? 0 : Index(graph.entry_service);
  const std::array key{service, Index(graph.entry), static_cast<uint32_t>(shape >> 32),
                       static_cast<uint32_t>(shape)};
  state.variants.Prefetch(key);
  Form form;
  FindForm(state, graph, form);
  Variant& variant = state.variants[key];
  variant.traces += times;
  variant.calls += graph.call_count() * times;
  for (const auto member : Form::Members()) {
    variant.form.*member = std::max(variant.form.*member, form.*member);
  }
  if (!graph.calls.empty() && graph.calls[0].latency_ns() != model::kNoTime &&
      graph.calls[0].latency_ns() >= 0) {
    variant.latency_ns.Add(graph.calls[0].latency_ns(), times);
  }
  variant.example.Offer(graph.trace);
}

double Rarefied(const std::vector<std::pair<uint64_t, uint64_t>>& counts, uint64_t total,
                uint64_t draws) {
  // 1 - C(N - Ni, n) / C(N, n), the second as a product of n factors: exact enough, and the same
  // everywhere (lgamma is not).
  double expected = 0;
  for (const auto& [traces, variants] : counts) {
    double missed = 1;
    for (uint64_t i = 0; i < draws && missed > 0; ++i) {
      const uint64_t others = total - traces;
      missed *= others > i ? static_cast<double>(others - i) / static_cast<double>(total - i) : 0;
    }
    expected += static_cast<double>(variants) * (1 - missed);
  }
  return expected;
}

namespace {

// More traces first; among equals by name.
bool Heavier(const Variant& a, const Variant& b) {
  return a.traces != b.traces ? a.traces > b.traces : a.parts < b.parts;
}

// What is kept of a service.
struct Service {
  uint32_t service = 0, operation = 0;
  uint64_t traces = 0, variants = 0, once = 0, twice = 0;
  std::optional<double> rarefied;
  statistics::QuantileSketch latency_ns;
  std::vector<Variant> heaviest;  // at most kClusterItems, in order

  double top_share() const {
    return static_cast<double>(heaviest.front().traces) / static_cast<double>(traces);
  }
  static bool Before(const Service& a, const Service& b) {
    if (a.traces != b.traces) return a.traces > b.traces;
    return std::pair(a.service, a.operation) < std::pair(b.service, b.operation);
  }
};

// One pass over the table, service by service.
class Services {
 public:
  Services(const State& state, const Facts& facts)
      : most_(facts.headline_only ? 0 : std::max(facts.table_rows, Variants::kClustered)),
        items_(facts.headline_only ? 1 : Variants::kClusterItems) {
    if (facts.names == nullptr) return;
    Service now;
    std::vector<std::pair<uint64_t, uint64_t>> counts;
    CountHistogram histogram;
    const auto end = [&] {
      if (now.variants == 0) return;
      if (!facts.headline_only && now.traces >= Variants::kRarefied) {
        counts.clear();
        for (const CountHistogram::Bin& bin : histogram.Bins()) {
          counts.emplace_back(bin.value, bin.count);
        }
        now.rarefied = Rarefied(counts, now.traces, Variants::kRarefied);
      }
      Close(std::move(now), *facts.names);
      histogram = {};
      now = {};
    };
    state.variants.ForEach([&](const Variant& variant) {
      if (variant.parts[0] != now.service || variant.parts[1] != now.operation) {
        end();
        now.service = variant.parts[0];
        now.operation = variant.parts[1];
      }
      now.traces += variant.traces;
      ++now.variants;
      now.once += variant.traces == 1;
      now.twice += variant.traces == 2;
      if (!facts.headline_only) {
        histogram.Add(variant.traces);
        now.latency_ns.Merge(variant.latency_ns);
      }
      KeepFirst(now.heaviest, variant, items_, Heavier);
    });
    end();
    std::sort_heap(kept.begin(), kept.end(), Service::Before);
    std::sort_heap(clustered.begin(), clustered.end(), Service::Before);
  }

  uint64_t services = 0, variants = 0, traces = 0, once = 0, twice = 0;
  uint64_t top_traces = 0;                // of the top variants
  double top_shares = 0;                  // sum over services; in the order of names
  CountHistogram variants_of;             // of services
  statistics::BucketedRatio outside_top;  // millionths, of services with kFewTraces or more
  std::vector<Service> kept;              // most traces first; kTop variants of each
  std::vector<Service> clustered;         // the first of them with kClusterItems variants

 private:
  void Close(Service&& service, const model::Names& names) {
    std::sort_heap(service.heaviest.begin(), service.heaviest.end(), Heavier);
    ++services;
    variants += service.variants;
    traces += service.traces;
    once += service.once;
    twice += service.twice;
    top_traces += service.heaviest.front().traces;
    const double top = service.top_share();
    top_shares += top;
    variants_of.Add(service.variants);
    if (service.traces >= kFewTraces) {
      const uint64_t hash = Mix(names.services.Hash(service.service)) ^
                            Mix(names.operations.Hash(service.operation) + 1);
      outside_top.Add(Mix(hash), std::llround((1 - top) * 1e6), 1'000'000);
    }
    if (most_ == 0) return;
    KeepFirst(clustered, service, Variants::kClustered, Service::Before);
    service.heaviest.resize(std::min(service.heaviest.size(), Variants::kTop));
    KeepFirst(kept, std::move(service), most_, Service::Before);
  }

  size_t most_, items_;
};

std::string NameOf(const Service& service, const model::Names& names) {
  const std::string_view name = names.Text(Id<model::ServiceId>(service.service));
  const std::string_view operation = names.Text(Id<model::OperationId>(service.operation));
  if (name.empty()) return operation.empty() ? "(not known)" : std::string(operation);
  return operation.empty() ? std::string(name) : fmt::format("{} {}", name, operation);
}

Cell Nanoseconds(const statistics::QuantileSketch& sketch, double q) {
  const std::optional<double> value = sketch.Quantile(q);
  return value ? Cell(static_cast<int64_t>(std::llround(*value))) : Cell();
}

TopologyClasses ClassesOf(const Service& service) {
  std::vector<TopologyItem> items;
  items.reserve(service.heaviest.size());
  for (const Variant& variant : service.heaviest) {
    items.push_back({variant.form.Features(), static_cast<double>(variant.traces)});
  }
  return FindTopologyClasses(items);
}

void AddHeadlines(document::Section& section, const Services& services) {
  const auto total = [&](const char* name, const char* title, uint64_t value) {
    section
        .AddHeadline(name, title, Unit::kCount,
                     services.traces > 0 ? std::optional(static_cast<double>(value)) : std::nullopt)
        .total = true;
  };
  const auto quantile = [&](double q) -> std::optional<double> {
    const std::optional<uint64_t> value = services.variants_of.Quantile(q);
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  };
  total("services", "services that traces begin with", services.services);
  total("variants", "variants of their call graphs", services.variants);
  section.AddHeadline("variants_p50", "variants of a service, median", Unit::kCount, quantile(0.5))
      .key = true;
  section.AddHeadline("variants_p99", "variants of a service, p99", Unit::kCount, quantile(0.99));
  section.AddHeadline("variants_max", "variants of a service, most", Unit::kCount, quantile(1));
  section
      .AddHeadline("top_share_by_trace", "traces with their service's top variant", Unit::kShare,
                   Share(services.top_traces, services.traces))
      .key = true;
  std::optional<double> by_service;
  if (services.services > 0) {
    by_service = services.top_shares / static_cast<double>(services.services);
  }
  section
      .AddHeadline("top_share_by_service", "share of the top variant, mean over services",
                   Unit::kShare, by_service)
      .key = true;
}

document::Finding GraphsVary(const Services& services, std::optional<uint64_t> classes) {
  document::Finding finding =
      Decide({.id = "call-graphs-vary",
              .whole = "of a service's traces, on average,",
              .verb = "have another call graph than its most frequent one",
              .sentence = "One service's requests take many different ways",
              .otherwise = "One service's requests take one way",
              .border = 0.1,
              .source = kSource,
              .published = "call graphs of one service differ much: up to 9 topology classes"},
             services.outside_top);
  finding.evidence = {{"services with 20 traces or more", Unit::kCount,
                       services.outside_top.denominator() / 1'000'000},
                      {"variants", Unit::kCount, static_cast<int64_t>(services.variants)},
                      {"traces with their service's top variant", Unit::kShare,
                       document::CellOf(Share(services.top_traces, services.traces))},
                      {"topology classes of a service, most (published: up to 9)", Unit::kCount,
                       document::CellOf(classes)}};
  if (finding.effect.low) finding.effect.interval = "95 %, bootstrap over 64 groups of services";
  return finding;
}

document::Table ServicesTable(const Services& services, const std::vector<TopologyClasses>& classes,
                              const Facts& facts) {
  document::Table table;
  table.id = "services";
  table.title = "Variants of the services with most traces";
  table.columns = {
      {"service", "service", Unit::kNone, "what the trace begins with"},
      {"traces", "traces", Unit::kCount, ""},
      {"variants", "variants", Unit::kCount, "different call graphs seen"},
      {"once", "seen once", Unit::kCount, "variants with one trace"},
      {"estimate", "Chao1", Unit::kCount, "how many there are; itself a lower bound"},
      {"low", "low", Unit::kCount, "95 % interval of the estimate"},
      {"high", "high", Unit::kCount, "95 % interval of the estimate"},
      {"rarefied", "in 100 traces", Unit::kCount,
       "variants that 100 of its traces would show: for comparing services"},
      {"top_share", "top variant", Unit::kShare, "share of its most frequent variant"},
      {"p50", "p50", Unit::kNanoseconds, "latency of the entry"},
      {"p99", "p99", Unit::kNanoseconds, "latency of the entry"},
      {"classes", "classes", Unit::kCount, "topology classes; of the services with most traces"},
      {"silhouette", "silhouette", Unit::kNone, "how far apart they are, up to 1; above 0.25"}};
  const size_t rows = std::min(services.kept.size(), facts.table_rows);
  table.more_rows = services.services - rows;
  for (size_t i = 0; i < rows; ++i) {
    const Service& service = services.kept[i];
    const statistics::Richness richness =
        statistics::Chao1(service.variants, service.once, service.twice);
    const bool clustered = i < classes.size();
    table.rows.push_back(RowOf(NameOf(service, *facts.names), service.traces, service.variants,
                               service.once, richness.estimate, richness.low, richness.high,
                               service.rarefied, service.top_share()));
    std::vector<Cell>& row = table.rows.back();
    row.push_back(Nanoseconds(service.latency_ns, 0.5));
    row.push_back(Nanoseconds(service.latency_ns, 0.99));
    row.push_back(clustered ? Cell(int64_t{classes[i].classes}) : Cell());
    row.push_back(clustered && classes[i].classes > 1 ? Cell(classes[i].silhouette) : Cell());
  }
  return table;
}

document::Table VariantsTable(const Services& services, const Facts& facts) {
  document::Table table;
  table.id = "variants";
  table.title = "Most frequent variants of these services";
  table.columns = {{"service", "service", Unit::kNone, "what the trace begins with"},
                   {"variant", "variant", Unit::kNone, "name of the shape: hash of its content"},
                   {"traces", "traces", Unit::kCount, ""},
                   {"share", "share", Unit::kShare, "of the service's traces"},
                   {"services", "services", Unit::kCount, "microservices of the graph"},
                   {"edges", "edges", Unit::kCount, "callers and callees"},
                   {"tiers", "tiers", Unit::kCount, "below the entry"},
                   {"calls", "calls, mean", Unit::kCount, "of a trace"},
                   {"p50", "p50", Unit::kNanoseconds, "latency of the entry"},
                   {"p99", "p99", Unit::kNanoseconds, "latency of the entry"},
                   {"example", "example", Unit::kNone, "a trace of it"}};
  for (const Service& service : services.kept) {
    const size_t told = std::min(service.heaviest.size(), Variants::kTop);
    for (const Variant& variant : std::span(service.heaviest).first(told)) {
      if (table.rows.size() == facts.table_rows) break;
      const std::vector<std::string> example = variant.example.Texts();
      table.rows.push_back(
          RowOf(NameOf(service, *facts.names), fmt::format("{:016x}", variant.hash()),
                variant.traces, Share(variant.traces, service.traces), variant.form.services,
                variant.form.edges, variant.form.depth,
                static_cast<double>(variant.calls) / static_cast<double>(variant.traces)));
      table.rows.back().push_back(Nanoseconds(variant.latency_ns, 0.5));
      table.rows.back().push_back(Nanoseconds(variant.latency_ns, 0.99));
      table.rows.back().emplace_back(example.empty() ? std::string() : example[0]);
    }
  }
  table.more_rows = services.variants - table.rows.size();
  return table;
}

document::Table ClassesTable(const Services& services, const std::vector<TopologyClasses>& classes,
                             const Facts& facts) {
  document::Table table;
  table.id = "classes";
  table.title = "Topology classes of the services with most traces";
  table.columns = {
      {"service", "service", Unit::kNone, "what the trace begins with"},
      {"class", "class", Unit::kCount, "1: most traces"},
      {"variants", "variants", Unit::kCount, "in the class, of the 256 with most traces"},
      {"traces", "traces", Unit::kCount, ""},
      {"share", "share", Unit::kShare, "of the service's traces"},
      {"services", "services, mean", Unit::kNone, "microservices of a trace"},
      {"tiers", "tiers, mean", Unit::kNone, "below the entry"},
      {"fan_out", "fan-out, mean", Unit::kNone, "largest of a trace"},
      {"messages", "with messages", Unit::kShare, "traces of variants with a message edge"},
      {"p50", "p50", Unit::kNanoseconds, "latency of the entry"},
      {"p99", "p99", Unit::kNanoseconds, "latency of the entry"}};
  for (size_t s = 0; s < classes.size(); ++s) {
    const Service& service = services.clustered[s];
    for (uint32_t c = 0; c < classes[s].classes; ++c) {
      uint64_t variants = 0, traces = 0, messages = 0;
      double sizes = 0, tiers = 0, fan_out = 0;
      statistics::QuantileSketch latency_ns;
      for (size_t i = 0; i < service.heaviest.size(); ++i) {
        if (classes[s].class_of[i] != c) continue;
        const Variant& variant = service.heaviest[i];
        const auto weight = static_cast<double>(variant.traces);
        ++variants;
        traces += variant.traces;
        messages += variant.form.messages > 0 ? variant.traces : 0;
        sizes += weight * variant.form.services;
        tiers += weight * variant.form.depth;
        fan_out += weight * variant.form.fan_out;
        latency_ns.Merge(variant.latency_ns);
      }
      const auto mean = [&](double sum) { return sum / static_cast<double>(traces); };
      table.rows.push_back(RowOf(NameOf(service, *facts.names), c + 1, variants, traces,
                                 Share(traces, service.traces), mean(sizes), mean(tiers),
                                 mean(fan_out), Share(messages, traces)));
      table.rows.back().push_back(Nanoseconds(latency_ns, 0.5));
      table.rows.back().push_back(Nanoseconds(latency_ns, 0.99));
    }
  }
  return table;
}

document::Table RichnessTable(const Services& services, std::optional<uint64_t> classes) {
  document::Table table;
  table.id = "richness";
  table.title = "Variants of a service, by service and by trace";
  table.columns = {{"measure", "measure", Unit::kNone, ""},
                   {"value", "value", Unit::kNone, ""},
                   {"help", "what it is", Unit::kNone, ""}};
  const statistics::Richness richness =
      statistics::Chao1(services.variants, services.once, services.twice);
  const auto add = [&](const char* name, Cell value, const char* help) {
    table.rows.push_back({std::string(name), std::move(value), std::string(help)});
  };
  add("variants seen", static_cast<int64_t>(services.variants), "over all services");
  add("variants, Chao1", richness.estimate, "how many there are; itself a lower bound");
  add("variants of a service, p50", document::CellOf(services.variants_of.Quantile(0.5)),
      "every service counts once");
  add("variants of a service, p90", document::CellOf(services.variants_of.Quantile(0.9)), "");
  add("variants of a service, p99", document::CellOf(services.variants_of.Quantile(0.99)), "");
  add("variants of a service, most", document::CellOf(services.variants_of.Max()), "");
  add("topology classes of a service, most", document::CellOf(classes),
      "of the services with most traces; published for one: up to 9");
  return table;
}

document::Figure VariantsFigure(const Services& services) {
  document::Figure figure;
  figure.id = "variants_tail";
  figure.title = "Services with at least so many variants";
  figure.kind = document::FigureKind::kCcdf;
  figure.x = {"variants", Unit::kCount, true};
  figure.y = {"share of services", Unit::kShare, true};
  figure.series = {AtLeast("services", services.variants_of, 1),
                   Published(DggVariants(), kDggName, kDggSource)};
  return figure;
}

}  // namespace

document::Section Variants::Conclude(const State& state, const Facts& facts) {
  const Services services(state, facts);
  document::Section section;
  AddHeadlines(section, services);
  if (facts.headline_only) return section;
  std::vector<TopologyClasses> classes;
  classes.reserve(services.clustered.size());
  for (const Service& service : services.clustered) classes.push_back(ClassesOf(service));
  std::optional<uint64_t> most;
  for (const TopologyClasses& one : classes) {
    most = std::max(most.value_or(0), uint64_t{one.classes});
  }
  section.findings = {GraphsVary(services, most)};
  if (services.services > 0) {
    section.tables = {ServicesTable(services, classes, facts), VariantsTable(services, facts),
                      ClassesTable(services, classes, facts), RichnessTable(services, most)};
    section.figures.push_back(VariantsFigure(services));
  }
  section.computed = fmt::format(
      "Variant: traces that begin with the same service and have the same microservices and the "
      "same edges between them; how often and in what order they are called is not told apart. "
      "Services with many traces show more variants: compare them by those that {} of their traces "
      "would show (rarefaction). Topology classes: k-means over eight features of the form of the "
      "graph, k from 2 to 9 by the silhouette, for the {} services with most traces and the {} "
      "variants of each with most traces; one class where the silhouette stays at or below {}. "
      "Published for one service: up to 9 (graph embedding and k-means, SoCC'21).",
      kRarefied, kClustered, kClusterItems, kLeastSilhouette);
  if (state.ready_made > 0) {
    section.computed +=
        fmt::format(" {} of {} traces came as ready-made graphs, which tell no latency.",
                    state.ready_made, state.traces);
  }
  return section;
}

}  // namespace plumbago::analysis
