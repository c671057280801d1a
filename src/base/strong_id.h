// Strong ids: `enum class ServiceId : uint32_t {}`. Two kinds never mix, and none is an int by
// accident.
//
//   uint32_t slot = Index(service);      ServiceId s = Id<ServiceId>(slot);
#pragma once

#include <cstdint>
#include <type_traits>

namespace plumbago {

template <class E>
  requires std::is_enum_v<E>
constexpr uint32_t Index(E id) {
  return static_cast<uint32_t>(id);
}

template <class E>
  requires std::is_enum_v<E>
constexpr E Id(uint32_t index) {
  return static_cast<E>(index);
}

}  // namespace plumbago
