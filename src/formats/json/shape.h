// How a file of JSON is cut: in lines, each a value of its own, or as documents: values one after
// the other, of any length and on any number of lines, each cut between the elements of its
// outermost array.
//
//   {"data":[E,E]}   [E,E]   {"result":{"resourceSpans":[E,E]}}   {"took":1,"hits":{"hits":[E]}}
//
// So no more than one E need be in memory. The keys that lead to that array are the format's
// (`wrappers`); an object without one of them is an E itself.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formats/format.h"

namespace plumbago::formats::json {

enum class Shape : uint8_t { kLines, kDocuments };

// From the head of a file.
Shape ShapeOf(std::string_view head);

class LineCutter final : public Cutter {
 public:
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return true; }
};

// A block of documents begins with the file, with a value, or with the , or ] behind an element.
class DocumentCutter final : public Cutter {
 public:
  // `wrappers` outlives it.
  explicit DocumentCutter(std::span<const std::string_view> wrappers) : wrappers_(wrappers) {}
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }

 private:
  std::span<const std::string_view> wrappers_;
};

// Of a file in either shape.
class ShapedDecoder : public Decoder {
 public:
  // `wrappers` outlives it.
  ShapedDecoder(Shape shape, std::span<const std::string_view> wrappers)
      : shape_(shape), documents_(wrappers) {}
  const Cutter* cutter() const final {
    return shape_ == Shape::kLines ? static_cast<const Cutter*>(&lines_) : &documents_;
  }

 protected:
  Shape shape() const { return shape_; }

 private:
  Shape shape_;
  LineCutter lines_;
  DocumentCutter documents_;
};

// What the head of a file tells its format by: the keys of objects, with the key that the object is
// the value of (through arrays), as far as the head goes. Not below `tags` and the like.
struct HeadKey {
  std::string_view key;
  std::string_view within;  // "" at the top
  int depth = 0;            // objects around it
};
std::vector<HeadKey> HeadKeys(std::string_view head);
bool HasKey(const std::vector<HeadKey>& keys, std::string_view key);
bool HasKey(const std::vector<HeadKey>& keys, std::string_view key, std::string_view within);

}  // namespace plumbago::formats::json
