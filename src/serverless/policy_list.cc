#include "serverless/policy_list.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/hybrid.h"
#include "serverless/learned_ages.h"
#include "serverless/memory_cache.h"

namespace plumbago::serverless {
namespace {

using Policies = std::vector<std::unique_ptr<Policy>>;

constexpr const char* kKnown =
    "fixed:10m, no-unload, "
    "hybrid:4h[:median|:arima|:no-arima][:cut=5-99][:margin=10][:cv=2][:no-prewarm], "
    "ours[:lambda=600s], bounds[:lambda=600s], all; lru:16G, lfu:16G, size:16G, landlord:16G, "
    "greedy-dual:16G (on a server of so much memory)";

tl::unexpected<Error> Unknown(const std::string& name, std::string_view why) {
  return Fail(ErrorKind::kUsage, fmt::format("policy '{}': {}; known are {}", name, why, kKnown));
}

std::optional<uint32_t> Whole(std::string_view text, uint32_t most) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most)
    return std::nullopt;
  return number;
}

// "90s", "10m", "4h" as seconds; nothing where it is none, or longer than a year.
std::optional<uint32_t> Seconds(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const char unit = text.back();
  const uint32_t scale = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
  const auto number = Whole(text.substr(0, text.size() - 1), 366 * 86'400);
  if (scale == 0 || !number || *number == 0 || *number > 366 * 86'400 / scale) return std::nullopt;
  return *number * scale;
}

// "512M", "16G" as bytes (K, M, G, T: of 1,024); nothing where it is none, or above 1,024 T.
std::optional<int64_t> Bytes(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  const size_t unit = text.size() < 2 ? kUnits.npos : kUnits.find(text.back());
  if (unit == kUnits.npos) return std::nullopt;
  const auto number = Whole(text.substr(0, text.size() - 1), 1u << 30);
  if (!number || *number == 0) return std::nullopt;
  const int64_t scale = int64_t{1} << (10 * (unit + 1));
  if (*number > (int64_t{1} << 50) / scale) return std::nullopt;
  return *number * scale;
}

std::optional<CacheRule> CacheRuleOf(std::string_view name) {
  if (name == "lru") return CacheRule::kLru;
  if (name == "lfu") return CacheRule::kLfu;
  if (name == "size") return CacheRule::kSize;
  if (name == "landlord") return CacheRule::kLandlord;
  if (name == "greedy-dual") return CacheRule::kGreedyDual;
  return std::nullopt;
}

std::vector<std::string_view> Parts(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t colon = name.find(':');
    parts.push_back(name.substr(0, colon));
    if (colon == name.npos) return parts;
    name.remove_prefix(colon + 1);
  }
}

// The text behind "key=", if `part` begins so.
std::optional<std::string_view> ValueOf(std::string_view part, std::string_view key) {
  if (!part.starts_with(key) || part.size() <= key.size() || part[key.size()] != '=')
    return std::nullopt;
  return part.substr(key.size() + 1);
}

Result<void> AddHybrid(const std::string& name, std::span<const std::string_view> parts,
                       Policies& policies) {
  Hybrid::Options options;
  const auto range = parts.empty() ? std::nullopt : Seconds(parts[0]);
  if (!range || *range % 60 != 0 || *range > 14 * 86'400)
    return Unknown(name, "expected its range, whole minutes up to 14 days (hybrid:4h)");
  options.range = *range / 60;
  std::string_view long_gaps;
  for (const std::string_view part : parts.subspan(1)) {
    if (part == "no-arima" || part == "median" || part == "arima") {
      if (!long_gaps.empty() && long_gaps != part)
        return Unknown(name, fmt::format("expected one of {} and {}", long_gaps, part));
      long_gaps = part;
    } else if (part == "no-prewarm") {
      options.prewarm = false;
    } else if (const auto cut = ValueOf(part, "cut")) {
      const size_t dash = cut->find('-');
      const auto low = Whole(cut->substr(0, dash), 100);
      const auto high = dash == cut->npos ? std::nullopt : Whole(cut->substr(dash + 1), 100);
      if (!low || !high || *low > *high || *high == 0)
        return Unknown(name, "expected percentiles (cut=5-99)");
      options.low = *low;
      options.high = *high;
    } else if (const auto margin = ValueOf(part, "margin")) {
      const auto percent = Whole(*margin, 100);
      if (!percent) return Unknown(name, "expected percent up to 100 (margin=10)");
      options.margin = *percent;
    } else if (const auto cv = ValueOf(part, "cv")) {
      const auto least = Whole(*cv, 1000);
      if (!least) return Unknown(name, "expected a whole number (cv=2)");
      options.least_cv = *least;
    } else {
      return Unknown(name, fmt::format("'{}' is no option of hybrid", part));
    }
  }
  options.long_gaps = long_gaps == "arima"      ? LongGaps::kArima
                      : long_gaps == "no-arima" ? LongGaps::kStandard
                                                : LongGaps::kMedian;
  policies.push_back(std::make_unique<Hybrid>(name, options));
  return {};
}

Result<double> LambdaOf(const std::string& name, std::span<const std::string_view> parts) {
  double lambda = kUsualLambda;
  for (const std::string_view part : parts) {
    const auto value = ValueOf(part, "lambda");
    const auto seconds = value ? Seconds(*value) : std::nullopt;
    if (!seconds) return Unknown(name, "expected what a cold start is worth (lambda=600s)");
    lambda = *seconds;
  }
  return lambda;
}

Result<void> Add(const std::string& name, Policies& policies) {
  const std::vector<std::string_view> parts = Parts(name);
  const auto options = std::span(parts).subspan(1);
  if (parts[0] == "fixed") {
    const auto seconds = options.size() == 1 ? Seconds(options[0]) : std::nullopt;
    if (!seconds) return Unknown(name, "expected how long (fixed:10m)");
    policies.push_back(std::make_unique<FixedWindow>(name, *seconds));
  } else if (name == "no-unload") {
    policies.push_back(std::make_unique<FixedWindow>(name, FixedWindow::kEndless));
  } else if (parts[0] == "hybrid") {
    return AddHybrid(name, options, policies);
  } else if (const auto rule = CacheRuleOf(parts[0])) {
    const auto bytes = options.size() == 1 ? Bytes(options[0]) : std::nullopt;
    if (!bytes)
      return Unknown(name,
                     fmt::format("expected the server's memory, K, M, G or T ({}:16G)", parts[0]));
    policies.push_back(std::make_unique<MemoryCache>(name, *rule, *bytes));
  } else if (parts[0] == "ours") {
    ASSIGN_OR_RETURN(const double lambda, LambdaOf(name, options));
    policies.push_back(std::make_unique<LearnedAges>(name, lambda));
  } else if (parts[0] == "bounds") {
    ASSIGN_OR_RETURN(const double lambda, LambdaOf(name, options));
    policies.push_back(std::make_unique<Bound>("b0", BoundKind::kB0, lambda));
    policies.push_back(std::make_unique<Bound>("b1", BoundKind::kB1, lambda));
    policies.push_back(std::make_unique<Bound>("b2", BoundKind::kB2, lambda));
  } else if (name == "all") {
    for (const char* one :
         {"fixed:5m", "fixed:10m", "fixed:20m", "fixed:30m", "fixed:45m", "fixed:60m", "fixed:90m",
          "fixed:120m", "no-unload", "hybrid:1h:no-arima", "hybrid:2h:no-arima",
          "hybrid:3h:no-arima", "hybrid:4h:no-arima", "hybrid:4h", "hybrid:4h:arima", "ours",
          "bounds"}) {
      RETURN_IF_ERROR(Add(one, policies));
    }
  } else {
    return Unknown(name, "there is none of this name");
  }
  return {};
}

}  // namespace

Result<Policies> PoliciesOf(std::span<const std::string> names) {
  Policies policies;
  for (const std::string& name : names) RETURN_IF_ERROR(Add(name, policies));
  return policies;
}

}  // namespace plumbago::serverless
