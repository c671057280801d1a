// A moment for people: "2022-06-20 21:09:28.183644 UTC", with as many digits as say something.
#pragma once

#include <cstdint>
#include <string>

namespace plumbago::render {

// `ns` since 1970, any sign.
std::string Moment(int64_t ns);

}  // namespace plumbago::render
