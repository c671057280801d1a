// Servers as inputs of a run: jaeger=URL, tempo=URL, zipkin=URL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "fetch/http_client.h"
#include "fetch/request_queue.h"
#include "formats/input_scheme.h"

namespace plumbago::fetch {

struct FetchOptions {
  int64_t from_ns = 0;
  int64_t until_ns = 0;
  int64_t now_ns = 0;
  std::vector<std::string> services;  // none: all
  uint64_t bytes = 1'000'000'000;     // of all servers of the run together
  HttpLimits limits;
  RetryLimits retries;
  unsigned connections = 4;  // to a server
  std::string token;         // "": none
  std::string tenant;
};

// Token and tenant, from PLUMBAGO_TOKEN and PLUMBAGO_TENANT. Errors (kUsage): a line break or
// another control character in one of them.
Result<void> TakeSecrets(FetchOptions& options);

// From here on the three names are inputs that are asked with these options. While there is one
// thread, before anything is opened; again for a new run.
void RegisterFetch(const FetchOptions& options);

}  // namespace plumbago::fetch
