#include "model/call_batch.h"

namespace plumbago::model {

bool CallBatch::SetPath(Call& call, std::string_view text) {
  call.path_offset = static_cast<uint32_t>(paths.size());
  call.path_size = static_cast<uint16_t>(EncodePath(text, paths));
  return call.path_size != 0 || text.empty();
}

void CallBatch::SetEncodedPath(Call& call, PathView path) {
  call.path_offset = static_cast<uint32_t>(paths.size());
  call.path_size = static_cast<uint16_t>(path.size());
  paths.append(path);
}

}  // namespace plumbago::model
