// Decodes the frames of a file before their turn. One reader takes the runs of frames in order; any
// other thread may call Help, which decodes one that is not begun yet. There are no threads of its
// own: nobody helps where nobody waits.
//
// Memory is taken from a share, and kept until the end for the next run; where none is left nobody
// can help, and the reader decodes each run itself. At most 16 runs are known ahead.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/frame_format.h"
#include "base/memory_share.h"

namespace plumbago {

class FramesAhead {
 public:
  // The text of a run that was decoded ahead. `text` is valid until it is given back.
  struct Text {
    std::unique_ptr<char[]> text;
    size_t text_size = 0;

   private:
    friend class FramesAhead;
    std::unique_ptr<char[]> packed_;
    size_t text_capacity_ = 0;
    size_t packed_capacity_ = 0;
    size_t window_ = 0;
    size_t taken_ = 0;  // of the share
    std::unique_ptr<FrameDecoder> decoder_;
  };
  // A run whose turn it is. No `text`: nobody has decoded it, or it is damaged, which whoever
  // decodes it will see.
  struct Turn {
    FrameRun run;
    std::unique_ptr<Text> text;
  };

  // `share` must outlive it.
  FramesAhead(std::unique_ptr<BytesAt> bytes, const FrameFormat& format, MemoryShare& share);
  ~FramesAhead();
  FramesAhead(const FramesAhead&) = delete;
  FramesAhead& operator=(const FramesAhead&) = delete;

  // Decodes one run; false: there is none to be had, or no memory for it. Thread-safe; takes as
  // long as a run needs, some milliseconds.
  bool Help();

  // For the one reader. The next run; waits (and helps) while another thread decodes it. Nothing:
  // from known_end() on no run is known.
  std::optional<Turn> Next();
  void GiveBack(std::unique_ptr<Text> text);
  uint64_t known_end() const;
  BytesAt& bytes() { return *bytes_; }
  const FrameFormat& format() const { return format_; }

 private:
  enum class State : uint8_t { kFree, kBusy, kDone };
  struct Run {
    FrameRun run;
    State state = State::kFree;
    bool failed = false;  // kFree, but decoding it ahead was of no use
    std::unique_ptr<Text> text;
  };

  // With the mutex held.
  bool ScanOne();
  Run* Claim();
  std::unique_ptr<Text> TakeText(const FrameRun& run);
  // Without; the run is this thread's.
  bool Decode(const FrameRun& run, Text& text) const;
  void Work(std::unique_lock<std::mutex>& lock, Run& run);

  const std::unique_ptr<BytesAt> bytes_;
  const FrameFormat& format_;
  MemoryShare& share_;

  mutable std::mutex mutex_;  // of all below
  std::condition_variable ready_;
  std::deque<Run> runs_;  // in order, from the next one on; stay where they are
  std::vector<std::unique_ptr<Text>> spare_;
  uint64_t known_end_ = 0;
  bool all_known_ = false;
};

}  // namespace plumbago
