#include "base/frames_ahead.h"

#include <algorithm>

#include "base/bytes_at.h"

namespace plumbago {

namespace {

constexpr size_t kMostRuns = 16;
constexpr size_t kDecoderBytes = 512 << 10;  // what a decoder needs besides its window

}  // namespace

FramesAhead::FramesAhead(std::unique_ptr<BytesAt> bytes, const FrameFormat& format,
                         MemoryShare& share)
    : bytes_(std::move(bytes)), format_(format), share_(share) {}

FramesAhead::~FramesAhead() {
  for (const std::unique_ptr<Text>& text : spare_) share_.Give(text->taken_);
  for (const Run& run : runs_) {
    if (run.text) share_.Give(run.text->taken_);
  }
}

bool FramesAhead::ScanOne() {
  if (all_known_) return false;
  const std::optional<FrameRun> run = format_.Scan(*bytes_, known_end_, share_.bytes());
  if (!run) {
    all_known_ = true;
    return false;
  }
  runs_.push_back({*run, State::kFree, false, nullptr});
  known_end_ = run->end;
  return true;
}

std::unique_ptr<FramesAhead::Text> FramesAhead::TakeText(const FrameRun& run) {
  std::unique_ptr<Text> text;
  if (spare_.empty()) {
    text = std::make_unique<Text>();
  } else {
    text = std::move(spare_.back());
    spare_.pop_back();
  }
  const size_t text_capacity = std::max(text->text_capacity_, run.text_bytes);
  const size_t packed = static_cast<size_t>(run.end - run.begin);
  const size_t packed_capacity = std::max(text->packed_capacity_, packed);
  const size_t window = std::max(text->window_, run.window_bytes);
  const size_t more = text_capacity + packed_capacity + window + kDecoderBytes - text->taken_;
  if (more > 0 && !share_.Take(more)) {
    // It may be too small for this run, and its place be of more use to another file.
    share_.Give(text->taken_);
    return nullptr;
  }
  text->taken_ += more;
  text->window_ = window;
  if (text_capacity > text->text_capacity_ || !text->text) {
    text->text.reset();
    text->text = std::make_unique_for_overwrite<char[]>(text_capacity);
    text->text_capacity_ = text_capacity;
  }
  if (packed_capacity > text->packed_capacity_ || !text->packed_) {
    text->packed_.reset();
    text->packed_ = std::make_unique_for_overwrite<char[]>(packed_capacity);
    text->packed_capacity_ = packed_capacity;
  }
  return text;
}

FramesAhead::Run* FramesAhead::Claim() {
  Run* run = nullptr;
  for (Run& known : runs_) {
    if (known.state == State::kFree && !known.failed) {
      run = &known;
      break;
    }
  }
  if (run == nullptr) {
    if (runs_.size() >= kMostRuns || !ScanOne()) return nullptr;
    run = &runs_.back();
  }
  run->text = TakeText(run->run);
  if (!run->text) return nullptr;
  run->state = State::kBusy;
  return run;
}

bool FramesAhead::Decode(const FrameRun& run, Text& text) const {
  const auto packed = static_cast<size_t>(run.end - run.begin);
  const Result<size_t> got = bytes_->ReadAt(run.begin, text.packed_.get(), packed);
  if (!got || *got < packed) return false;
  auto source = std::make_unique<MemoryStream>(std::string_view(text.packed_.get(), packed));
  if (text.decoder_) {
    text.decoder_->Restart(std::move(source), std::nullopt);
  } else {
    text.decoder_ = format_.Open(std::move(source), "");
  }
  const Result<size_t> some = text.decoder_->Read(text.text.get(), run.text_bytes);
  if (!some) return false;
  // Its end must be the end of the run: checksums are compared only there.
  char byte = 0;
  const Result<size_t> nothing = text.decoder_->Read(&byte, 1);
  text.text_size = *some;
  return nothing && *nothing == 0;
}

void FramesAhead::Work(std::unique_lock<std::mutex>& lock, Run& run) {
  lock.unlock();
  bool decoded = false;
  try {
    decoded = Decode(run.run, *run.text);
  } catch (const std::bad_alloc&) {
    decoded = false;  // the reader decodes it when its turn comes, and needs less for it
  }
  lock.lock();
  if (decoded) {
    run.state = State::kDone;
  } else {
    share_.Give(run.text->taken_);
    run.text.reset();
    run.failed = true;
    run.state = State::kFree;
  }
  ready_.notify_all();
}

bool FramesAhead::Help() {
  std::unique_lock lock(mutex_);
  Run* const run = Claim();
  if (run == nullptr) return false;
  Work(lock, *run);
  return true;
}

std::optional<FramesAhead::Turn> FramesAhead::Next() {
  std::unique_lock lock(mutex_);
  if (runs_.empty() && !ScanOne()) return std::nullopt;
  Run& front = runs_.front();
  while (front.state == State::kBusy) {
    if (Run* const other = Claim(); other != nullptr) {
      Work(lock, *other);
    } else {
      ready_.wait(lock);
    }
  }
  Turn turn{front.run, std::move(front.text)};
  runs_.pop_front();
  return turn;
}

void FramesAhead::GiveBack(std::unique_ptr<Text> text) {
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(text));
}

uint64_t FramesAhead::known_end() const {
  const std::lock_guard lock(mutex_);
  return known_end_;
}

}  // namespace plumbago
