// A server as a file: blocks of lines, in the format that its answers have.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "fetch/request_queue.h"
#include "fetch/trace_puller.h"
#include "formats/file_reader.h"

namespace plumbago::fetch {

// What pulls, in the order in which it may not go away.
struct Pulling {
  std::shared_ptr<ByteBudget> budget;
  std::unique_ptr<RequestQueue> queue;
  std::unique_ptr<TracePuller> puller;
};

class FetchReader final : public formats::FileReader {
 public:
  FetchReader(const formats::ReaderSettings& settings, formats::ReaderFile file,
              const formats::Format* format, Pulling pulling);
  // Threads take turns; while one decodes, another waits for answers.
  Result<bool> Next(std::string& storage, model::DamageCounts& damage,
                    formats::Block& block) override;
  std::optional<formats::FetchReport> Fetched() const override;

 private:
  Result<bool> NextLocked(std::string& storage, model::DamageCounts& damage, formats::Block& block);
  void CountDamage(const formats::FetchReport& report, model::DamageCounts& damage);

  const formats::ReaderSettings& settings_;
  formats::ReaderFile file_;
  const formats::Format* format_;
  std::mutex mutex_;
  Pulling pulling_;
  const formats::Decoder* decoder_ = nullptr;
  uint32_t ordinal_ = 0;
  uint64_t bytes_counted_ = 0;
  bool done_ = false;
  mutable std::mutex report_mutex_;
  formats::FetchReport report_;
};

}  // namespace plumbago::fetch
