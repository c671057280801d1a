#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/interrupt.h"
#include "formats/file_reader.h"

namespace plumbago::formats {

StreamReader::StreamReader(const ReaderSettings& settings, ReaderFile file,
                           std::unique_ptr<Archive> archive, const Format* format,
                           std::unique_ptr<Decoder> decoder)
    : settings_(settings),
      file_(std::move(file)),
      archive_(std::move(archive)),
      known_format_(format),
      known_decoder_(std::move(decoder)) {}

Result<const Format*> StreamReader::Start(model::DamageCounts& damage) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const bool some, NextMember(damage));
  if (!some) End();
  return format_;
}

Result<bool> StreamReader::Next(std::string& storage, model::DamageCounts& damage, Block& block) {
  std::unique_lock lock(mutex_, std::try_to_lock);
  while (!lock.owns_lock() && HelpAhead()) lock.try_lock();
  if (!lock.owns_lock()) lock.lock();
  Result<bool> some = NextLocked(storage, damage, block);
  if (!some || !*some) End();
  if (some && !*some && !interrupted_) at_end_.store(true, std::memory_order_relaxed);
  return some;
}

bool StreamReader::HelpAhead() {
  std::shared_ptr<FramesAhead> ahead;
  {
    const std::lock_guard lock(ahead_mutex_);
    ahead = ahead_;
  }
  return ahead && !Interrupted() && ahead->Help();
}

bool StreamReader::Skip(uint32_t ordinal) {
  const BlockProgress* const done = file_.Done(ordinal);
  if (done == nullptr) return false;
  file_.ledger->SetLines(ordinal, done->lines);
  return true;
}

void StreamReader::End() {
  CountBytes();
  if (archive_ && !archive_->file().regular())
    file_.ledger->SetBytes(archive_->file().bytes_read());
  {
    const std::lock_guard lock(ahead_mutex_);
    ahead_.reset();
  }
  archive_.reset();
  carry_ = {};
  done_ = true;
}

void StreamReader::CountBytes() {
  if (!archive_) return;
  const uint64_t now = archive_->file().bytes_read();
  settings_.bytes_done->fetch_add(now - bytes_counted_, std::memory_order_relaxed);
  bytes_counted_ = now;
}

void StreamReader::Cut(const Error& error, model::DamageCounts& damage) {
  format_ = nullptr;
  done_ = true;
  cut_ = error;
  if (error.kind == ErrorKind::kInterrupted) {
    interrupted_ = true;
    return;
  }
  at_end_.store(true, std::memory_order_relaxed);
  if (file_.before != nullptr && file_.before->at_end) return;  // was counted then
  damage.Add(
      model::Damage::kCutArchive,
      model::Example{{file_.BlockIndex(settings_, ordinal_), 0}, 0, error.message, file_.name});
}

Result<void> StreamReader::CheckOrdinal() const {
  if (ordinal_ >> settings_.ordinal_bits == 0) return {};
  return Fail(ErrorKind::kResource, "too large to be read together with so many files",
              {file_.name});
}

Result<void> StreamReader::BeginMember() {
  const std::string_view head = archive_->Peek(kHeadBytes);
  // The archive's bytes are counted at its first member.
  const uint64_t bytes = members_ == 0 && archive_->file().regular() ? archive_->file().size() : 0;
  if (head.empty()) {
    ++members_;
    file_.ledger->AddMember(member_name_, bytes, nullptr, nullptr);
    return {};
  }
  const Format* format = known_format_;
  std::unique_ptr<Decoder> decoder = std::move(known_decoder_);
  known_format_ = nullptr;
  if (!decoder) {
    ASSIGN_OR_RETURN(format, Recognise(settings_, head, member_name_));
    ASSIGN_OR_RETURN(decoder, format->Open(head, member_name_));
    if (decoder->pieces() > 0) return tl::unexpected(MustBePlain(*format, member_name_));
  }
  ++members_;
  decoder_ = file_.ledger->AddMember(member_name_, bytes, format, std::move(decoder));
  format_ = format;
  first_ = true;
  carry_.clear();
  return {};
}

