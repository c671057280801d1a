// For tests: blocks in memory, and what was said about them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/block_store.h"

namespace plumbago {

class KeptBlocks final : public BlockStore {
 public:
  explicit KeptBlocks(std::vector<std::string> blocks = {}) : blocks_(std::move(blocks)) {}
  std::unique_ptr<BlockCursor> Open() const override { return std::make_unique<Cursor>(*this); }
  void Damaged(std::string_view why) const override { trouble_ = why; }

  const std::vector<std::string>& blocks() const { return blocks_; }
  // The last complaint; "": none.
  const std::string& trouble() const { return trouble_; }

 private:
  class Cursor final : public BlockCursor {
   public:
    explicit Cursor(const KeptBlocks& store) : store_(store) {}
    bool Next(std::string& block) override {
      if (at_ == store_.blocks_.size()) return false;
      block = store_.blocks_[at_++];
      return true;
    }

   private:
    const KeptBlocks& store_;
    size_t at_ = 0;
  };
  std::vector<std::string> blocks_;
  mutable std::string trouble_;
};

}  // namespace plumbago
