#include "analysis/load.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/instance_load.h"
#include "analysis/row_of.h"
#include "base/strong_id.h"
#include "statistics/cluster_jackknife.h"

namespace plumbago::analysis {
namespace {

using document::Section;
using document::Unit;
using model::InstanceId;
using model::kNoInstance;
using model::Measure;

constexpr double kMillion = 1e6;
constexpr size_t kMostPoints = 500;  // of a line
constexpr const char* kTitles[Load::kUtilisations] = {"CPU of instances", "memory of instances",
                                                      "CPU of hosts", "memory of hosts"};

// Sums for the correlation of two values.
struct Pairs {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  void Add(double a, double b) {
    ++n;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  std::optional<double> Correlation() const {
    if (n < 3) return std::nullopt;
    const double sxx = xx - x * x / n, syy = yy - y * y / n;
    if (!(sxx > 1e-12 * xx) || !(syy > 1e-12 * yy)) return std::nullopt;
    return (xy - x * y / n) / std::sqrt(sxx * syy);
  }
};

// Call rate against one kind of utilisation.
class RateAgainst {
 public:
  void Begin() { instance_ = {}; }
  void Add(double rate, double value) {
    if (std::isnan(rate) || std::isnan(value)) return;
    instance_.Add(rate, value);
    pooled_.Add(rate, value);
  }
  // `host`: the cluster; instances of one host depend on each other.
  void End(InstanceId host) {
    const auto r = instance_.Correlation();
    if (instance_.n < static_cast<double>(Load::kLeastIntervals) || !r) return;
    Cluster& cluster = clusters_[Index(host)];
    cluster.weight += instance_.n - 1;
    cluster.sum += (instance_.n - 1) * *r;
    ++instances_;
  }

  uint64_t instances() const { return instances_; }
  size_t hosts() const { return clusters_.size(); }
  std::optional<double> Pooled() const { return pooled_.Correlation(); }
  std::optional<double> Within() const {
    double weight = 0, sum = 0;
    for (const auto& [host, cluster] : clusters_) weight += cluster.weight, sum += cluster.sum;
    if (!(weight > 0)) return std::nullopt;
    return sum / weight;
  }
  std::optional<statistics::Bounds> Interval() const {
    std::vector<double> weights;
    std::vector<Cluster> all;
    Cluster total;
    for (const auto& [host, cluster] : clusters_) {
      all.push_back(cluster);
      weights.push_back(cluster.weight);
      total.weight += cluster.weight;
      total.sum += cluster.sum;
    }
    const auto value = Within();
    if (!value) return std::nullopt;
    return statistics::ClusterInterval(weights, *value, [&](size_t i) -> std::optional<double> {
      const double weight = total.weight - all[i].weight;  // whole numbers: exact
      if (!(weight > 0)) return std::nullopt;
      return (total.sum - all[i].sum) / weight;
    });
  }

 private:
  struct Cluster {
    double weight = 0, sum = 0;
  };
  Pairs instance_, pooled_;
  std::map<uint32_t, Cluster> clusters_;
  uint64_t instances_ = 0;
};

// Mean by interval, thinned to what a line can show.
class OverTime {
 public:
  void Add(int64_t bin, double value) {
    if (std::isnan(value)) return;
    Sum& sum = sums_[bin];
    sum.value += value;
    ++sum.count;
  }
  std::vector<document::Point> Points(double interval_ns, double begin_ns) const {
    std::vector<document::Point> points;
    const size_t step = sums_.size() / kMostPoints + 1;
    Sum group;
    double begin = 0;
    size_t i = 0;
    for (const auto& [bin, sum] : sums_) {
      if (i % step == 0) begin = static_cast<double>(bin) * interval_ns - begin_ns;
      group.value += sum.value;
      group.count += sum.count;
      ++i;
      if (i % step != 0 && i != sums_.size()) continue;
      points.push_back({begin, group.value / group.count});
      group = {};
    }
    return points;
  }
  std::optional<int64_t> first() const {
    if (sums_.empty()) return std::nullopt;
    return sums_.begin()->first;
  }

