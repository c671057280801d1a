#include "generate/shape_corrections.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate {

using model::Kind;

double Clamped(double ratio, double most) { return std::clamp(ratio, 1 / most, most); }

double Factor(std::optional<double> target, std::optional<double> measured, double power,
              double most) {
  if (!target || !measured || *target <= 0 || *measured <= 0) return 1;
  return Clamped(std::pow(*target / *measured, power), most);
}

double Odds(double share) {
  const double p = std::clamp(share, 0.001, 0.999);
  return p / (1 - p);
}

void CorrectShape(const Targets& targets, const SampleValues& values, Shape& shape) {
  const auto want = [&](const char* section, const char* name) {
    return targets.Find(section, name);
  };
  const double m50 = values.ServicesQuantile(0.5), m90 = values.ServicesQuantile(0.9);
  const auto t50 = want("graph-size", "services_p50"), t90 = want("graph-size", "services_p90");
  shape.size_median = std::clamp(shape.size_median * Factor(t50, m50, 1.0), 0.3, 500.0);
  if (t50 && t90 && *t90 > *t50 && m90 > m50 && *t50 > 0) {
    shape.size_sigma *= Factor(std::log(*t90 / *t50), std::log(m90 / m50), 0.7, 1.5);
    shape.size_sigma = std::clamp(shape.size_sigma, 0.05, 3.0);
  }
  const auto width = want("shape", "width_mean"), depth = want("shape", "depth_mean");
  if (width && depth && *width > 0 && *depth > 0) {
    const double measured = values.Ratio(Feature::kWidth, Feature::kOne) /
                            std::max(0.01, values.Ratio(Feature::kDepth, Feature::kOne));
    shape.width_exponent =
        std::clamp(shape.width_exponent + 0.25 * std::log(*width / *depth / measured), 0.0, 1.0);
  }
  if (const auto cache = want("paradigms", "cache")) {
    const double factor = Clamped(
        std::pow(Odds(*cache) / Odds(values.Ratio(Feature::kCacheCalls, Feature::kCalls)), 0.8), 3);
    shape.cache_base *= factor;
    shape.cache_growth *= factor;
  }
  if (const auto database = want("paradigms", "database")) {
    shape.database_factor *= Clamped(
        std::pow(Odds(*database) / Odds(values.Ratio(Feature::kDatabaseCalls, Feature::kCalls)),
                 0.8),
        3);
  }
  if (const auto message = want("paradigms", "message")) {
    shape.message_factor *= Clamped(
        std::pow(Odds(*message) / Odds(values.Ratio(Feature::kMessageCalls, Feature::kKnownCalls)),
                 0.8),
        3);
  }
  if (const auto other = want("paradigms", "other"))
    shape.in_process = std::clamp(*other, 0.0, 0.9);
  const double loops = Factor(
      [&]() -> std::optional<double> {
        const auto calls = want("graph-size", "calls_mean"),
                   services = want("graph-size", "services_mean");
        return calls && services && *services > 0 ? std::optional<double>(*calls / *services)
                                                  : std::nullopt;
      }(),
      values.Ratio(Feature::kCalls, Feature::kServices), 0.8, 1.5);
  for (double* loop : {&shape.loop_cache, &shape.loop_database, &shape.loop_stateless}) {
    *loop = std::clamp(*loop * loops, 0.0, 0.9);
  }
  if (const auto surely = want("parallelism", "callers_parallel_surely")) {
    const double factor =
        Factor(surely, values.Ratio(Feature::kCallersSurely, Feature::kCallers), 0.8);
    shape.lanes = std::clamp(shape.lanes * factor, 0.0, 0.95);
    shape.scatter = std::clamp(shape.scatter * factor, 0.0, 0.95);
  }
  // Calls that the caller did not record: messages, and entries behind another proxy.
  if (const auto client = want("edges", "client_side")) {
    const double calls = values.Ratio(Feature::kCalls, Feature::kOne);
    const double more = (*client - values.Ratio(Feature::kClientSide, Feature::kCalls)) * calls;
    shape.root_is_zero = std::clamp(shape.root_is_zero + 0.8 * more, 0.0, 1.0);
  }
}

void CorrectTimes(const Targets& targets, const Targets& seen, Shape& shape) {
  const auto own = [](const Targets& t, Kind kind) { return t.own_ns[static_cast<size_t>(kind)]; };
  shape.cache_median *= Factor(own(targets, Kind::kCache), own(seen, Kind::kCache), 0.9, 4);
  shape.database_median *=
      Factor(own(targets, Kind::kDatabase), own(seen, Kind::kDatabase), 0.9, 4);
  const Kind work = own(targets, Kind::kRpc) && own(seen, Kind::kRpc) ? Kind::kRpc : Kind::kHttp;
  shape.work_median *= Factor(own(targets, work), own(seen, work), 0.9, 4);
}

void CorrectDamage(const Targets& targets, const Targets& seen, DamageShares& damage) {
  const auto next = [](double share, double factor) {
    return std::clamp(share * factor, 0.0, 0.5);
  };
  damage.missing = next(damage.missing, Factor(targets.Find("completeness", "calls_inserted"),
                                               seen.Find("completeness", "calls_inserted"), 0.9));
  damage.propagation =
      next(damage.propagation,
           targets.propagation > 0 ? Factor(targets.propagation, seen.propagation, 0.9) : 1);
  damage.duplicates = next(damage.duplicates, Factor(targets.duplicates, seen.duplicates, 0.9));
}

}  // namespace plumbago::generate
