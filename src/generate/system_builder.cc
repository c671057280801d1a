#include "generate/system_builder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "generate/reference_erms.h"

namespace plumbago::generate {

using model::Kind;

namespace {

// Multiples of the golden ratio, modulo 1, fill the unit interval more evenly than any other's.
constexpr double kGolden = 0.6180339887498949;

}  // namespace

SystemBuilder::SystemBuilder(System& system, uint32_t services, uint64_t seed, uint32_t edges)
    : system_(system),
      edges_(edges),
      shape_(system.shape()),
      random_(MixSeeds(seed + shape_.salt, 1)) {
  system_.services_.resize(services);
  leaf_.assign(services, kNone);
  place_.resize(services);
  // Roles in a shuffled order, so that a service's number says nothing of it.
  std::vector<uint32_t> order(services);
  for (uint32_t i = 0; i < services; ++i) order[i] = i;
  for (uint32_t i = services - 1; i > 0; --i) std::swap(order[i], order[random_.Below(i + 1)]);
  const auto stateless = static_cast<uint32_t>(services * shape_.stateless_share);
  const auto caches = static_cast<uint32_t>(services * shape_.cache_share);
  for (uint32_t i = 0; i < services; ++i) {
    const Role role = i < stateless            ? Role::kStateless
                      : i < stateless + caches ? Role::kCache
                                               : Role::kDatabase;
    system_.services_[order[i]].role = role;
    std::vector<uint32_t>& all = pools_[static_cast<size_t>(role)].all;
    place_[order[i]] = static_cast<uint32_t>(all.size());
    all.push_back(order[i]);
  }
  for (Pool& pool : pools_) {
    const auto hot =
        static_cast<size_t>(std::ceil(shape_.hot_share * static_cast<double>(pool.all.size())));
    pool.hot.assign(pool.all.begin(), pool.all.begin() + static_cast<ptrdiff_t>(hot));
    pool.fresh = hot;
  }
}

void SystemBuilder::Build() {
  const auto services = static_cast<uint32_t>(system_.services_.size());
  double target = shape_.edges_per_service * services;
  if (edges_ > 0) target = std::min({target, edges_ - 7.0, 0.25 * services * (services - 1)});
  uint32_t in_vain = 0;  // entries in a row that brought no new edge
  // Sizes at low-discrepancy quantiles.
  double quantile = random_.Unit();
  std::vector<uint32_t> entry_services;
  const auto fresh_left = [&] {
    return std::any_of(pools_.begin(), pools_.end(),
                       [](const Pool& pool) { return pool.fresh < pool.all.size(); });
  };
  while (static_cast<double>(system_.edges_.size()) < target || (edges_ == 0 && fresh_left()) ||
         system_.entries_.empty()) {
    if (edges_ > 0 && in_vain > 1000) break;
    const size_t edges_before = system_.edges_.size();
    late_ = static_cast<double>(system_.edges_.size()) >= target;
    quantile += kGolden;
    quantile -= std::floor(quantile);
    const double p = std::clamp(quantile, 0.0005, 0.9995);
    const double drawn = shape_.size_median * std::exp(shape_.size_sigma * NormalQuantile(p));
    double cap = std::min(shape_.size_cap, 2.0 * services);
    // A tree may come out larger than its size; it must not pass the number of edges.
    if (edges_ > 0)
      cap = std::min(cap, std::floor(0.25 * static_cast<double>(edges_ - edges_before)));
    const auto size = static_cast<uint32_t>(std::clamp(drawn - 0.5, 0.0, cap));
    // Half of the online services have a front end of their own, the others share one.
    Pool& pool = pools_[static_cast<size_t>(Role::kStateless)];
    uint32_t service;
    if (!entry_services.empty() && (pool.fresh == pool.all.size() || random_.Chance(0.5))) {
      service = entry_services[random_.Below(static_cast<uint32_t>(entry_services.size()))];
    } else {
      service = pool.fresh < pool.all.size() ? pool.all[pool.fresh++] : pool.all[0];
      entry_services.push_back(service);
    }
    graph_size_ = size;
    Entry entry;
    entry.interface = MakeInterface(service, 0, size, kNone);
    system_.entries_.push_back(entry);
    in_vain = system_.edges_.size() > edges_before ? 0 : in_vain + 1;
  }
  CHECK(edges_ == 0 || system_.edges_.size() <= edges_);
  const auto entries = static_cast<uint32_t>(system_.entries_.size());
  for (auto extra = static_cast<uint32_t>(shape_.extra_entries * entries); extra > 0; --extra) {
    Interface again = system_.interfaces_[system_.entries_[random_.Below(entries)].interface];
    Entry entry;
    entry.interface = static_cast<uint32_t>(system_.interfaces_.size());
    system_.interfaces_.push_back(again);
    system_.entries_.push_back(entry);
  }
  // Zipf-Mandelbrot popularity: rank + 10 keeps the first few from being everything.
  double sum = 0;
  for (size_t i = 0; i < system_.entries_.size(); ++i) {
    system_.entries_[i].weight = 1 / std::pow(static_cast<double>(i) + 10, shape_.popularity);
    sum += system_.entries_[i].weight;
  }
  for (Entry& entry : system_.entries_) entry.weight /= sum;
  if (shape_.giant_sites == 0) return;
  for (Entry& entry : system_.entries_) entry.weight *= 1 - shape_.giant_share;
  const Pool& pool = pools_[static_cast<size_t>(Role::kStateless)];
  graph_size_ = shape_.giant_sites;
  late_ = false;
  Entry giant;
  giant.interface = MakeInterface(pool.all[random_.Below(static_cast<uint32_t>(pool.all.size()))],
                                  0, graph_size_, kNone);
  giant.weight = shape_.giant_share;
  system_.entries_.push_back(giant);
}

uint32_t SystemBuilder::DrawChildren(uint32_t tier, uint32_t size) {
  const auto depths = ErmsByDepth();
  const ErmsDepth& depth = depths[std::min<size_t>(tier, depths.size() - 1)];
  double u = random_.Unit();
  uint32_t children = 0;
  for (uint32_t n = 1; n <= depth.children.size() && children == 0; ++n) {
    u -= depth.children[n - 1];
    if (u < 0) children = n;
  }
  if (children == 0) {
    // Beyond ten: exponential with the published mean.
    children =
        11 + static_cast<uint32_t>(-std::log(1 - random_.Unit()) * (depth.mean_over_10 - 11));
  }
  // Erms counts calls; a site that is called again and again is one site.
  if (children > 4) children = 4 + (children - 4) * 3 / 4;
  const double width = std::pow(static_cast<double>(size), shape_.width_exponent);
  const auto least = static_cast<uint32_t>(width * (0.5 + random_.Unit()));
  return std::clamp<uint32_t>(std::max(children, least), 1, size);
}

Role SystemBuilder::DrawRole(uint32_t tier) {
  const auto depths = ErmsByDepth();
  const ErmsDepth::Kinds& kinds = depths[std::min<size_t>(tier, depths.size() - 1)].kinds;
  // Shares are of calls; caches are called again and again, so they are fewer of the sites.
  const double cache = kinds.cache / 3.6;
  const double database = kinds.database / 1.8 * shape_.database_factor;
  const double stateless = (kinds.rpc + kinds.http + kinds.message) / 1.25;
  // SoCC'21 Fig. 3(b): larger graphs hold relatively more caches.
  const double grown =
      cache * (shape_.cache_base + shape_.cache_growth * std::log2(1.0 + graph_size_));
  double u = random_.Unit() * (grown + database + stateless);
  if (u < grown) return Role::kCache;
  u -= grown;
  return u < database ? Role::kDatabase : Role::kStateless;
}

Kind SystemBuilder::DrawStatelessKind(uint32_t tier) {
  const auto depths = ErmsByDepth();
  const ErmsDepth::Kinds& kinds = depths[std::min<size_t>(tier, depths.size() - 1)].kinds;
  // Evenly spread instead of independent: a popular entry's few sites then hold the shares too.
  double& sequence = kind_sequence_[std::min<size_t>(tier, kind_sequence_.size() - 1)];
  sequence += kGolden;
  sequence -= std::floor(sequence);
  if (random_.Chance(shape_.in_process)) return Kind::kOther;
  const double message = kinds.message * shape_.message_factor;
  double u = sequence * (kinds.rpc + kinds.http + message);
  if (u < message) return Kind::kMessage;
  u -= message;
  return u < kinds.http ? Kind::kHttp : Kind::kRpc;
}

uint32_t SystemBuilder::DrawService(Role role, uint32_t caller, uint32_t tier) {
  Pool& pool = pools_[static_cast<size_t>(role)];
  if (!late_ && random_.Chance(tier == 0 ? shape_.hot_first_sites : shape_.hot_sites)) {
    // Some of the hot ones are hotter: the square leans to the front.
    const double v = random_.Unit();
    return pool.hot[static_cast<size_t>(v * v * static_cast<double>(pool.hot.size()))];
  }
  // Every service gets its place: the new ones are used up at the pace at which edges come to be.
  if (pool.fresh < pool.all.size()) {
    const double placed = static_cast<double>(pool.fresh) / static_cast<double>(pool.all.size());
    const double progress =
        static_cast<double>(system_.edges_.size()) /
        (shape_.edges_per_service * static_cast<double>(system_.services_.size()));
    if (late_ || random_.Chance(placed < progress ? 0.9 : 0.25)) return pool.all[pool.fresh++];
  }
  // One that is in use, nearer ones first: services of one team call each other.
  const size_t used = std::max<size_t>(pool.fresh, 1);
  const double v = random_.Unit();
  const size_t back = static_cast<size_t>(v * v * v * static_cast<double>(used));
  const uint32_t service = pool.all[used - 1 - std::min(back, used - 1)];
  return service == caller && used > 1 ? pool.all[random_.Below(static_cast<uint32_t>(used))]
                                       : service;
}

uint32_t SystemBuilder::LeafInterface(uint32_t service, uint32_t tier) {
  if (leaf_[service] == kNone) leaf_[service] = MakeInterface(service, tier, 0, kNone);
  return leaf_[service];
}

uint32_t SystemBuilder::DrawSharedInterface(uint32_t tier, uint32_t size) {
  const auto& bucket = shared_[tier][std::min<size_t>(std::bit_width(size), kSizes - 1)];
  if (bucket.empty()) return kNone;
  const double v = random_.Unit();
  return bucket[static_cast<size_t>(v * v * static_cast<double>(bucket.size()))];
}

uint32_t SystemBuilder::EdgeOf(uint32_t caller, uint32_t callee) {
  const uint64_t key = uint64_t{caller} << 32 | callee;
  const auto [at, added] =
      edge_index_.try_emplace(key, static_cast<uint32_t>(system_.edges_.size()));
  if (added) system_.edges_.push_back({caller, callee, 0});
  return at->second;
}

uint32_t SystemBuilder::DrawLater(uint32_t caller) {
  Pool& pool = pools_[static_cast<size_t>(Role::kStateless)];
  const auto hot = static_cast<uint32_t>(pool.hot.size());
  const uint32_t at = place_[caller];
  // The shared ones come last, in their own order.
  if (at < hot) return at + 1 < hot ? pool.all[at + 1 + random_.Below(hot - at - 1)] : kNone;
  if (!late_ && hot > 0 && random_.Chance(shape_.hot_sites)) return pool.hot[random_.Below(hot)];
  if (pool.fresh < pool.all.size() && (late_ || random_.Chance(0.5))) return pool.all[pool.fresh++];
  const auto used = static_cast<uint32_t>(pool.fresh);
  if (at + 1 < used) return pool.all[at + 1 + random_.Below(used - at - 1)];
  return hot > 0 ? pool.hot[random_.Below(hot)] : kNone;
}

Site SystemBuilder::MakeCycle(uint32_t service, uint32_t caller, uint32_t tier) {
  const uint32_t back_to = system_.interfaces_[caller].service;
  Site site;
  site.plant = random_.Chance(0.5) ? Plant::kStrongCycle : Plant::kWeakCycle;
  site.kind = Kind::kRpc;
  site.share = 0xFFFF;
  site.interface = MakeInterface(back_to, tier + 1, 0, kNone);
  if (site.plant == Plant::kStrongCycle) system_.interfaces_[site.interface].named_as = caller;
  site.edge = EdgeOf(service, back_to);
  return site;
}

uint32_t SystemBuilder::MakeInterface(uint32_t service, uint32_t tier, uint32_t size,
                                      uint32_t caller) {
  const auto index = static_cast<uint32_t>(system_.interfaces_.size());
  system_.interfaces_.emplace_back();
  const Role role = system_.services_[service].role;
  const double median = role == Role::kCache      ? shape_.cache_median
                        : role == Role::kDatabase ? shape_.database_median
                                                  : shape_.work_median;
  const double sigma = role == Role::kStateless ? shape_.work_sigma : 0.35;
  const double p = 0.001 + 0.998 * random_.Unit();
  const double work = std::clamp(median * std::exp(sigma * NormalQuantile(p)), 20.0, 60'000.0);
  {
    Interface& made = system_.interfaces_[index];
    made.service = service;
    made.tier = static_cast<uint8_t>(tier);
    made.work_us = static_cast<uint32_t>(work);
  }
  if (size == 0) return index;

  const bool last_tier = tier + 2 >= kTiers;
  const uint32_t children = last_tier ? std::min<uint32_t>(size, 30) : DrawChildren(tier, size);
  struct Child {
    Role role;
    uint32_t size = 0;
    double weight = 0;
  };
  std::vector<Child> drawn(children);
  double weights = 0;
  for (Child& child : drawn) {
    child.role = DrawRole(tier);
    if (child.role != Role::kStateless) continue;
    // Unequal on purpose: one callee usually carries most of the work.
    const double v = random_.Unit();
    child.weight = v * v * v + 0.02;
    weights += child.weight;
  }
  uint32_t rest = last_tier ? 0 : size - children;
  if (rest > 0 && weights == 0) {
    drawn[0].role = Role::kStateless;
    weights = drawn[0].weight = 1;
  }
  for (Child& child : drawn) {
    child.size =
        static_cast<uint32_t>(child.weight / std::max(weights, 1e-9) * rest + random_.Unit());
  }

  std::vector<Site> made(children);
  // In a planted system an interface calls a service at one site only: two would pass for a loop.
  const auto draw = [&](Role of) {
    if (!shape_.planted) return DrawService(of, service, tier);
    for (int attempt = 0; attempt < 8; ++attempt) {
      const uint32_t callee =
          of == Role::kStateless ? DrawLater(service) : DrawService(of, service, tier);
      if (callee == kNone) return kNone;
      const bool taken = std::any_of(made.begin(), made.end(), [&](const Site& site) {
        return site.share != 0 && system_.interfaces_[site.interface].service == callee;
      });
      if (!taken) return callee;
    }
    return kNone;
  };
  std::vector<uint8_t> cover(edges_ > 0 ? children : 0);
  for (uint32_t i = 0; i < children; ++i) {
    const Child& child = drawn[i];
    Site& site = made[i];
    uint32_t target = kNone;
    double loop = shape_.loop_stateless;
    if (child.role == Role::kStateless) {
      site.kind = DrawStatelessKind(tier);
      if (!late_ && random_.Chance(shape_.reuse_interface)) {
        target = DrawSharedInterface(tier + 1, child.size);
      }
      if (target == kNone) {
        const uint32_t callee = draw(Role::kStateless);
        if (callee == kNone) continue;
        target = MakeInterface(callee, tier + 1, child.size, index);
        shared_[tier + 1][std::min<size_t>(std::bit_width(child.size), kSizes - 1)].push_back(
            target);
        if (edges_ > 0 && system_.interfaces_[target].sites > 0)
          cover[i] = kCoverCall | kCoverExpand;
      }
      // A loop over a large subtree would make a trace of millions of calls.
      if (child.size > 3) loop = site.kind == Kind::kMessage ? 0 : shape_.loop_stateless / 3;
    } else {
      const bool cache = child.role == Role::kCache;
      site.kind = cache ? Kind::kCache : Kind::kDatabase;
      const uint32_t callee = draw(child.role);
      if (callee == kNone) continue;
      target = LeafInterface(callee, tier + 1);
      loop = cache ? shape_.loop_cache : shape_.loop_database;
    }
    site.interface = target;
    const size_t edges_before = system_.edges_.size();
    site.edge = EdgeOf(service, system_.interfaces_[target].service);
    if (edges_ > 0 && system_.edges_.size() > edges_before) cover[i] |= kCoverCall;
    const double share = random_.Chance(shape_.sites_always) ? 1 : 0.2 + 0.75 * random_.Unit();
    site.share = static_cast<uint16_t>(std::min(share * 65536, 65535.0));
    if (shape_.planted) {
      const bool leaf = child.role != Role::kStateless || system_.interfaces_[target].sites == 0;
      if (leaf && site.kind != Kind::kMessage && random_.Chance(shape_.n_plus_1)) {
        site.repeat = Repeat::kPlanted;
        site.plant = Plant::kNPlus1;
      } else if (site.kind != Kind::kMessage && random_.Chance(shape_.retry)) {
        site.plant = Plant::kRetry;
      }
    } else if (random_.Chance(loop)) {
      // Long loops are over caches and databases.
      const bool heavy = child.role != Role::kStateless && random_.Chance(shape_.loop_heavy);
      site.repeat = heavy ? Repeat::kHeavy : Repeat::kFew;
    }
  }
  // Where no service was left to be called there is no site.
  std::erase_if(made, [](const Site& site) { return site.share == 0; });
  if (shape_.planted && caller != kNone && random_.Chance(shape_.cycles)) {
    made.push_back(MakeCycle(service, caller, tier));
  }
  Interface& interface = system_.interfaces_[index];
  interface.first_site = static_cast<uint32_t>(system_.sites_.size());
  interface.sites = static_cast<uint16_t>(made.size());
  if (random_.Chance(shape_.scatter)) {
    interface.plan = Plan::kScatter;
  } else if (random_.Chance(shape_.lanes)) {
    interface.plan = Plan::kLanes;
  } else if (shape_.planted && random_.Chance(shape_.independent)) {
    interface.plan = Plan::kShuffled;
  }
  system_.sites_.insert(system_.sites_.end(), made.begin(), made.end());
  system_.cover_.insert(system_.cover_.end(), cover.begin(), cover.end());
  return index;
}

uint32_t SystemBuilder::AddTailCallees(uint32_t caller, uint32_t count) {
  // A walk over all services by a step that shares no divisor with their number meets each of them
  // once.
  const auto services = static_cast<uint32_t>(system_.services_.size());
  uint64_t at = random_.Below(services);
  uint64_t step = 1 + random_.Below(services - 1);
  while (std::gcd<uint64_t>(step, services) != 1) step = step % (services - 1) + 1;
  uint32_t added = 0;
  for (uint32_t tried = 0; tried < services && added < count; ++tried) {
    at = (at + step) % services;
    const auto callee = static_cast<uint32_t>(at);
    if (callee == caller || edge_index_.contains(uint64_t{caller} << 32 | callee)) continue;
    system_.tail_callees_.push_back(callee);
    ++added;
  }
  return added;
}

void SystemBuilder::BuildTail() {
  if (edges_ == 0) return;
  const auto services = static_cast<uint32_t>(system_.services_.size());
  system_.leaves_.resize(services);
  for (uint32_t i = 0; i < services; ++i) system_.leaves_[i] = LeafInterface(i, 1);
  uint32_t missing = edges_ - static_cast<uint32_t>(system_.edges_.size());
  system_.tail_callees_.reserve(missing);
  const std::vector<uint32_t>& callers = pools_[static_cast<size_t>(Role::kStateless)].all;
  // As many callers as give each a whole chunk; all of them if that is not enough.
  auto left = std::min(static_cast<uint32_t>(callers.size()), missing / kTailChunk + 1);
  for (const uint32_t caller : callers) {
    if (missing == 0) break;
    const uint32_t share = left > 1 ? (missing + left - 1) / left : missing;
    left -= left > 1;
    auto first = static_cast<uint32_t>(system_.tail_callees_.size());
    const uint32_t added = AddTailCallees(caller, share);
    missing -= added;
    if (added == 0) continue;
    ++system_.tail_entries_;
    Entry entry;
    entry.interface = MakeInterface(caller, 0, 0, kNone);
    system_.entries_.push_back(entry);
    for (uint32_t rest = added; rest > 0;) {
      const uint32_t edges = std::min(rest, kTailChunk);
      system_.tail_chunks_.push_back(
          {static_cast<uint32_t>(system_.entries_.size() - 1), first, edges});
      first += edges;
      rest -= edges;
    }
  }
}

}  // namespace plumbago::generate
