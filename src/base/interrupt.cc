#include "base/interrupt.h"

#include <atomic>
#include <csignal>

#include "base/temporary_names.h"

namespace plumbago {

namespace {

std::atomic<bool> interrupted{false};
std::atomic<bool> signalled{false};
std::atomic<int> holds{0};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

void OnSignal(int signal_number) {
  interrupted.store(true, std::memory_order_relaxed);
  if (!signalled.exchange(true, std::memory_order_relaxed)) return;
  UnlinkTemporaryNames();
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

}  // namespace

void HandleInterrupts() {
  struct sigaction action{};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool Interrupted() {
  return interrupted.load(std::memory_order_relaxed) && holds.load(std::memory_order_relaxed) == 0;
}

void SetInterrupted(bool value) { interrupted.store(value, std::memory_order_relaxed); }

InterruptHold::InterruptHold() { holds.fetch_add(1, std::memory_order_relaxed); }
InterruptHold::~InterruptHold() { holds.fetch_sub(1, std::memory_order_relaxed); }

}  // namespace plumbago
