// The three names that rows of functions have, as ids.
#pragma once

#include <string_view>

#include "base/strong_id.h"
#include "formats/csv/header.h"
#include "model/names.h"

namespace plumbago::formats::function_tables {

// Sets the names of `to` from the fields `from[column]`; a column that is not there leaves its
// name missing. Looking names up is waiting for memory: the three wait together.
template <class Columns, class Fields, class Row>
void SetNames(const Columns& columns, const Fields& from, model::NameCaches& names, Row& to) {
  const auto field = [&](uint32_t column) {
    return column == csv::kNoColumn ? std::string_view() : from[column];
  };
  const std::string_view owner = field(columns.owner), app = field(columns.app),
                         function = field(columns.function);
  const uint64_t of_owner = names.instances.Prepare(owner), of_app = names.services.Prepare(app),
                 of_function = names.operations.Prepare(function);
  names.instances.Approach(of_owner);
  names.services.Approach(of_app);
  names.operations.Approach(of_function);
  if (columns.owner != csv::kNoColumn)
    to.owner = Id<model::InstanceId>(names.instances.Intern(owner, of_owner));
  if (columns.app != csv::kNoColumn)
    to.app = Id<model::ServiceId>(names.services.Intern(app, of_app));
  if (columns.function != csv::kNoColumn)
    to.function = Id<model::OperationId>(names.operations.Intern(function, of_function));
}

}  // namespace plumbago::formats::function_tables
