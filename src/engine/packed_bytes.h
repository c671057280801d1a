// Values into and out of packed records, one after the other, unaligned.
#pragma once

#include <cstring>

namespace plumbago::engine {

template <class T>
void Put(char*& out, const T& value) {
  std::memcpy(out, &value, sizeof value);
  out += sizeof value;
}

template <class T>
void Get(const char*& in, T& value) {
  std::memcpy(&value, in, sizeof value);
  in += sizeof value;
}

}  // namespace plumbago::engine
