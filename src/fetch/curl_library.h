// libcurl.so.4, opened on demand: the program runs where it is missing, and says so when a server
// is to be asked. The few functions and numbers that are used, as libcurl's ABI fixes them since
// 2006 (soname 4): options carry their type in ten thousands, see curl/curl.h.
//
// Where it is looked for, first found: $PLUMBAGO_CURL (a file; nothing else is tried then), the
// system's with OpenSSL, with GnuTLS, with NSS.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace plumbago::fetch {

struct CurlApi {
  int (*global_init)(long flags);
  void* (*easy_init)();
  void (*easy_cleanup)(void* handle);
  int (*easy_setopt)(void* handle, int option, ...);
  int (*easy_perform)(void* handle);
  int (*easy_getinfo)(void* handle, int info, ...);
  const char* (*easy_strerror)(int code);
  void* (*slist_append)(void* list, const char* text);
  void (*slist_free_all)(void* list);
};

namespace curl {
// Options. A long, a pointer, a function, an object as the group says.
inline constexpr int kNoProgress = 43, kFollowLocation = 52, kTimeoutMs = 155,
                     kConnectTimeoutMs = 156, kProtocols = 181, kNoSignal = 99;
inline constexpr int kWriteData = 10001, kUrl = 10002, kErrorBuffer = 10010, kUserAgent = 10018,
                     kHttpHeader = 10023, kHeaderData = 10029, kProgressData = 10057,
                     kAcceptEncoding = 10102;
inline constexpr int kWriteFunction = 20011, kHeaderFunction = 20079, kProgressFunction = 20219;
inline constexpr int kInfoResponseCode = 0x200000 + 2;
inline constexpr long kHttpAndHttps = 1 | 2;
inline constexpr long kInitAll = 3;
inline constexpr size_t kErrorBytes = 256;
inline constexpr int kOk = 0;
}  // namespace curl

// Opens it at the first call (some 10 ms); it stays until the program ends. The answer, also a bad
// one, is the same for every later call. Any thread.
Result<const CurlApi*> OpenCurl();

}  // namespace plumbago::fetch
