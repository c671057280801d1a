// Pieces of text that come in any order and are written in the order of the input: rows of repaired
// traces, lines of the repair log. What does not fit in memory waits in the spill file, as sorted
// runs (statistics/keyed_runs.h).
//
// One a thread; merged before writing. An origin is added once, or with different ties: several
// traces may begin in one line.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/output_file.h"
#include "base/result.h"
#include "base/spill_file.h"
#include "engine/saved_text.h"
#include "model/call.h"
#include "statistics/keyed_runs.h"

namespace plumbago::engine {

class TextsInOrder {
 public:
  // Text is appended to store(); End says that what came since the last End belongs to `origin`.
  std::string& store() { return store_; }
  void End(const model::Origin& origin, uint64_t tie = 0);

  size_t allocated() const { return store_.capacity() + pieces_.capacity() * sizeof(Piece); }
  Result<void> Spill(const std::shared_ptr<SpillFile>& file);
  // Takes what `other` holds; both are spilled if either has been.
  Result<void> Merge(TextsInOrder&& other, const std::shared_ptr<SpillFile>& file);
  // All of it, in order, `between` between two texts that are not empty. Errors: those of `out` and
  // of the spill file.
  Result<void> Write(OutputFile& out, std::string_view between = {});

 private:
  struct Record {
    std::array<uint32_t, 4> origin{};  // block, line, upper and lower half of the tie
    std::string text;

    static constexpr std::array kKey{statistics::KeyPart::kPlain, statistics::KeyPart::kPlain,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
    std::array<uint32_t, 4> key() const { return origin; }
    void set_key(const std::array<uint32_t, 4>& key) { origin = key; }
    void Merge(const Record& other) { text += other.text; }
    void Save(std::string& out) const { AppendText(out, text); }
    bool Load(statistics::StateReader& in) {
      text = ReadText(in);
      return in.ok();
    }
  };
  struct Piece {
    uint64_t origin = 0;  // block, line
    uint64_t tie = 0;
    uint64_t begin = 0;
    uint32_t size = 0;
    uint32_t store = 0;
  };
  void Sort();

  std::string store_;
  std::vector<std::string> stores_;  // of those merged in: number 1 and up
  std::vector<Piece> pieces_;
  uint64_t begin_ = 0;
  statistics::KeyedRuns<Record> runs_;
};

}  // namespace plumbago::engine
