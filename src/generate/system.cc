#include "generate/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "generate/system_builder.h"

namespace plumbago::generate {
namespace {

// 64 hex digits, as the 2021 release writes names.
std::string HexName(uint64_t seed, uint64_t index) {
  Random random(MixSeeds(seed, index));
  std::string text;
  text.reserve(64);
  for (int i = 0; i < 4; ++i) fmt::format_to(std::back_inserter(text), "{:016x}", random.Next());
  return text;
}

// Ten characters, as the 2022 release writes interfaces.
std::string ShortName(uint64_t seed, uint64_t index) {
  constexpr char kCharacters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  uint64_t bits = MixSeeds(seed, index);
  std::string text(10, ' ');
  for (char& c : text) {
    c = kCharacters[bits & 63];
    bits >>= 6;
  }
  return text;
}

}  // namespace

System::System(const Shape& shape, uint32_t services, uint64_t seed, uint32_t edges)
    : shape_(shape),
      work_(DrawTable::LogNormal(0.8)),
      storage_(DrawTable::LogNormal(0.7)),
      network_(DrawTable::LogNormal(0.9)),
      loop_(DrawTable::Pareto(2, shape.loop_alpha)) {
  {
    SystemBuilder builder(*this, services, seed, edges);
    builder.Build();
    BuildAlias();  // the tail's entries are not drawn by popularity
    builder.BuildTail();
  }
  EstimateEdges();
  NameAll(seed);
}

Edge System::EdgeAt(uint32_t index) const {
  if (index < edges_.size()) return edges_[index];
  const auto at = static_cast<uint32_t>(index - edges_.size());
  const auto chunk =
      std::prev(std::upper_bound(tail_chunks_.begin(), tail_chunks_.end(), at,
                                 [](uint32_t i, const TailChunk& c) { return i < c.first; }));
  return {interfaces_[entries_[chunk->entry].interface].service, tail_callees_[at], 0};
}

void System::BuildAlias() {
  const size_t n = entries_.size();
  alias_.resize(n);
  std::vector<double> scaled(n);
  std::vector<uint32_t> small, large;
  for (uint32_t i = 0; i < n; ++i) {
    scaled[i] = entries_[i].weight * static_cast<double>(n);
    (scaled[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const uint32_t less = small.back(), more = large.back();
    small.pop_back();
    alias_[less] = {static_cast<uint32_t>(scaled[less] * 4294967295.0), more};
    scaled[more] -= 1 - scaled[less];
    if (scaled[more] < 1) {
      large.pop_back();
      small.push_back(more);
    }
  }
  for (const uint32_t i : small) alias_[i] = {0xFFFFFFFFu, i};
  for (const uint32_t i : large) alias_[i] = {0xFFFFFFFFu, i};
}

void System::EstimateEdges() {
  const double heavy = std::accumulate(loop_.value.begin(), loop_.value.end(), 0.0) / kDraws;
  std::vector<double> runs(interfaces_.size());
  for (const Entry& entry : entries_) runs[entry.interface] += entry.weight;
  // Callers before callees: by tier. A leaf of a cache stands in many tiers, but calls nothing.
  std::vector<uint32_t> order(interfaces_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return interfaces_[a].tier < interfaces_[b].tier;
  });
  for (const uint32_t i : order) {
    const Interface& interface = interfaces_[i];
    for (uint32_t s = interface.first_site; s < interface.first_site + interface.sites; ++s) {
      const Site& site = sites_[s];
      const double repeats = site.repeat == Repeat::kOnce      ? 1
                             : site.repeat == Repeat::kFew     ? 3
                             : site.repeat == Repeat::kPlanted ? kPlantedRepeatsMean
                                                               : heavy;
      const double calls = runs[i] * shape_.expands * site.share / 65536.0 * repeats;
      runs[site.interface] += calls;
      edges_[site.edge].expected += calls;
    }
  }
}

const char* PlantName(Plant plant) {
  switch (plant) {
    case Plant::kNone:
      break;
    case Plant::kNPlus1:
      return "n-plus-1";
    case Plant::kRetry:
      return "retry";
    case Plant::kWeakCycle:
      return "weak-cycle";
    case Plant::kStrongCycle:
      return "strong-cycle";
  }
  return "";
}

void System::NameAll(uint64_t seed) {
  NameParts(seed);
  if (shape_.instances || shape_.placed) NamePods(seed);
  if (shape_.placed) PlacePods(seed);
  for (Interface& interface : interfaces_) {
    if (interface.named_as < interfaces_.size()) {
      interface.operation = interfaces_[interface.named_as].operation;
    }
  }
}

void System::NameParts(uint64_t seed) {
  const uint64_t service_seed = MixSeeds(seed, 2);
  const uint64_t interface_seed = MixSeeds(seed, 3);
  const auto count = static_cast<uint32_t>(services_.size());
  if (!shape_.instances) {
    for (uint32_t i = 0; i < count; ++i)
      services_[i].name = names_.Service(HexName(service_seed, i));
    for (uint32_t i = 0; i < interfaces_.size(); ++i) {
      // The 2021 release fills the interface of rpc and http only, never of stateful callees.
      if (services_[interfaces_[i].service].role != Role::kStateless) continue;
      interfaces_[i].operation = names_.Operation(HexName(interface_seed, i));
    }
    return;
  }
  int bits = 16;
  while ((uint64_t{1} << bits) < 2 * uint64_t{count}) ++bits;
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t number = 1 + Scramble(i + (seed & 0xFF), bits);
    services_[i].name = names_.Service(fmt::format("MS_{}", number));
  }
  for (uint32_t i = 0; i < interfaces_.size(); ++i) {
    interfaces_[i].operation = names_.Operation(ShortName(interface_seed, i));
  }
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    entries_[i].online_service =
        names_.Operation(fmt::format("S_{}", 1 + Scramble(i + (seed & 0xFFFF), 27)));
  }
}

