// Ctrl-C and SIGTERM as a flag that long work looks at, so that the partial result can still be
// told.
#pragma once

namespace plumbago {

// Installs the handlers: the first SIGINT or SIGTERM sets the flag, a second one removes our
// temporary files and ends the process by the signal. SIGPIPE is ignored, so that writing to a
// closed pipe fails with EPIPE. Call once, at the start of main.
void HandleInterrupts();

// True once the user asked to stop. Costs a relaxed load; any thread.
bool Interrupted();

// Setting it back lets work go on with what is there until then, after the step that was
// interrupted has ended; a second signal still ends the process. Also for tests, and for a front
// door that stops by itself.
void SetInterrupted(bool value);

// While one lives, Interrupted() is false, for a step that must not end half done; a second signal
// still ends the process.
class InterruptHold {
 public:
  InterruptHold();
  ~InterruptHold();
  InterruptHold(const InterruptHold&) = delete;
  InterruptHold& operator=(const InterruptHold&) = delete;
};

}  // namespace plumbago
