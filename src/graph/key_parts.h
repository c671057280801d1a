// Which names the ids in keys of saved tables belong to.
#pragma once

#include "model/names.h"
#include "statistics/id_maps.h"

namespace plumbago::graph {

template <class Id>
inline constexpr statistics::KeyPart kKeyPart = statistics::KeyPart::kPlain;
template <>
inline constexpr statistics::KeyPart kKeyPart<model::ServiceId> = statistics::KeyPart::kService;
template <>
inline constexpr statistics::KeyPart kKeyPart<model::OperationId> = statistics::KeyPart::kOperation;
template <>
inline constexpr statistics::KeyPart kKeyPart<model::AttributeId> = statistics::KeyPart::kAttribute;

}  // namespace plumbago::graph
