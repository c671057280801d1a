// Rows on their way from a reader: calls, and the bytes of their paths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/call.h"
#include "model/path.h"

namespace plumbago::model {

struct CallBatch {
  std::vector<Call> calls;
  std::string paths;

  PathView Path(const Call& call) const {
    return PathView(paths.data() + call.path_offset, call.path_size);
  }
  // Encodes `text` as the path of `call`. False: too long (the call keeps none).
  bool SetPath(Call& call, std::string_view text);
  // Copies already encoded bytes.
  void SetEncodedPath(Call& call, PathView path);
  void Clear() {
    calls.clear();
    paths.clear();
  }
};

}  // namespace plumbago::model
