#include "fetch/fetch_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fetch/moment_text.h"

namespace plumbago::fetch {

FetchReader::FetchReader(const formats::ReaderSettings& settings, formats::ReaderFile file,
                         const formats::Format* format, Pulling pulling)
    : settings_(settings),
      file_(std::move(file)),
      format_(format),
      pulling_(std::move(pulling)),
      report_(pulling_.puller->report()) {}

Result<bool> FetchReader::Next(std::string& storage, model::DamageCounts& damage,
                               formats::Block& block) {
  const std::lock_guard lock(mutex_);
  return NextLocked(storage, damage, block);
}

Result<bool> FetchReader::NextLocked(std::string& storage, model::DamageCounts& damage,
                                     formats::Block& block) {
  if (done_) return false;
  if (ordinal_ >> settings_.ordinal_bits != 0) {
    return Fail(ErrorKind::kResource, "too large to be read together with so many files",
                {file_.name});
  }
  storage.clear();
  bool more = true;
  while (more && storage.size() < settings_.block_bytes) more = pulling_.puller->Step(storage);
  const size_t size = storage.size();
  const formats::FetchReport& report = pulling_.puller->report();
  settings_.bytes_done->fetch_add(report.bytes - std::exchange(bytes_counted_, report.bytes),
                                  std::memory_order_relaxed);
  {
    const std::lock_guard lock(report_mutex_);
    report_ = report;
  }
  if (!more) {
    done_ = true;
    CountDamage(report, damage);
    if (!pulling_.puller->interrupted()) at_end_.store(true, std::memory_order_relaxed);
  }
  if (decoder_ == nullptr && (size > 0 || !more)) {
    std::unique_ptr<formats::Decoder> decoder;
    if (size > 0) {
      // The first line whole, so that these are known to be lines.
      const size_t line = std::min(storage.find('\n'), size - 1) + 1;
      const std::string_view head =
          std::string_view(storage).substr(0, std::max(line, formats::kHeadBytes));
      ASSIGN_OR_RETURN(decoder, format_->Open(head, file_.name));
    }
    decoder_ = file_.ledger->AddMember(file_.name, 0, format_, std::move(decoder));
  }
  if (!more) {
    file_.ledger->SetBytes(report.bytes);
    pulling_.queue.reset();  // its connections
  }
  if (size == 0) return false;
  storage.resize(size + formats::kPadding);
  file_.ledger->AddBlock(ordinal_, size, 0);
  block = formats::Block{file_.BlockIndex(settings_, ordinal_),     file_.number, 0, ordinal_ == 0,
                         std::string_view(storage).substr(0, size), decoder_};
  ++ordinal_;
  return true;
}

std::optional<formats::FetchReport> FetchReader::Fetched() const {
  const std::lock_guard lock(report_mutex_);
  return report_;
}

void FetchReader::CountDamage(const formats::FetchReport& report, model::DamageCounts& damage) {
  const uint64_t count = report.NotFetched();
  if (count == 0) return;
  std::string text;
  if (!report.first_failure.empty()) {
    text = "a request failed for good: " + report.first_failure;
  } else if (report.budget_spent) {
    text = "the byte budget (--fetch-bytes) was spent";
  } else if (!report.saturated.empty()) {
    const formats::FetchWindow& window = report.saturated.front();
    text = fmt::format("more traces between {} and {} than one answer may hold",
                       MomentText(window.from_ns), MomentText(window.until_ns));
  } else {
    text = "the server lists more than it gives";
  }
  damage.Add(model::Damage::kNotFetched,
             model::Example{{file_.BlockIndex(settings_, ordinal_), 0}, 0, text, file_.name});
  damage.Add(model::Damage::kNotFetched, count - 1);
}

}  // namespace plumbago::fetch
