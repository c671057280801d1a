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
  double most = 0.5;
  uint32_t T::* count = nullptr;  // instead of `share`: a whole number, 2 to 64
  bool seen = false;
};

template <class T>
Result<void> SetNumber(const char* flag, NamedShare<T>& named, std::string_view number, T& out) {
  const char* const begin = number.data();
  const char* const end = begin + number.size();
  if (named.count != nullptr) {
    uint32_t count = 0;
    const auto [at, error] = std::from_chars(begin, end, count);
    if (error == std::errc() && at == end && count >= 2 && count <= 64) {
      out.*(named.count) = count;
      return {};
    }
    return Fail(ErrorKind::kUsage,
                fmt::format("{} {} is a number from 2 to 64, not {}", flag, named.name, number));
  }
  double share = -1;
  const auto [at, error] = std::from_chars(begin, end, share);
  if (error != std::errc() || at != end || !(share >= 0) || share > named.most) {
    return Fail(ErrorKind::kUsage, fmt::format("{} {} is a share from 0 to {}, not {}", flag,
                                               named.name, named.most, number));
  }
  out.*(named.share) = share;
  return {};
}

// "name=share,name=share": each name at most once.
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
    if (match->seen) {
      return Fail(ErrorKind::kUsage, fmt::format("{} names {} twice", flag, match->name));
    }
    match->seen = true;
    RETURN_IF_ERROR(SetNumber(flag, *match, item.substr(equals + 1), shares));
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
  ASSIGN_OR_RETURN(Plants plants,
                   ParseShares<Plants>("--plant", text,
                                       {{"parallel", &Plants::parallel},
                                        {"independent", &Plants::independent},
                                        {"n-plus-1", &Plants::n_plus_1},
                                        {"retry", &Plants::retry},
                                        {"cycles", &Plants::cycles},
                                        {"cpu", &Plants::cpu, 0.05},
                                        {"clusters", nullptr, 0, &Plants::clusters}}));
  plants.given = !text.empty();
  return plants;
}

}  // namespace plumbago::generate
