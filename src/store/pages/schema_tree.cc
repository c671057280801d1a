#include "store/pages/schema_tree.h"

namespace plumbago::store {
namespace {

using duckdb::TypeId;

constexpr unsigned kDeepest = 40;

class Walk {
 public:
  explicit Walk(const std::vector<SchemaLine>& lines) : lines_(lines) {}

  Result<SchemaTree> Run() {
    if (lines_.empty() || lines_[0].is_leaf) return Damaged();
    at_ = 1;
    SchemaTree tree;
    for (uint32_t i = 0; i < lines_[0].children; ++i) {
      SchemaNode node;
      if (!Read(node, Levels{}, 0)) return Damaged();
      tree.columns.push_back(std::move(node));
    }
    if (at_ != lines_.size()) return Damaged();
    tree.leaves = leaves_;
    return tree;
  }

 private:
  // Of what stands around a node.
  struct Levels {
    uint8_t lists = 0;
    uint8_t slot = 0;     // definition of an element of the innermost list
    uint8_t defined = 0;  // definition where all around is there
  };

  static tl::unexpected<Error> Damaged() {
    return Fail(ErrorKind::kBadInput, "the schema in the foot is no tree of columns");
  }

  static Levels Inside(Levels levels) {  // of an element of a list
    ++levels.defined;
    return {static_cast<uint8_t>(levels.lists + 1), levels.defined, levels.defined};
  }

  bool Read(SchemaNode& node, Levels levels, unsigned depth) {
    if (at_ >= lines_.size() || depth > kDeepest) return false;
    const SchemaLine& line = lines_[at_];
    if (line.repetition == Repetition::kRepeated) {  // a list that is not marked as one
      BeginList(node, line.name, TypeId::kList, Inside(levels), levels);
      return ReadValue(node.children.emplace_back(), Inside(levels), depth);
    }
    if (line.repetition == Repetition::kOptional) ++levels.defined;
    return ReadValue(node, levels, depth);
  }

  static void BeginList(SchemaNode& node, const std::string& name, TypeId type, Levels inside,
                        Levels levels) {
    node.name = name;
    node.type = type;
    node.lists = levels.lists;
    node.slot = levels.slot;
    node.element = inside.defined;
  }

  // The node of the line at hand, whose repetition is in `levels`.
  bool ReadValue(SchemaNode& node, Levels levels, unsigned depth) {
    const SchemaLine& line = lines_[at_];
    node.name = line.name;
    node.lists = levels.lists;
    node.slot = levels.slot;
    node.defined = levels.defined;
    if (line.is_leaf) {
      ++at_;
      node.leaf = leaves_++;
      SetType(line, node);
      return true;
    }
    if ((line.meaning == Meaning::kList || line.meaning == Meaning::kMap) && line.children == 1 &&
        at_ + 1 < lines_.size() && lines_[at_ + 1].repetition == Repetition::kRepeated) {
      return ReadMarked(node, levels, depth);
    }
    node.type = TypeId::kStruct;
    ++at_;
    for (uint32_t i = 0; i < line.children; ++i) {
      SchemaNode child;
      if (!Read(child, levels, depth + 1)) return false;
      node.children.push_back(std::move(child));
    }
    return true;
  }

  // A group marked as list or map, around one that is repeated.
  bool ReadMarked(SchemaNode& node, Levels levels, unsigned depth) {
    const SchemaLine& group = lines_[at_];
    const SchemaLine& repeated = lines_[at_ + 1];
    const Levels inside = Inside(levels);
    const bool map = group.meaning == Meaning::kMap && !repeated.is_leaf && repeated.children == 2;
    BeginList(node, group.name, map ? TypeId::kMap : TypeId::kList, inside, levels);
    ++at_;
    if (map) {
      ++at_;
      for (int i = 0; i < 2; ++i) {
        SchemaNode child;
        if (!Read(child, inside, depth + 1)) return false;
        node.children.push_back(std::move(child));
      }
      return true;
    }
    SchemaNode child;
    // Older writers: the repeated one is the element itself.
    const bool is_element = repeated.is_leaf || repeated.children != 1 ||
                            repeated.name == "array" || repeated.name == group.name + "_tuple";
    if (is_element) {
      if (!ReadValue(child, inside, depth + 1)) return false;
    } else {
      ++at_;
      if (!Read(child, inside, depth + 1)) return false;
    }
    node.children.push_back(std::move(child));
    return true;
  }

  static void SetType(const SchemaLine& line, SchemaNode& node) {
    if (line.physical > static_cast<uint8_t>(Physical::kFixedBytes)) return;
    node.physical = static_cast<Physical>(line.physical);
    node.width = line.width;
    const Meaning meaning = line.meaning;
    const bool whole = meaning == Meaning::kNone || meaning == Meaning::kSigned;
    const auto set = [&](TypeId type, Cells cells) {
      node.type = type;
      node.cells = cells;
    };
    switch (node.physical) {
      case Physical::kBoolean:
        if (meaning == Meaning::kNone) set(TypeId::kBoolean, Cells::kBit);
        break;
      case Physical::kInt32:
        if (whole) set(TypeId::kInteger, Cells::kFour);
        if (meaning == Meaning::kUnsigned) set(TypeId::kUInteger, Cells::kFour);
        break;
      case Physical::kInt64:
        if (whole) set(TypeId::kBigInt, Cells::kEight);
        if (meaning == Meaning::kUnsigned) set(TypeId::kUBigInt, Cells::kEight);
        break;
      case Physical::kFloat:
        if (meaning == Meaning::kNone) set(TypeId::kFloat, Cells::kFour);
        break;
      case Physical::kDouble:
        if (meaning == Meaning::kNone) set(TypeId::kDouble, Cells::kEight);
        break;
      case Physical::kByteArray:
        if (meaning == Meaning::kText) set(TypeId::kVarchar, Cells::kText);
        if (meaning == Meaning::kNone) set(TypeId::kBlob, Cells::kText);
        break;
      case Physical::kFixedBytes:
        if (meaning == Meaning::kNone && line.width > 0) set(TypeId::kBlob, Cells::kText);
        break;
      case Physical::kInt96:
        break;
    }
  }

  const std::vector<SchemaLine>& lines_;
  size_t at_ = 0;
  int32_t leaves_ = 0;
};

}  // namespace

Result<SchemaTree> MakeSchemaTree(const std::vector<SchemaLine>& lines) {
  return Walk(lines).Run();
}

}  // namespace plumbago::store
