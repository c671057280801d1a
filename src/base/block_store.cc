#include "base/block_store.h"

#include "base/check.h"

namespace plumbago {

class SpilledBlocks::Cursor final : public BlockCursor {
 public:
  explicit Cursor(const SpilledBlocks& store) : store_(store) {}
  bool Next(std::string& block) override {
    if (at_ == store_.extents_.size()) return false;
    const Extent& extent = store_.extents_[at_++];
    block.resize(extent.size);
    // The file keeps the error.
    return store_.file_->ReadAt(extent.offset, block.data(), block.size()).has_value();
  }

 private:
  const SpilledBlocks& store_;
  size_t at_ = 0;
};

Result<void> SpilledBlocks::Add(std::string_view block) {
  ASSIGN_OR_RETURN(const uint64_t offset, file_->Append(block));
  extents_.push_back({offset, block.size()});
  return {};
}

std::unique_ptr<BlockCursor> SpilledBlocks::Open() const { return std::make_unique<Cursor>(*this); }

void SpilledBlocks::Damaged(std::string_view) const {
  CHECK(false);  // we wrote it ourselves, moments ago
}

}  // namespace plumbago