Result<bool> StreamReader::NextMember(model::DamageCounts& damage) {
  while (true) {
    Result<bool> more = archive_->Next();
    if (!more) {
      Cut(more.error(), damage);
      return false;
    }
    if (!*more) break;
    member_name_ = archive_->is_tar() ? file_.name + ":" + archive_->member() : file_.name;
    Result<void> begun = BeginMember();
    if (!begun) {
      skipped_.push_back(begun.error().Text());
      known_decoder_.reset();
      continue;
    }
    if (format_ != nullptr) return true;
    // Empty, or cut before its first byte.
    char byte = 0;
    const Result<size_t> nothing = archive_->Read(&byte, 1);
    if (!nothing) {
      Cut(nothing.error(), damage);
      return false;
    }
  }
  if (members_ == 0 && !cut_ && file_.named) {
    if (skipped_.empty())
      return Fail(ErrorKind::kBadInput, "this archive holds no file", {file_.name});
    return Fail(ErrorKind::kBadInput,
                fmt::format("no file of this archive is in a known format: {}", skipped_.front()),
                {file_.name});
  }
  return false;
}

Result<void> StreamReader::SkipRecord(std::string& storage, model::DamageCounts& damage) {
  if (file_.Done(ordinal_) == nullptr) {
    CountTooLong(settings_, file_.BlockIndex(settings_, ordinal_), member_name_, damage);
  }
  // An ordinal of its own keeps the line number of what follows right.
  file_.ledger->AddBlock(ordinal_++, 0, 1);
  first_ = false;
  if (!IsSeekable(*format_, *decoder_)) {
    // Nobody can say where the next record starts.
    return Fail(ErrorKind::kBadInput, "a record that is too long: the rest cannot be read",
                {member_name_});
  }
  while (true) {
    ASSIGN_OR_RETURN(const size_t n, archive_->Read(storage.data(), settings_.block_bytes));
    if (n == 0) return {};
    const std::string_view text(storage.data(), n);
    const size_t newline = text.find('\n');
    if (newline == std::string_view::npos) continue;
    carry_.assign(text.substr(newline + 1));
    return {};
  }
}

Result<bool> StreamReader::NextLocked(std::string& storage, model::DamageCounts& damage,
                                      Block& block) {
  if (!archive_ && !done_) {
    Result<std::unique_ptr<Archive>> opened = Archive::Open(file_.name, settings_.ahead);
    if (!opened) {
      damage.Add(model::Damage::kUnreadable,
                 model::Example{
                     {file_.BlockIndex(settings_, 0), 0}, 0, opened.error().message, file_.name});
      return false;
    }
    archive_ = std::move(*opened);
    const std::lock_guard lock(ahead_mutex_);
    ahead_ = archive_->ahead();
  }
  while (!done_) {
    if (format_ == nullptr) {
      ASSIGN_OR_RETURN(const bool some, NextMember(damage));
      if (!some) return false;
    }
    size_t used = carry_.size();
    if (storage.size() < used + settings_.block_bytes + kPadding) {
      storage.resize(used + settings_.block_bytes + kPadding);
    }
    std::memcpy(storage.data(), carry_.data(), used);
    carry_.clear();
    std::optional<Error> error;
    bool at_end = false;
    size_t cut = 0;
    size_t goal = std::max(settings_.block_bytes, used + settings_.block_bytes / 2);
    while (true) {
      while (used < goal && !at_end && !error) {
        if (storage.size() < goal + kPadding) storage.resize(goal + kPadding);
        Result<size_t> n = archive_->Read(storage.data() + used, goal - used);
        if (!n) {
          error = std::move(n.error());
        } else if (*n == 0) {
          at_end = true;
        } else {
          used += *n;
        }
      }
      // At the end everything is handed out: the decoder counts what is not whole.
      const std::string_view text(storage.data(), used);
      cut = at_end ? used : CutRecords(*format_, *decoder_, text, false);
      if (cut > 0 || at_end || error || used > settings_.max_record) break;
      goal = std::min(2 * used, settings_.max_record + 1);
    }
    CountBytes();
    if (error) {
      Cut(*error, damage);
    } else if (at_end) {
      format_ = nullptr;
    } else if (cut == 0) {
      RETURN_IF_ERROR(CheckOrdinal());
      Result<void> skipped = SkipRecord(storage, damage);
      if (!skipped) Cut(skipped.error(), damage);
      continue;
    } else {
      carry_.assign(storage, cut, used - cut);
    }
    if (cut == 0) continue;
    RETURN_IF_ERROR(CheckOrdinal());
    file_.ledger->AddBlock(ordinal_, cut, 0);
    const bool skip = Skip(ordinal_);
    block = Block{file_.BlockIndex(settings_, ordinal_),    file_.number, 0, first_,
                  std::string_view(storage).substr(0, cut), decoder_};
    ++ordinal_;
    first_ = false;
    if (!skip) return true;
    if (Interrupted()) {
      interrupted_ = true;
      return false;
    }
  }
  return false;
}

}  // namespace plumbago::formats
