#include "generate/functions/minute_rows.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

namespace plumbago::generate::functions {
namespace {

// "0,0,...": a day without invocations.
struct Zeros {
  std::array<char, size_t{2} * kMinutesOfDay> text;
  constexpr Zeros() : text() {
    for (size_t i = 0; i < text.size(); i += 2) {
      text[i] = '0';
      text[i + 1] = ',';
    }
  }
};
constexpr Zeros kZeros;

}  // namespace

std::string MinuteHeader() {
  std::string header = "HashOwner,HashApp,HashFunction,Trigger";
  for (uint32_t minute = 1; minute <= kMinutesOfDay; ++minute) header += fmt::format(",{}", minute);
  return header + "\n";
}

void AppendMinuteRow(std::string_view names, std::span<const MinuteCount> counts,
                     std::string& text) {
  const size_t begin = text.size();
  // Room for ten digits a count.
  text.resize(begin + names.size() + size_t{2} * kMinutesOfDay + 10 * counts.size());
  char* at = text.data() + begin;
  std::memcpy(at, names.data(), names.size());
  at += names.size();
  uint32_t minute = 0;
  for (const MinuteCount& here : counts) {
    const uint32_t of_day = here.minute % kMinutesOfDay;
    const size_t zeros = size_t{2} * (of_day - minute);
    std::memcpy(at, kZeros.text.data(), zeros);
    at += zeros;
    if (here.count < 10) {
      *at++ = static_cast<char>('0' + here.count);
    } else {
      at = std::to_chars(at, at + 10, here.count).ptr;
    }
    *at++ = ',';
    minute = of_day + 1;
  }
  const size_t zeros = size_t{2} * (kMinutesOfDay - minute);
  std::memcpy(at, kZeros.text.data(), zeros);
  at += zeros;
  at[-1] = '\n';
  text.resize(static_cast<size_t>(at - text.data()));
}

}  // namespace plumbago::generate::functions
