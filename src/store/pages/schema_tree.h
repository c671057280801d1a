// The columns of a Parquet file as nested columns, with what is needed to put their values together
// again: levels of repetition and definition (Dremel).
//
// A leaf has an entry for each of its values, and one wherever a list above it is empty. Its slots
// are the entries whose innermost list has an element there: one to each row of the vector that
// comes out, null or not.
// Source: parquet-format, LogicalTypes.md (lists, maps and their older shapes).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/column.h"
#include "store/pages/footer.h"

namespace plumbago::store {

// How the values of a leaf lie in a vector.
enum class Cells : uint8_t { kNone, kBit, kFour, kEight, kText };

struct SchemaNode {
  std::string name;
  duckdb::TypeId type = duckdb::TypeId::kInvalid;  // kInvalid: nobody here can read it
  std::vector<SchemaNode> children;  // as of Column: a list's element, a map's key and value
  // Of the vector that the node is in: elements of so many lists, one inside the other (0: rows),
  // and the definition from which on such an element is there.
  uint8_t lists = 0;
  uint8_t slot = 0;
  // Of a list or map: the definition from which on an element of it is there. Its own number among
  // the lists is lists + 1.
  uint8_t element = 0;
  // Of a leaf.
  int32_t leaf = -1;  // its number
  Cells cells = Cells::kNone;
  uint8_t defined = 0;  // the definition of a value
  Physical physical = Physical::kBoolean;
  uint32_t width = 0;  // bytes of Physical::kFixedBytes

  bool is_leaf() const { return leaf >= 0; }
  bool is_list() const { return type == duckdb::TypeId::kList || type == duckdb::TypeId::kMap; }
};

struct SchemaTree {
  std::vector<SchemaNode> columns;
  int32_t leaves = 0;
};

// Errors: kBadInput, it is no tree, or nests deeper than levels of a byte.
Result<SchemaTree> MakeSchemaTree(const std::vector<SchemaLine>& lines);

}  // namespace plumbago::store