 private:
  struct Sum {
    double value = 0, count = 0;
  };
  std::map<int64_t, Sum> sums_;
};

struct Learnt {
  uint64_t instances = 0, hosts = 0;
  int64_t interval_ns = 0;
  RateAgainst cpu, memory;
  std::array<OverTime, Load::kUtilisations> by_time;
};

Learnt Read(const Load::State& state) {
  Learnt learnt;
  const LoadReader reader(state.cells);
  learnt.instances = reader.instances();
  learnt.hosts = reader.hosts();
  learnt.interval_ns = reader.interval_ns();
  statistics::KeyedTable<ServedCalls> served = state.served;
  served.Freeze();
  std::unique_ptr<statistics::Source<ServedCalls>> source;
  const ServedCalls* next = nullptr;
  const double seconds = static_cast<double>(learnt.interval_ns) / 1e9;

  LoadReader::Visitor visitor;
  visitor.begin = [&] {
    source = served.runs().Open();
    next = source->Next();
  };
  visitor.host = [&](const LoadBin& bin) {
    learnt.by_time[2].Add(bin.bin, bin.host_cpu);
    learnt.by_time[3].Add(bin.bin, bin.host_memory);
  };
  std::map<int64_t, uint64_t> calls;
  visitor.visit = [&](const InstanceLoad& load) {
    calls.clear();
    while (next != nullptr && next->instance < load.instance) next = source->Next();
    for (; next != nullptr && next->instance == load.instance; next = source->Next()) {
      calls[reader.BinOf(next->slot)] += next->calls;
    }
    learnt.cpu.Begin();
    learnt.memory.Begin();
    InstanceId host = load.instance;
    for (const LoadBin& bin : load.bins) {
      double rate = bin.rate;
      if (!state.rates && !calls.empty()) {
        const auto at = calls.find(bin.bin);
        rate = at == calls.end() ? 0 : static_cast<double>(at->second) / seconds;
      }
      learnt.cpu.Add(rate, bin.cpu);
      learnt.memory.Add(rate, bin.memory);
      learnt.by_time[0].Add(bin.bin, bin.cpu);
      learnt.by_time[1].Add(bin.bin, bin.memory);
      if (bin.host != kNoInstance) host = bin.host;
    }
    learnt.cpu.End(host);
    learnt.memory.End(host);
  };
  reader.Read(visitor);
  return learnt;
}

std::optional<double> MeanOf(const statistics::QuantileSketch& sketch) {
  const auto mean = sketch.Mean();
  if (!mean) return std::nullopt;
  return *mean / kMillion;
}
std::optional<double> QuantileOf(const statistics::QuantileSketch& sketch, double q) {
  const auto value = sketch.Quantile(q);
  if (!value) return std::nullopt;
  return static_cast<double>(*value) / kMillion;
}

double MinutesOfBlock(const TimeCounts& counts) {
  return static_cast<double>(counts.block_ns()) / static_cast<double>(TimeCounts::kBlockNs);
}

// Calls a minute, over the blocks in which there are any.
std::optional<double> CallsPerMinute(const TimeCounts& counts) {
  if (counts.blocks().empty()) return std::nullopt;
  double calls = 0;
  for (const TimeCounts::Block& block : counts.blocks()) calls += static_cast<double>(block.count);
  const double minutes = MinutesOfBlock(counts) * static_cast<double>(counts.blocks().size());
  return calls / minutes;
}

void AddHeadlines(Section& section, const Load::State& state, const Learnt& learnt) {
  const auto add = [&](const char* name, const char* title, Unit unit,
                       std::optional<double> value) -> document::Headline& {
    return section.AddHeadline(name, title, unit, value);
  };
  const auto count = [](uint64_t n) {
    return n == 0 ? std::nullopt : std::optional(static_cast<double>(n));
  };
  add("calls_per_minute", "calls a minute, in traces", Unit::kNone,
      CallsPerMinute(state.calls_by_time))
      .total = true;
  add("samples", "samples", Unit::kCount, static_cast<double>(state.samples)).total = true;
  add("instances", "instances with samples", Unit::kCount, count(learnt.instances)).total = true;
  add("hosts", "hosts with samples", Unit::kCount, count(learnt.hosts)).total = true;
  constexpr const char* kNames[] = {"cpu_mean", "memory_mean", "host_cpu_mean", "host_memory_mean"};
  constexpr const char* kMeans[] = {"CPU of instances, mean", "memory of instances, mean",
                                    "CPU of hosts, mean", "memory of hosts, mean"};
  for (size_t i = 0; i < Load::kUtilisations; ++i) {
    add(kNames[i], kMeans[i], Unit::kShare, MeanOf(state.utilisation[i]));
  }
  add("rate_cpu_within", "call rate and CPU, correlation within an instance", Unit::kNone,
      learnt.cpu.Within());
  add("rate_memory_within", "call rate and memory, correlation within an instance", Unit::kNone,
      learnt.memory.Within());
}

document::Table UtilisationTable(const Load::State& state) {
  document::Table table;
  table.id = "utilisation";
  table.title = "Utilisation";
  table.columns = {{"what", "of what", Unit::kNone, ""}, {"samples", "samples", Unit::kCount, ""},
                   {"mean", "mean", Unit::kShare, ""},   {"p50", "median", Unit::kShare, ""},
                   {"p90", "90 %", Unit::kShare, ""},    {"p99", "99 %", Unit::kShare, ""},
                   {"max", "most", Unit::kShare, ""}};
  for (size_t i = 0; i < Load::kUtilisations; ++i) {
    const statistics::QuantileSketch& sketch = state.utilisation[i];
    if (sketch.count() == 0) continue;
    table.rows.push_back(RowOf(kTitles[i], sketch.count(), MeanOf(sketch), QuantileOf(sketch, 0.5),
                               QuantileOf(sketch, 0.9), QuantileOf(sketch, 0.99),
                               QuantileOf(sketch, 1)));
  }
  return table;
}

document::Table CorrelationTable(const Learnt& learnt) {
  document::Table table;
  table.id = "rate_correlation";
  table.title = "Call rate against resources";
  table.columns = {
      {"resource", "resource", Unit::kNone, ""},
      {"within", "within an instance", Unit::kNone,
       "mean of the instances' own correlations, weighted by their intervals less one"},
      {"low", "95 % from", Unit::kNone, "jackknife over hosts"},
      {"high", "to", Unit::kNone, ""},
      {"pooled", "pooled (confounded)", Unit::kNone,
       "over all intervals of all instances: also holds what makes instances differ"},
      {"instances", "instances", Unit::kCount, "with at least 8 intervals in which both vary"},
      {"hosts", "hosts", Unit::kCount, ""}};
  const auto add = [&](const char* name, const RateAgainst& against) {
    if (!against.Pooled() && !against.Within()) return;
    const auto interval = against.Interval();
    const std::optional<double> low = interval ? std::optional(interval->low) : std::nullopt;
    const std::optional<double> high = interval ? std::optional(interval->high) : std::nullopt;
    table.rows.push_back(RowOf(name, against.Within(), low, high, against.Pooled(),
                               against.instances(), against.hosts()));
  };
  add("CPU", learnt.cpu);
  add("memory", learnt.memory);
  return table;
}

void AddFigures(Section& section, const Load::State& state, const Learnt& learnt,
                const Facts& facts) {
  const document::Axis time{"time since the start of the data", Unit::kNanoseconds, false};
  std::optional<double> begin;
  if (facts.first_ns != model::kNoTime) begin = static_cast<double>(facts.first_ns);
  const auto earlier = [&](double ns) { begin = std::min(begin.value_or(ns), ns); };
  const TimeCounts& counts = state.calls_by_time;
  const auto block_ns = static_cast<double>(counts.block_ns());
  const auto interval_ns = static_cast<double>(learnt.interval_ns);
  if (!counts.blocks().empty()) {
    earlier(static_cast<double>(counts.blocks().front().index) * block_ns);
  }
  for (const OverTime& one : learnt.by_time) {
    if (one.first()) earlier(static_cast<double>(*one.first()) * interval_ns);
  }
  if (!begin) return;
  if (counts.blocks().size() > 1) {
    document::Figure figure;
    figure.id = "calls_by_time";
    figure.title = "Calls a minute, in traces";
    figure.kind = document::FigureKind::kLine;
    figure.x = time;
    figure.y = {"calls a minute", Unit::kNone, false};
    const double minutes = MinutesOfBlock(counts);
    document::Series series{"calls a minute", {}, false};
    for (const TimeCounts::Block& block : counts.blocks()) {
      series.points.push_back({static_cast<double>(block.index) * block_ns - *begin,
                               static_cast<double>(block.count) / minutes});
    }
    figure.series.push_back(std::move(series));
    section.figures.push_back(std::move(figure));
  }
  document::Figure figure;
  figure.id = "utilisation_by_time";
  figure.title = "Utilisation, mean of all";
  figure.kind = document::FigureKind::kLine;
  figure.x = time;
  figure.y = {"utilisation", Unit::kShare, false};
  for (size_t i = 0; i < Load::kUtilisations; ++i) {
    auto points = learnt.by_time[i].Points(interval_ns, *begin);
    if (points.size() > 1) figure.series.push_back({kTitles[i], std::move(points), false});
  }
  if (!figure.series.empty()) section.figures.push_back(std::move(figure));
}

}  // namespace

const Description Load::kDescription = {
    "load", "Load and resources",
    "How busy are instances and hosts, and does more load mean more CPU and memory?",
    "samples of resource and rate tables; calls by time: trace, timestamp",
    "SoCC'21, call rate and resources; statistics.md T1"};

void Load::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.calls.empty()) return;
  if (graph.start_ns != model::kNoTime) {
    // Calls of a trace count where it begins: traces are short beside a minute, or few.
    state.calls_by_time.Add(graph.start_ns, graph.calls.size());
    state.calls += graph.calls.size();
  }
  if (!facts.join_samples) return;
  for (const graph::TraceCall& call : graph.calls) {
    if (call.callee_instance == kNoInstance) continue;
    const int64_t start = call.server.known() ? call.server.start_ns : call.start_ns();
    if (start == model::kNoTime) continue;
    ++state.served[{Index(call.callee_instance), 0, SlotOf(start)}].calls;
  }
}

