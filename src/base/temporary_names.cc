#include "base/temporary_names.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <climits>
#include <cstring>

namespace plumbago {

namespace {

enum State : int { kFree, kBusy, kUsed };

struct Slot {
  std::atomic<int> state{kFree};
  char path[PATH_MAX] = {};
};

// Constant-initialised: there before any constructor runs and after every destructor.
constinit std::array<Slot, 64> slots{};

}  // namespace

int RememberTemporaryName(const std::string& path) {
  if (path.size() >= sizeof(Slot::path)) return -1;
  for (size_t i = 0; i < slots.size(); ++i) {
    int free = kFree;
    if (!slots[i].state.compare_exchange_strong(free, kBusy)) continue;
    std::memcpy(slots[i].path, path.c_str(), path.size() + 1);
    slots[i].state.store(kUsed);
    return static_cast<int>(i);
  }
  return -1;
}

void ForgetTemporaryName(int slot) {
  if (slot >= 0) slots[static_cast<size_t>(slot)].state.store(kFree);
}

void UnlinkTemporaryNames() {
  for (Slot& slot : slots) {
    if (slot.state.load() == kUsed) unlink(slot.path);
  }
}

}  // namespace plumbago
