#include "render/trace_profile.h"

#include <fmt/format.h>

namespace plumbago::render {

std::string Microseconds(int64_t ns) {
  const uint64_t size =
      ns < 0 ? uint64_t{0} - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  std::string text = fmt::format("{}{}", ns < 0 ? "-" : "", size / 1000);
  if (size % 1000 != 0) {
    text += fmt::format(".{:03}", size % 1000);
    while (text.back() == '0') text.pop_back();
  }
  return text;
}

}  // namespace plumbago::render
