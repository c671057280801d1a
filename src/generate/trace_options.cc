#include "generate/trace_options.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace plumbago::generate {

Result<Order> ParseOrder(std::string_view text) {
  if (text == "time") return Order::kTime;
  if (text == "trace") return Order::kTrace;
  return Fail(ErrorKind::kUsage, fmt::format("--order is time or trace, not {}", text));
}

namespace {

template <class T>
struct NamedShare {
  std::string_view name;
  double T::* share;
  bool seen = false;
};

// "name=share,name=share": shares from 0 to 0.5, each name at most once.
template <class T, size_t N>
Result<T> ParseShares(const char* flag, std::string_view text, NamedShare<T> (&&known)[N]) {
  T shares;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const size_t equals = item.find('=');
    NamedShare<T>* match = nullptr;
    std::string names;
    for (size_t i = 0; i < N; ++i) {
      if (equals != std::string_view::npos && item.substr(0, equals) == known[i].name) {
        match = &known[i];
      }
      names += fmt::format("{}{}=", i == 0 ? "" : i + 1 < N ? ", " : " and ", known[i].name);
    }
    if (match == nullptr) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("{} takes {}, separated by commas; not {}", flag, names, item));
    }
    const std::string_view number = item.substr(equals + 1);
    double share = -1;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), share);
    if (error != std::errc() || end != number.data() + number.size() || !(share >= 0) ||
        share > 0.5) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("{} {} is a share from 0 to 0.5, not {}", flag, match->name, number));
    }
    if (match->seen) {
      return Fail(ErrorKind::kUsage, fmt::format("{} names {} twice", flag, match->name));
    }
    match->seen = true;
    shares.*(match->share) = share;
  }
  return shares;
}

}  // namespace

Result<DamageShares> ParseDamage(std::string_view text) {
  return ParseShares<DamageShares>("--damage", text,
                                   {{"duplicates", &DamageShares::duplicates},
                                    {"missing", &DamageShares::missing},
                                    {"propagation", &DamageShares::propagation},
                                    {"malformed", &DamageShares::malformed}});
}

Result<Plants> ParsePlants(std::string_view text) {
  return ParseShares<Plants>("--plant", text,
                             {{"parallel", &Plants::parallel},
                              {"independent", &Plants::independent},
                              {"n-plus-1", &Plants::n_plus_1},
                              {"retry", &Plants::retry},
                              {"cycles", &Plants::cycles}});
}

}  // namespace plumbago::generate