void Load::Observe(State& state, const model::Sample& sample, const Facts&) {
  ++state.samples;
  state.normalised |= sample.normalised;
  state.rates |= sample.measure == Measure::kCallRate &&
                 (IsIn(sample.flow) || sample.flow == model::Flow::kNone);
  const auto measure = static_cast<size_t>(sample.measure);
  if (measure < kUtilisations) {
    state.utilisation[measure].Add(
        std::llround(std::clamp(sample.value, 0.0, LoadCell::kMost) * kMillion));
  }
  // How long calls took belongs to `interference`.
  if (sample.measure != Measure::kLatency) AddSample(state.cells, sample);
}

Section Load::Conclude(const State& state, const Facts& facts) {
  const Learnt learnt = Read(state);
  Section section;
  AddHeadlines(section, state, learnt);
  if (facts.headline_only) return section;
  document::Table utilisation = UtilisationTable(state);
  if (!utilisation.rows.empty()) section.tables.push_back(std::move(utilisation));
  document::Table correlation = CorrelationTable(learnt);
  if (!correlation.rows.empty()) section.tables.push_back(std::move(correlation));
  AddFigures(section, state, learnt, facts);
  section.computed =
      "Calls of a trace count in the minute in which it begins. Samples are put together by "
      "instance and interval, which is the samples' own. The call rate is that of rate tables, of "
      "all kinds of calls that the instance serves; without such tables, calls in traces that name "
      "the instance. Correlations are each instance's own; their mean is weighted by intervals, "
      "its interval is by jackknife over hosts. Pooled correlations are confounded.";
  if (state.normalised) {
    section.computed +=
        " Utilisations or rates were scaled by the source to 0..1 by their least and largest "
        "value: they can be compared with each other, and say nothing absolute.";
  }
  return section;
}

}  // namespace plumbago::analysis
