// A failed system call as an Error: ENOENT is kNotFound, EACCES kPermission, ENOSPC and EPIPE
// kResource, and so on.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago {

// `what` failed ("cannot open") on `file`, for the reason that errno `code` gives.
tl::unexpected<Error> SystemFail(int code, std::string_view what, const std::string& file);

}  // namespace plumbago
