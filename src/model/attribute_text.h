// The text of an attribute in Names::attributes: key, '\0', value; sorted, the values of a key are
// neighbours. The key alone says that it is left out; kNotKept for a value that this one is.
#pragma once

#include <string>
#include <string_view>

namespace plumbago::model {

inline constexpr std::string_view kNotKept{"\0", 1};

struct AttributeParts {
  std::string_view key;
  std::string_view value;
  bool key_alone = false;
  bool compares() const { return !key_alone && value != kNotKept; }
};

inline AttributeParts PartsOfAttribute(std::string_view text) {
  const size_t at = text.find('\0');
  if (at == text.npos) return {text, {}, true};
  return {text.substr(0, at), text.substr(at + 1), false};
}

inline std::string AttributeText(std::string_view key, std::string_view value) {
  std::string text;
  text.reserve(key.size() + 1 + value.size());
  text.append(key).push_back('\0');
  return text.append(value);
}

}  // namespace plumbago::model
