#include "serverless/advice/resource_name.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <map>
#include <set>

namespace plumbago::serverless {
namespace {

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The nearest label of `name`, with a hash of it and its owner.
std::string Hashed(const AppLoad& app, uint64_t seed) {
  constexpr size_t kMost = kLongestName - 9;
  std::string label;
  for (const char given : app.name) {
    const char c = given >= 'A' && given <= 'Z' ? static_cast<char>(given - 'A' + 'a') : given;
    if (label.empty() && IsDigit(c)) label = "app-";
    if (label.size() >= kMost) break;
    if (IsLetter(c) || IsDigit(c)) {
      label += c;
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
  }
  if (label.empty()) label = "app";
  while (label.back() == '-') label.pop_back();
  const std::string whole = app.owner + '\0' + app.name;
  return fmt::format("{}-{:08x}", label,
                     static_cast<uint32_t>(XXH3_64bits_withSeed(whole.data(), whole.size(), seed)));
}

}  // namespace

bool IsResourceName(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || !IsLetter(name.front()) || name.back() == '-')
    return false;
  for (const char c : name) {
    if (!IsLetter(c) && !IsDigit(c) && c != '-') return false;
  }
  return true;
}

std::vector<std::string> ResourceNames(const std::vector<AppLoad>& apps) {
  std::map<std::string_view, size_t> times;
  for (const AppLoad& app : apps) ++times[app.name];
  std::set<std::string> taken;
  for (const AppLoad& app : apps) {
    if (times[app.name] == 1 && IsResourceName(app.name)) taken.insert(app.name);
  }
  std::vector<std::string> names;
  names.reserve(apps.size());
  for (const AppLoad& app : apps) {
    if (times[app.name] == 1 && IsResourceName(app.name)) {
      names.push_back(app.name);
      continue;
    }
    std::string name = Hashed(app, 0);
    for (uint64_t seed = 1; !taken.insert(name).second; ++seed) name = Hashed(app, seed);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace plumbago::serverless
