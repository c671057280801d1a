// Text that is handed on in pieces of about 64 kB: what all writers of files for other programs
// write with.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago::render {

using PutText = std::function<Result<void>(std::string_view text)>;

class Pieces {
 public:
  static constexpr size_t kBytes = 1 << 16;

  // `put` outlives this.
  explicit Pieces(const PutText& put) : put_(put) {}
  // Append here.
  std::string& text() { return text_; }
  // Hands it on, once it is a piece. Errors: the first of `put`, from then on.
  Result<void> Next() {
    if (text_.size() >= kBytes) Hand();
    return status_;
  }
  // What is left.
  Result<void> End() {
    Hand();
    return status_;
  }

 private:
  void Hand() {
    if (status_) status_ = put_(text_);
    text_.clear();
  }

  const PutText& put_;
  std::string text_;
  Result<void> status_;
};

}  // namespace plumbago::render
