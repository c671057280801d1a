#include "store/pages/schema_tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace plumbago::store {
namespace {

using duckdb::TypeId;

SchemaLine Group(const char* name, Repetition repetition, uint32_t children,
                 Meaning meaning = Meaning::kNone) {
  SchemaLine line;
  line.name = name;
  line.repetition = repetition;
  line.children = children;
  line.meaning = meaning;
  return line;
}
SchemaLine Leaf(const char* name, Repetition repetition, Physical physical = Physical::kByteArray,
                Meaning meaning = Meaning::kText) {
  SchemaLine line;
  line.name = name;
  line.repetition = repetition;
  line.is_leaf = true;
  line.physical = static_cast<uint8_t>(physical);
  line.meaning = meaning;
  return line;
}

constexpr auto kRequired = Repetition::kRequired;
constexpr auto kOptional = Repetition::kOptional;
constexpr auto kRepeated = Repetition::kRepeated;

// "name(lists,slot,defined)" of leaves, "name[lists,slot,element: ...]" of lists.
std::string Text(const SchemaNode& node) {
  if (node.is_leaf())
    return fmt::format("{}({},{},{})", node.name, node.lists, node.slot, node.defined);
  std::string inner;
  for (const SchemaNode& child : node.children) inner += (inner.empty() ? "" : " ") + Text(child);
  if (node.type == TypeId::kStruct) return fmt::format("{}{{{}}}", node.name, inner);
  return fmt::format("{}{}[{},{},{}: {}]", node.name, node.type == TypeId::kMap ? " map" : "",
                     node.lists, node.slot, node.element, inner);
}
std::string TreeText(const std::vector<SchemaLine>& lines) {
  const auto tree = MakeSchemaTree(lines);
  if (!tree) return tree.error().message;
  std::string text;
  for (const SchemaNode& node : tree->columns) text += (text.empty() ? "" : " ") + Text(node);
  return text;
}

// The document of Melnik et al., Dremel, VLDB 2010, figure 2: its greatest levels are told there
// (Code: repetition 2, definition 2; Country: 2, 3; Url: 1, 2).
TEST(SchemaTree, DocumentOfDremel) {
  EXPECT_EQ(TreeText({Group("Document", kRequired, 3), Leaf("DocId", kRequired),
                      Group("Links", kOptional, 2), Leaf("Backward", kRepeated),
                      Leaf("Forward", kRepeated), Group("Name", kRepeated, 2),
                      Group("Language", kRepeated, 2), Leaf("Code", kRequired),
                      Leaf("Country", kOptional), Leaf("Url", kOptional)}),
            "DocId(0,0,0) Links{Backward[0,0,2: Backward(1,2,2)] Forward[0,0,2: Forward(1,2,2)]} "
            "Name[0,0,1: Name{Language[1,1,2: Language{Code(2,2,2) Country(2,2,3)}] Url(1,1,2)}]");
}

// The shapes of LogicalTypes.md: three levels, and the older ones of two.
TEST(SchemaTree, MarkedListsOfEveryShape) {
  const auto list = Meaning::kList;
  EXPECT_EQ(TreeText({Group("r", kRequired, 1), Group("a", kOptional, 1, list),
                      Group("list", kRepeated, 1), Leaf("element", kOptional)}),
            "a[0,0,2: element(1,2,3)]");
  EXPECT_EQ(TreeText({Group("r", kRequired, 1), Group("a", kOptional, 1, list),
                      Leaf("element", kRepeated)}),
            "a[0,0,2: element(1,2,2)]");
  EXPECT_EQ(TreeText({Group("r", kRequired, 1), Group("a", kRequired, 1, list),
                      Group("element", kRepeated, 2), Leaf("x", kRequired), Leaf("y", kOptional)}),
            "a[0,0,1: element{x(1,1,1) y(1,1,2)}]");
  for (const char* name : {"array", "a_tuple"}) {
    EXPECT_EQ(TreeText({Group("r", kRequired, 1), Group("a", kOptional, 1, list),
                        Group(name, kRepeated, 1), Leaf("x", kRequired)}),
              fmt::format("a[0,0,2: {}{{x(1,2,2)}}]", name));
  }
}

TEST(SchemaTree, Maps) {
  EXPECT_EQ(TreeText({Group("r", kRequired, 1), Group("m", kOptional, 1, Meaning::kMap),
                      Group("key_value", kRepeated, 2), Leaf("key", kRequired),
                      Leaf("value", kOptional)}),
            "m map[0,0,2: key(1,2,2) value(1,2,3)]");
}

TEST(SchemaTree, TypesThatAreNotReadHaveNone) {
  const auto tree = MakeSchemaTree(
      {Group("r", kRequired, 6), Leaf("time", kOptional, Physical::kInt64, Meaning::kOther),
       Leaf("old", kOptional, Physical::kInt96, Meaning::kNone),
       Leaf("whole", kOptional, Physical::kInt64, Meaning::kNone),
       Leaf("natural", kOptional, Physical::kInt32, Meaning::kUnsigned),
       Leaf("bytes", kOptional, Physical::kByteArray, Meaning::kNone),
       Leaf("width", kOptional, Physical::kFixedBytes, Meaning::kNone)});
  ASSERT_TRUE(tree);
  std::vector<TypeId> types;
  for (const SchemaNode& node : tree->columns) types.push_back(node.type);
  EXPECT_EQ(types, (std::vector{TypeId::kInvalid, TypeId::kInvalid, TypeId::kBigInt,
                                TypeId::kUInteger, TypeId::kBlob, TypeId::kInvalid}));
}

TEST(SchemaTree, NoTreeIsAnError) {
  const std::string error = "the schema in the foot is no tree of columns";
  EXPECT_EQ(TreeText({}), error);
  EXPECT_EQ(TreeText({Group("r", kRequired, 2), Leaf("a", kRequired)}), error);  // one too few
  EXPECT_EQ(TreeText({Group("r", kRequired, 1), Leaf("a", kRequired), Leaf("b", kRequired)}),
            error);
  std::vector<SchemaLine> deep = {Group("r", kRequired, 1)};
  for (int i = 0; i < 200; ++i) deep.push_back(Group("g", kRepeated, 1));
  deep.push_back(Leaf("a", kRequired));
  EXPECT_EQ(TreeText(deep), error);
}

}  // namespace
}  // namespace plumbago::store
