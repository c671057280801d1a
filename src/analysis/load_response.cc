#include "analysis/load_response.h"

#include <cmath>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/floor_divide.h"
#include "analysis/instance_load.h"
#include "statistics/cluster_jackknife.h"

namespace plumbago::analysis {
namespace {

using model::InstanceId;
using model::kNoInstance;
using statistics::PanelUnit;

constexpr int64_t kHourSlots = 3'600'000'000'000 / kSlotNs;

double ValueOf(const LoadBin& bin, Predictor predictor) {
  switch (predictor) {
    case Predictor::kHostCpu:
      return bin.host_cpu;
    case Predictor::kHostMemory:
      return bin.host_memory;
    case Predictor::kOwnCpu:
      return bin.cpu;
    case Predictor::kOwnMemory:
      return bin.memory;
  }
  return kUnknownLoad;
}

// An outcome of one instance and operation in an interval.
struct Outcomes {
  int64_t bin;
  double weight;
  double value;
};

class Join {
 public:
  Join(const LoadReader& reader, LoadResponse& response) : reader_(reader), response_(response) {}

  // Outcomes of one instance and operation, by bin. `calls`: of the instance in each of its bins,
  // the rate where no table tells it.
  // `scale`: what such outcomes usually are, over all instances or hours.
  void Add(Outcome outcome, const InstanceLoad& load, const std::vector<Outcomes>& outcomes,
           const std::vector<double>& calls, double scale) {
    AddRanks(outcome, load, outcomes);
    size_t begin = 0;
    while (begin < outcomes.size()) {
      const LoadBin* first = load.Find(outcomes[begin].bin);
      if (first == nullptr) {
        ++begin;
        continue;
      }
      // A group: one hour on one host. Outcomes whose interval has no samples are left out.
      const int64_t hour = HourOf(first->bin);
      const InstanceId host = first->host;
      group_.clear();
      size_t end = begin;
      for (; end < outcomes.size() && HourOf(outcomes[end].bin) == hour; ++end) {
        const LoadBin* bin = load.Find(outcomes[end].bin);
        if (bin == nullptr) continue;
        if (bin->host != host) break;
        group_.push_back({bin, &outcomes[end]});
      }
      AddGroup(outcome, load, host, calls, scale);
      begin = end;
    }
  }

 private:
  int64_t HourOf(int64_t bin) const {
    return FloorDivide(bin * reader_.interval_slots(), kHourSlots);
  }

  void AddRanks(Outcome outcome, const InstanceLoad& load, const std::vector<Outcomes>& outcomes) {
    for (size_t p = 0; p < kPredictors; ++p) {
      Response& response = response_.of[static_cast<size_t>(outcome)][p];
      pairs_.clear();
      double sum = 0, squares = 0;
      for (const Outcomes& one : outcomes) {
        const LoadBin* bin = load.Find(one.bin);
        const double x = bin == nullptr ? kUnknownLoad : ValueOf(*bin, static_cast<Predictor>(p));
        if (std::isnan(x)) continue;
        pairs_.emplace_back(x, one.value);
        response.pooled_ranks.Add(x, one.value);
        sum += x;
      }
      if (pairs_.size() < kLeastUnits) continue;
      const auto count = static_cast<double>(pairs_.size());
      const double mean = sum / count;
      for (const auto& [x, y] : pairs_) squares += (x - mean) * (x - mean);
      if (mean > 0) response.variation_within.push_back(std::sqrt(squares / (count - 1)) / mean);
      if (const auto r = statistics::RankCorrelation(pairs_)) response.ranks_within.push_back(*r);
    }
  }

  void AddGroup(Outcome outcome, const InstanceLoad& load, InstanceId host,
                const std::vector<double>& calls, double scale) {
    // Instances are numbered in another range than hosts.
    const uint64_t cluster_name =
        host != kNoInstance ? Index(host) : uint64_t{1} << 32 | Index(load.instance);
    const uint32_t cluster =
        clusters_.try_emplace(cluster_name, static_cast<uint32_t>(clusters_.size())).first->second;
    for (size_t p = 0; p < kPredictors; ++p) {
      const auto predictor = static_cast<Predictor>(p);
      const bool of_host = predictor == Predictor::kHostCpu || predictor == Predictor::kHostMemory;
      units_.clear();
      for (const auto& [bin, one] : group_) {
        const double x = ValueOf(*bin, predictor);
        if (std::isnan(x)) continue;
        double rate = bin->rate;
        if (std::isnan(rate) && !calls.empty()) {
          rate = calls[static_cast<size_t>(bin - load.bins.data())];
        }
        units_.push_back({one->weight, x, one->value, {rate, of_host ? bin->cpu : kUnknownLoad}});
      }
      if (units_.empty()) continue;
      Response& response = response_.of[static_cast<size_t>(outcome)][p];
      response.regression.AddGroup(cluster, units_, scale);
      if (of_host) response.curve.AddGroup(units_);
    }
  }

  const LoadReader& reader_;
  LoadResponse& response_;
  std::unordered_map<uint64_t, uint32_t> clusters_;  // dense, by first use; only looked up
  std::vector<std::pair<const LoadBin*, const Outcomes*>> group_;
  std::vector<PanelUnit> units_;
  std::vector<std::pair<double, double>> pairs_;
};

}  // namespace

const char* OutcomeTitle(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOwnTime:
      return "own time of calls";
    case Outcome::kLeafResponse:
      return "response time of instances that call no one";
    case Outcome::kAnyResponse:
      return "response time with callees (for comparison)";
  }
  return "";
}

