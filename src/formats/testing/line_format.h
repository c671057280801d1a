// For tests: lines, the first of which is "head"; and inputs read whole.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/worker_threads.h"
#include "formats/block_source.h"

namespace plumbago::formats {

class LineFormat final : public Format {
 public:
  explicit LineFormat(bool seekable = true) : seekable_(seekable) {}
  std::string_view name() const override { return "lines"; }
  std::string_view help() const override { return "lines below a line \"head\""; }
  Match Sniff(std::string_view head, std::string_view) const override {
    return head.starts_with("head") ? Match::kYes : Match::kNo;
  }
  size_t Cut(std::string_view text, bool end_of_file) const override {
    return end_of_file ? text.size() : text.rfind('\n') + 1;
  }
  bool seekable() const override { return seekable_; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override {
    class None final : public Decoder {
      void Decode(const Block&, DecodeContext&) const override {}
    };
    if (head.starts_with("head bad"))
      return Fail(ErrorKind::kBadInput, "no column x", {std::string(path)});
    return std::make_unique<None>();
  }
  Result<std::unique_ptr<Encoder>> Write() const override {
    return Fail(ErrorKind::kUnsupported, "only read");
  }

 private:
  bool seekable_;
};

struct ReadBlock {
  uint32_t index;
  bool first;
  std::string text;
  friend bool operator<(const ReadBlock& a, const ReadBlock& b) { return a.index < b.index; }
};

struct ReadInput {
  std::unique_ptr<BlockSource> source;
  std::vector<ReadBlock> blocks;  // in order
  model::DamageCounts damage;
  std::string error;

  std::string Text() const {
    std::string text;
    for (const ReadBlock& block : blocks) text += block.text;
    return text;
  }
};

// Lines as decoders count them: a last one without its end counts too.
inline uint64_t LinesOf(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) +
         (!text.empty() && text.back() != '\n');
}

inline ReadInput ReadAll(std::vector<std::string> inputs, BlockSource::Options options,
                         unsigned threads = 1) {
  static const LineFormat lines;
  static const Format* const kFormats[] = {&lines};
  if (options.formats.empty()) options.formats = kFormats;
  ReadInput read;
  Result<std::unique_ptr<BlockSource>> source = BlockSource::Open(inputs, options);
  if (!source) {
    read.error = source.error().Text();
    return read;
  }
  read.source = std::move(*source);
  std::mutex mutex;
  const Result<void> done = RunOnThreads(threads, [&](unsigned) -> Result<void> {
    std::string storage;
    model::DamageCounts damage;
    std::vector<ReadBlock> blocks;
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Block> block, read.source->Next(storage, damage));
      if (!block) break;
      read.source->SetLines(block->index, LinesOf(block->text));
      blocks.push_back({block->index, block->first, std::string(block->text)});
      const auto behind =
          static_cast<size_t>(block->text.data() - storage.data()) + block->text.size();
      if (storage.size() < behind + 64) return Fail(ErrorKind::kInternal, "no padding");
    }
    const std::lock_guard lock(mutex);
    read.damage.Merge(damage);
    read.blocks.insert(read.blocks.end(), blocks.begin(), blocks.end());
    return {};
  });
  if (!done) read.error = done.error().Text();
  std::sort(read.blocks.begin(), read.blocks.end());
  return read;
}

}  // namespace plumbago::formats
