#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/edit_distance.h"
#include "cli/command.h"

namespace plumbago::cli {
namespace {

const Flag* Find(std::span<const Flag> flags, std::string_view name) {
  const auto found =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return name == flag.name; });
  return found == flags.end() ? nullptr : &*found;
}

tl::unexpected<Error> UnknownFlag(std::span<const Flag> flags, std::string_view name) {
  std::vector<std::string_view> known{"--help"};
  for (const Flag& flag : flags) known.push_back(flag.name);
  const std::string_view near = NearestName(name, known);
  return Fail(ErrorKind::kUsage,
              near.empty() ? fmt::format("unknown flag {}", name)
                           : fmt::format("unknown flag {}; did you mean {}?", name, near));
}

}  // namespace

Result<Arguments> Arguments::Parse(std::span<const Flag> flags,
                                   std::span<const std::string> words) {
  Arguments arguments;
  bool only_inputs = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (only_inputs || word.size() < 2 || word[0] != '-') {
      arguments.inputs_.push_back(word);
      continue;
    }
    if (word == "--") {
      only_inputs = true;
      continue;
    }
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Flag* flag = Find(flags, name);
    if (flag == nullptr) return UnknownFlag(flags, name);
    if (flag->value == nullptr) {
      if (equals != std::string::npos) {
        return Fail(ErrorKind::kUsage, fmt::format("{} takes no value", name));
      }
      arguments.given_.emplace_back(name, "");
    } else if (equals != std::string::npos) {
      arguments.given_.emplace_back(name, word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      arguments.given_.emplace_back(name, words[++i]);
    } else {
      return Fail(ErrorKind::kUsage,
                  fmt::format("{} needs a value: {} {}", name, name, flag->value));
    }
  }
  return arguments;
}

bool Arguments::Has(std::string_view flag) const { return Value(flag).has_value(); }

std::optional<std::string> Arguments::Value(std::string_view flag) const {
  for (auto it = given_.rbegin(); it != given_.rend(); ++it) {
    if (it->first == flag) return it->second;
  }
  return std::nullopt;
}

std::vector<std::string> Arguments::List(std::string_view flag) const {
  std::vector<std::string> list;
  for (const auto& [name, value] : given_) {
    if (name != flag) continue;
    size_t begin = 0;
    while (begin <= value.size()) {
      const size_t comma = std::min(value.find(',', begin), value.size());
      if (comma > begin) list.push_back(value.substr(begin, comma - begin));
      begin = comma + 1;
    }
  }
  return list;
}

Result<uint64_t> Arguments::Number(std::string_view flag, uint64_t fallback, uint64_t low,
                                   uint64_t high) const {
  const auto text = Value(flag);
  if (!text) return fallback;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < low || number > high) {
    return Fail(ErrorKind::kUsage, fmt::format("{} takes a whole number from {} to {}, not '{}'",
                                               flag, low, high, *text));
  }
  return number;
}

}  // namespace plumbago::cli
