#include "generate/trace_options.h"

#include <fmt/format.h>

#include <charconv>

namespace plumbago::generate {

Result<Order> ParseOrder(std::string_view text) {
  if (text == "time") return Order::kTime;
  if (text == "trace") return Order::kTrace;
  return Fail(ErrorKind::kUsage, fmt::format("--order is time or trace, not {}", text));
}

Result<DamageShares> ParseDamage(std::string_view text) {
  struct Known {
    std::string_view name;
    double DamageShares::*share;
    bool seen;
  };
  Known known[] = {{"duplicates", &DamageShares::duplicates, false},
                   {"missing", &DamageShares::missing, false},
                   {"propagation", &DamageShares::propagation, false},
                   {"malformed", &DamageShares::malformed, false}};
  DamageShares shares;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const size_t equals = item.find('=');
    Known* match = nullptr;
    for (Known& k : known) {
      if (equals != std::string_view::npos && item.substr(0, equals) == k.name) match = &k;
    }
    if (match == nullptr) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--damage takes duplicates=, missing=, propagation= and malformed=, "
                              "separated by commas; not {}",
                              item));
    }
    const std::string_view number = item.substr(equals + 1);
    double share = -1;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), share);
    if (error != std::errc() || end != number.data() + number.size() || !(share >= 0) ||
        share > 0.5) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--damage {} is a share from 0 to 0.5, not {}", match->name, number));
    }
    if (match->seen) {
      return Fail(ErrorKind::kUsage, fmt::format("--damage names {} twice", match->name));
    }
    match->seen = true;
    shares.*(match->share) = share;
  }
  return shares;
}

}  // namespace plumbago::generate
