// What a file without a header gives away by its first row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbago::formats::alibaba {

// Fields of the first line.
std::vector<std::string> FirstRow(std::string_view head);

bool LooksLikeTime(std::string_view text);   // a number of milliseconds
bool LooksLikeTrace(std::string_view text);  // 20 or more hex digits, or T_ and digits
bool LooksLikePath(std::string_view text);   // digits with dots
bool LooksLikeKind(std::string_view text);   // a word of the releases

}  // namespace plumbago::formats::alibaba
