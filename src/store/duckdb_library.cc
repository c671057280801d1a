#include "store/duckdb_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace plumbago::store {
namespace {

constexpr const char* kName = "libduckdb.so";

std::vector<std::string> Places() {
  if (const char* named = std::getenv("PLUMBAGO_DUCKDB"); named != nullptr && *named != '\0')
    return {named};
  std::vector<std::string> places;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::filesystem::path folder = program.parent_path();
    for (const char* below : {"../lib/plumbago", "duckdb", "../duckdb"}) {
      const std::filesystem::path file = folder / below / kName;
      if (std::filesystem::exists(file, error)) places.push_back(file.string());
    }
  }
  places.emplace_back(kName);
  return places;
}

Result<const duckdb::Api*> Open() {
  static duckdb::Api api;
  std::string why;
  for (const std::string& place : Places()) {
    void* const library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* const text = dlerror();
      if (why.empty()) why = text == nullptr ? place : text;
      continue;
    }
    const char* missing = nullptr;
#define PLUMBAGO_DUCKDB_FIND(member, name, result, arguments)                 \
  api.member = reinterpret_cast<decltype(api.member)>(dlsym(library, #name)); \
  if (api.member == nullptr) missing = #name;
    PLUMBAGO_DUCKDB_FUNCTIONS(PLUMBAGO_DUCKDB_FIND)
#undef PLUMBAGO_DUCKDB_FIND
    if (missing == nullptr) return &api;
    why = fmt::format("{} has no function {}: 1.4 or newer is needed", place, missing);
    dlclose(library);
  }
  return Fail(ErrorKind::kUnsupported,
              fmt::format("Parquet files need DuckDB's library ({}), which could not be opened; "
                          "./dev build fetches it, or set PLUMBAGO_DUCKDB to the file: {}",
                          kName, why));
}

}  // namespace

Result<const duckdb::Api*> DuckDbApi() {
  static const Result<const duckdb::Api*> api = Open();
  return api;
}

}  // namespace plumbago::store
