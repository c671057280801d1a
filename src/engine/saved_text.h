// Texts in saved states: their size, then their bytes.
#pragma once

#include <string>
#include <string_view>

#include "statistics/state_bytes.h"

namespace plumbago::engine {

inline void AppendText(std::string& out, std::string_view text) {
  statistics::AppendVarint(out, text.size());
  out.append(text);
}

inline std::string_view ReadText(statistics::StateReader& in) { return in.Bytes(in.Varint()); }

}  // namespace plumbago::engine
