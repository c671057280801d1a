// Result<T>: a value or an Error. Our code throws nothing; a third party's exceptions end at the
// border of the room that wraps it.
//
//   Result<int> Parse(std::string_view text);
//   ASSIGN_OR_RETURN(const int n, Parse("12"));
//   RETURN_IF_ERROR(Save(n));
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace plumbago {

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message, Place where = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(where)});
}

#define PLUMBAGO_JOIN_(a, b) a##b
#define PLUMBAGO_JOIN(a, b) PLUMBAGO_JOIN_(a, b)

#define RETURN_IF_ERROR(expression)                                                  \
  do {                                                                               \
    auto plumbago_status = (expression);                                             \
    if (!plumbago_status) return tl::unexpected(std::move(plumbago_status.error())); \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_(declaration, expression, PLUMBAGO_JOIN(plumbago_result_, __LINE__))
#define ASSIGN_OR_RETURN_(declaration, expression, name)     \
  auto name = (expression);                                  \
  if (!name) return tl::unexpected(std::move(name.error())); \
  declaration = std::move(*name)

}  // namespace plumbago
