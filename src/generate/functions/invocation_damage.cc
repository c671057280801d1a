#include "generate/functions/invocation_damage.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace plumbago::generate::functions {
namespace {

constexpr std::pair<std::string_view, double InvocationDamage::*> kShares[] = {
    {"duplicates", &InvocationDamage::duplicates}, {"malformed", &InvocationDamage::malformed},
    {"one-table", &InvocationDamage::one_table},   {"negative", &InvocationDamage::negative},
    {"counts", &InvocationDamage::counts},
};

template <class T>
bool Parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

Result<void> ParseOne(std::string_view name, std::string_view value, uint32_t days,
                      InvocationDamage& damage) {
  if (name == "missing-day") {
    if (!Parse(value, damage.missing_day) || damage.missing_day < 1 || damage.missing_day > days) {
      return Fail(
          ErrorKind::kUsage,
          fmt::format("--damage: missing-day is '{}', expected a day from 1 to {}", value, days));
    }
    return {};
  }
  for (const auto& [known, share] : kShares) {
    if (name != known) continue;
    if (!Parse(value, damage.*share) || !(damage.*share >= 0 && damage.*share <= 0.5)) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--damage: {} is '{}', expected a share from 0 to 0.5", name, value));
    }
    return {};
  }
  return Fail(
      ErrorKind::kUsage,
      fmt::format("--damage: unknown kind '{}'; there are duplicates, malformed, one-table, "
                  "negative, counts (shares) and missing-day",
                  name));
}

}  // namespace

Result<InvocationDamage> ParseInvocationDamage(std::string_view text, uint32_t days) {
  InvocationDamage damage;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--damage: '{}' is not KIND=SHARE, such as duplicates=0.01", item));
    }
    RETURN_IF_ERROR(ParseOne(item.substr(0, equals), item.substr(equals + 1), days, damage));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return damage;
}

}  // namespace plumbago::generate::functions
