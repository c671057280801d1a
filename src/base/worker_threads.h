// Runs one function on several threads and waits for all of them.
//
//   RETURN_IF_ERROR(RunOnThreads(4, [&](unsigned thread) -> Result<void> { ... }));
//   RunOnThreads(4, [&](unsigned thread) { ... });
//
// The first error (in time) wins; the others still run to their end, so a function that works long
// should look at a flag of its own. Running out of memory in a thread is an Error (kResource), not
// the end of the process. With one thread the caller's own is used.
#pragma once

#include <functional>
#include <type_traits>

#include "base/result.h"

namespace plumbago {

// Cores that this process may use, at least 1.
unsigned AvailableCores();

Result<void> RunFallibleOnThreads(unsigned threads,
                                  const std::function<Result<void>(unsigned)>& work);

// With a `work` that returns nothing the answer is only whether memory ran out or a thread could
// not be started; it is not [[nodiscard]], but a caller who ignores it should have room for the
// consequence.
template <class Work>
Result<void> RunOnThreads(unsigned threads, Work&& work) {
  if constexpr (std::is_void_v<std::invoke_result_t<Work&, unsigned>>) {
    return RunFallibleOnThreads(threads, [&work](unsigned thread) -> Result<void> {
      work(thread);
      return {};
    });
  } else {
    return RunFallibleOnThreads(threads, std::ref(work));
  }
}

}  // namespace plumbago
