#include "model/call.h"

namespace plumbago::model {

const char* KindName(Kind kind) {
  static constexpr const char* kNames[kKinds] = {"unknown",  "rpc",   "http",     "message",
                                                 "database", "cache", "internal", "other"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace plumbago::model