void System::NamePods(uint64_t seed) {
  // Popular services run in more containers.
  std::vector<double> calls(services_.size());
  for (const Edge& edge : edges_) calls[edge.callee] += edge.expected;
  for (const Entry& entry : entries_) calls[interfaces_[entry.interface].service] += entry.weight;
  const uint64_t pod_seed = MixSeeds(seed, 4);
  for (uint32_t i = 0; i < services_.size(); ++i) {
    Service& service = services_[i];
    const std::string name(names_.Text(service.name));
    service.pods =
        2 + static_cast<uint32_t>(std::min(600.0, 60'000 * calls[i] / (1 + 60 * calls[i])));
    // Of the calls of an hour that was sampled each shall have its part, and each cluster one.
    if (shape_.placed) service.pods = std::max(std::min(service.pods, 8u), shape_.clusters);
    for (uint32_t pod = 0; pod < service.pods; ++pod) {
      const uint32_t id =
          names_.instances.Intern(shape_.instances ? fmt::format("{}_POD_{}", name, pod)
                                                   : HexName(pod_seed, uint64_t{i} << 16 | pod));
      if (pod == 0) service.first_pod = id;
    }
  }
}

void System::PlacePods(uint64_t seed) {
  const uint32_t pods = names_.instances.size();
  // About eight to a host; enough hosts that an analysis can tell them apart.
  const uint32_t in_cluster = std::max(24u, pods / 8) / clusters() + 1;
  pod_hosts_.resize(pods);
  Random random(MixSeeds(seed, 5));
  for (const Service& service : services_) {
    for (uint32_t pod = 0; pod < service.pods; ++pod) {
      pod_hosts_[service.first_pod + pod] =
          random.Below(in_cluster) * clusters() + pod % clusters();
    }
  }
  const uint64_t host_seed = MixSeeds(seed, 6);
  for (uint32_t host = 0; host < in_cluster * clusters(); ++host) {
    host_names_.push_back(names_.Instance(shape_.instances ? fmt::format("NODE_{}", host + 1)
                                                           : HexName(host_seed, host)));
  }
  for (uint32_t cluster = 0; cluster < clusters(); ++cluster) {
    cluster_names_.push_back(names_.Instance(fmt::format("CLUSTER_{}", cluster + 1)));
  }
}

}  // namespace plumbago::generate