const char* PredictorTitle(Predictor predictor) {
  switch (predictor) {
    case Predictor::kHostCpu:
      return "CPU of the host";
    case Predictor::kHostMemory:
      return "memory of the host";
    case Predictor::kOwnCpu:
      return "own CPU";
    case Predictor::kOwnMemory:
      return "own memory";
  }
  return "";
}

bool Response::tested() const {
  const auto deviation = regression.WithinDeviation();
  return deviation && *deviation >= kLeastDeviation && regression.Slope() &&
         regression.clusters() >= statistics::kLeastClusters;
}

Outcome LoadResponse::Best() const {
  for (const Outcome outcome : {Outcome::kOwnTime, Outcome::kLeafResponse}) {
    if (Of(outcome, Predictor::kHostCpu).tested()) return outcome;
  }
  return Of(Outcome::kOwnTime, Predictor::kHostCpu).known() ||
                 !Of(Outcome::kLeafResponse, Predictor::kHostCpu).known()
             ? Outcome::kOwnTime
             : Outcome::kLeafResponse;
}

LoadResponse JoinLoad(const Interference::State& state) {
  LoadResponse response;
  const LoadReader reader(state.cells);
  response.interval_ns = reader.interval_ns();
  response.hosts_named = reader.names_hosts();
  response.instances = reader.instances();

  auto served = state.served;
  served.Freeze();
  auto made = state.made;
  made.Freeze();
  // Of all instances together: the scale by which a few calls of one are judged.
  struct CallsOf {
    uint64_t calls = 0;
    FixedSum self_ns;
  };
  std::unordered_map<model::OperationId, CallsOf> of_operation;  // only looked up
  served.runs().ForEach([&](const ServedCalls& some) {
    CallsOf& all = of_operation[some.operation];
    all.calls += some.calls;
    all.self_ns.Add(some.self_ns.value);
  });
  std::unique_ptr<statistics::Source<ServedCalls>> served_source;
  std::unique_ptr<statistics::Source<CallsMade>> made_source;
  const ServedCalls* call = nullptr;
  const CallsMade* makes = nullptr;

  Join join(reader, response);
  struct Slot {
    model::OperationId operation;
    Outcomes outcome;
  };
  std::vector<Slot> slots;
  std::vector<Outcomes> outcomes;
  std::vector<double> calls;

  LoadReader::Visitor visitor;
  visitor.begin = [&] {
    served_source = served.runs().Open();
    made_source = made.runs().Open();
    call = served_source->Next();
    makes = made_source->Next();
  };
  visitor.visit = [&](const InstanceLoad& load) {
    while (call != nullptr && call->instance < load.instance) call = served_source->Next();
    while (makes != nullptr && makes->instance < load.instance) makes = made_source->Next();
    const CallsMade own =
        makes != nullptr && makes->instance == load.instance ? *makes : CallsMade{};

    slots.clear();
    calls.clear();
    for (; call != nullptr && call->instance == load.instance; call = served_source->Next()) {
      if (call->calls == 0) continue;
      const int64_t bin = reader.BinOf(call->slot);
      const auto count = static_cast<double>(call->calls);
      const auto ns = static_cast<double>(call->self_ns.value);
      if (!slots.empty() && slots.back().operation == call->operation &&
          slots.back().outcome.bin == bin) {
        slots.back().outcome.weight += count;
        slots.back().outcome.value += ns;
      } else {
        slots.push_back({call->operation, {bin, count, ns}});
      }
      if (const LoadBin* at = load.Find(bin)) {
        calls.resize(load.bins.size());
        calls[static_cast<size_t>(at - load.bins.data())] += count;
      }
    }
    for (size_t i = 0; i < slots.size();) {
      outcomes.clear();
      const model::OperationId operation = slots[i].operation;
      for (; i < slots.size() && slots[i].operation == operation; ++i) {
        Outcomes one = slots[i].outcome;
        one.value /= one.weight;
        outcomes.push_back(one);
      }
      const CallsOf& all = of_operation.find(operation)->second;
      join.Add(Outcome::kOwnTime, load, outcomes, calls,
               static_cast<double>(all.self_ns.value) / static_cast<double>(all.calls));
    }

    // A table or trace must tell that it makes none: one that is silent tells nothing.
    const bool told = own.idle + own.samples > 0 || !slots.empty();
    const bool leaf = told && own.samples == 0 && own.calls == 0;
    for (size_t i = 0; i < load.latencies.size();) {
      outcomes.clear();
      const model::Flow flow = load.latencies[i].flow;
      for (; i < load.latencies.size() && load.latencies[i].flow == flow; ++i) {
        outcomes.push_back({load.latencies[i].bin, 1, load.latencies[i].ns});
      }
      double sum = 0;
      for (const Outcomes& one : outcomes) sum += one.value;
      const double mean = sum / static_cast<double>(outcomes.size());
      join.Add(Outcome::kAnyResponse, load, outcomes, calls, mean);
      if (leaf) join.Add(Outcome::kLeafResponse, load, outcomes, calls, mean);
    }
  };
  reader.Read(visitor);
  return response;
}

}  // namespace plumbago::analysis
