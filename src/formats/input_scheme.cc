#include "formats/input_scheme.h"

#include <fmt/format.h>

#include <map>
#include <string>

namespace plumbago::formats {
namespace {

std::map<std::string, const InputScheme*, std::less<>>& Schemes() {
  static std::map<std::string, const InputScheme*, std::less<>> schemes;
  return schemes;
}

}  // namespace

void RegisterInputScheme(std::string_view name, const InputScheme* scheme) {
  Schemes().insert_or_assign(std::string(name), scheme);
}

Result<SchemeAddress> FindInputScheme(std::string_view input) {
  const size_t equals = std::min(input.find('='), input.size());
  const auto found = Schemes().find(input.substr(0, equals));
  if (found != Schemes().end()) return SchemeAddress{found->second, input.substr(equals + 1)};
  std::string known;
  for (const auto& [name, scheme] : Schemes()) known += (known.empty() ? "" : ", ") + name + "=URL";
  return Fail(ErrorKind::kUsage, fmt::format("no kind of server is called '{}'; there are {}",
                                             input.substr(0, std::min<size_t>(equals, 40)),
                                             known.empty() ? "none" : known));
}

}  // namespace plumbago::formats
