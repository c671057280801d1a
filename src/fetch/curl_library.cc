#include "fetch/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace plumbago::fetch {
namespace {

std::vector<std::string> Places() {
  if (const char* named = std::getenv("PLUMBAGO_CURL"); named != nullptr && *named != '\0')
    return {named};
  return {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"};
}

template <class Function>
bool Find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

Result<const CurlApi*> Open() {
  static CurlApi api;
  std::string why;
  for (const std::string& place : Places()) {
    void* const library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* const text = dlerror();
      if (why.empty()) why = text == nullptr ? place : text;
      continue;
    }
    const bool all = Find(library, "curl_global_init", api.global_init) &&
                     Find(library, "curl_easy_init", api.easy_init) &&
                     Find(library, "curl_easy_cleanup", api.easy_cleanup) &&
                     Find(library, "curl_easy_setopt", api.easy_setopt) &&
                     Find(library, "curl_easy_perform", api.easy_perform) &&
                     Find(library, "curl_easy_getinfo", api.easy_getinfo) &&
                     Find(library, "curl_easy_strerror", api.easy_strerror) &&
                     Find(library, "curl_slist_append", api.slist_append) &&
                     Find(library, "curl_slist_free_all", api.slist_free_all);
    if (all && api.global_init(curl::kInitAll) == curl::kOk) return &api;
    why = fmt::format("{} lacks what is needed of it", place);
    dlclose(library);
  }
  return Fail(ErrorKind::kUnsupported,
              fmt::format("asking a server needs libcurl (libcurl.so.4; Debian: apt-get install "
                          "libcurl4), which could not be opened: {}; files are read without it",
                          why));
}

}  // namespace

Result<const CurlApi*> OpenCurl() {
  static const Result<const CurlApi*> api = Open();
  return api;
}

}  // namespace plumbago::fetch
