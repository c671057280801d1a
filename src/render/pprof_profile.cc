#include "render/pprof_profile.h"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "base/compressor.h"
#include "base/utf8.h"
#include "base/varint.h"

namespace plumbago::render {
namespace {

// The wire format of Protocol Buffers, as much of it as a profile needs.
class Message {
 public:
  void Varint(uint64_t value) { AppendVarint(bytes_, value); }
  void Number(uint32_t field, uint64_t value) {
    if (value == 0) return;
    Varint(field << 3);
    Varint(value);
  }
  void Bytes(uint32_t field, std::string_view bytes) {
    Varint(field << 3 | 2);
    Varint(bytes.size());
    bytes_ += bytes;
  }
  void Clear() { bytes_.clear(); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// A message's text must be UTF-8, or readers refuse the whole file.
std::string Valid(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    valid += bytes == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, bytes);
    text.remove_prefix(std::max<size_t>(1, bytes));
  }
  return valid;
}

// Number 0 is the empty text.
class Strings {
 public:
  uint64_t Of(std::string_view text) {
    const auto [at, fresh] = numbers_.try_emplace(Valid(text), texts_.size());
    if (fresh) texts_.push_back(&at->first);
    return at->second;
  }
  const std::vector<const std::string*>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, uint64_t> numbers_{{"", 0}};
  std::vector<const std::string*> texts_{&numbers_.begin()->first};
};

class Writer {
 public:
  Writer(const CallTree& tree, const PprofOptions& options, const PutText& put)
      : tree_(tree), options_(options), put_(put) {
    if (options.gzip) compressor_ = Compressor::ForName(".gz");
  }

  Result<void> Write() {
    ValueType(1, "time", "nanoseconds");
    ValueType(1, "spans", "count");
    RETURN_IF_ERROR(Samples());
    RETURN_IF_ERROR(Functions());
    profile_.Number(9, static_cast<uint64_t>(options_.start_ns));
    profile_.Number(10, static_cast<uint64_t>(options_.duration_ns));
    ValueType(11, "time", "nanoseconds");
    profile_.Number(12, 1);
    for (const std::string& comment : options_.comments) profile_.Number(13, strings_.Of(comment));
    profile_.Number(14, strings_.Of("time"));
    for (const std::string* text : strings_.texts()) {
      profile_.Bytes(6, *text);
      RETURN_IF_ERROR(Flush(Pieces::kBytes));
    }
    RETURN_IF_ERROR(Flush(0));
    if (!compressor_) return {};
    compressor_->Finish(packed_);
    return put_(packed_);
  }

 private:
  void ValueType(uint32_t field, const char* type, const char* unit) {
    part_.Clear();
    part_.Number(1, strings_.Of(type));
    part_.Number(2, strings_.Of(unit));
    profile_.Bytes(field, part_.bytes());
  }

  Result<void> Samples() {
    const FrameList& frames = frames_;
    std::vector<uint32_t> stack;  // nodes, the entry first
    for (uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      const CallTreeNode& node = tree_.nodes[i];
      while (!stack.empty() && stack.back() != node.parent) stack.pop_back();
      stack.push_back(i);
      if (node.time_ns <= 0 && node.calls == 0) continue;
      list_.Clear();
      for (auto at = stack.rbegin(); at != stack.rend(); ++at) {
        list_.Varint(uint64_t{frames.of_node[*at]} + 1);
      }
      part_.Clear();
      part_.Bytes(1, list_.bytes());
      list_.Clear();
      list_.Varint(static_cast<uint64_t>(std::max<int64_t>(0, node.time_ns)));
      list_.Varint(node.calls);
      part_.Bytes(2, list_.bytes());
      profile_.Bytes(2, part_.bytes());
      RETURN_IF_ERROR(Flush(Pieces::kBytes));
    }
    return {};
  }

  // A location and a function for each frame, all of the same number.
  Result<void> Functions() {
    for (uint64_t id = 1; id <= frames_.first.size(); ++id) {
      const CallTreeNode& node = tree_.nodes[frames_.first[id - 1]];
      list_.Clear();
      list_.Number(1, id);
      part_.Clear();
      part_.Number(1, id);
      part_.Bytes(4, list_.bytes());
      profile_.Bytes(4, part_.bytes());
      const uint64_t name = strings_.Of(FrameName(node));
      part_.Clear();
      part_.Number(1, id);
      part_.Number(2, name);
      part_.Number(3, name);
      part_.Number(4, strings_.Of(node.service));
      profile_.Bytes(5, part_.bytes());
      RETURN_IF_ERROR(Flush(Pieces::kBytes));
    }
    return {};
  }

  // Once more than `least` bytes wait.
  Result<void> Flush(size_t least) {
    if (profile_.bytes().size() <= least) return {};
    Result<void> done;
    if (compressor_) {
      compressor_->Add(profile_.bytes(), packed_);
      if (packed_.size() > least) {
        done = put_(packed_);
        packed_.clear();
      }
    } else {
      done = put_(profile_.bytes());
    }
    profile_.Clear();
    return done;
  }

  const CallTree& tree_;
  const PprofOptions& options_;
  const PutText& put_;
  const FrameList frames_ = FramesOf(tree_);
  Strings strings_;
  Message profile_, part_, list_;
  std::unique_ptr<Compressor> compressor_;
  std::string packed_;
};

}  // namespace

Result<void> WritePprof(const CallTree& tree, const PprofOptions& options, const PutText& put) {
  return Writer(tree, options, put).Write();
}

}  // namespace plumbago::render
