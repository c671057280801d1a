#include "analysis/faster.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace plumbago::analysis {

std::string Faster::Text() const {
  return fmt::format("{}={:g}%", name, static_cast<double>(10'000 - left) / 100);
}

Result<Faster> ParseFaster(std::string_view option) {
  const auto wrong = [option](const char* why) {
    return Fail(ErrorKind::kUsage, fmt::format("'{}': {}; say 'service=20%' or "
                                               "'service/operation=20%'",
                                               option, why));
  };
  const size_t equals = option.rfind('=');
  if (equals == std::string_view::npos) return wrong("no '='");
  if (equals == 0) return wrong("no name before the '='");
  std::string_view number = option.substr(equals + 1);
  if (number.ends_with('%')) number.remove_suffix(1);
  double percent = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), percent,
                                            std::chars_format::fixed);
  if (error != std::errc() || end != number.data() + number.size())
    return wrong("no percentage after the '='");
  if (!(percent >= 0 && percent <= 100)) return wrong("the percentage is not within 0 and 100");
  Faster faster;
  faster.name = option.substr(0, equals);
  faster.left = 10'000 - static_cast<uint32_t>(std::lround(percent * 100));
  return faster;
}

bool Means(const Faster& faster, std::string_view service, std::string_view operation) {
  const std::string_view name = faster.name;
  if (service.empty() || !name.starts_with(service)) return false;
  if (name.size() == service.size()) return true;
  if (name[service.size()] != '/') return false;
  const std::string_view wanted = name.substr(service.size() + 1);
  if (wanted.empty() || !operation.ends_with(wanted)) return false;
  if (operation.size() == wanted.size()) return true;
  return std::string_view("/.: ").find(operation[operation.size() - wanted.size() - 1]) !=
         std::string_view::npos;
}

}  // namespace plumbago::analysis
