#include "formats/csv_mapped/name_rule.h"

#include <algorithm>
#include <array>

namespace plumbago::formats {
namespace {

enum : uint8_t { kRandom = 1, kHash = 2, kDigit = 4 };

constexpr std::array<uint8_t, 256> kSigns = [] {
  std::array<uint8_t, 256> signs{};
  const auto mark = [&signs](std::string_view text, uint8_t as) {
    for (const char c : text) signs[static_cast<unsigned char>(c)] |= as;
  };
  mark("bcdfghjklmnpqrstvwxz2456789", kRandom);
  mark("456789bcdf", kHash);
  mark("0123456789", kDigit);
  return signs;
}();

bool All(std::string_view text, uint8_t of) {
  return std::all_of(text.begin(), text.end(),
                     [of](char c) { return (kSigns[static_cast<unsigned char>(c)] & of) != 0; });
}

// Takes "-PART" from the end of `name` if there is one of that size and those signs.
bool TakeLast(std::string_view& name, size_t least, size_t most, uint8_t of) {
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const std::string_view part = name.substr(dash + 1);
  if (part.size() < least || part.size() > most || !All(part, of)) return false;
  name = name.substr(0, dash);
  return true;
}

}  // namespace

std::string_view StripKubernetesSuffix(std::string_view pod) {
  std::string_view name = pod;
  if (TakeLast(name, 5, 5, kRandom)) {
    TakeLast(name, 6, 10, kHash);
  } else {
    TakeLast(name, 1, 4, kDigit);
  }
  return name;
}

}  // namespace plumbago::formats
