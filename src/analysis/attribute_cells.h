// The cells of all attributes. A span has many, mostly the same ones as thousands of other spans of
// its operation: one resource, one set of constants. So what spans of one set have in common is
// counted once for the set, and shared out among the cells of its attributes when the set has to
// go: sums, so it does not matter when. The memory for sets is fixed.
//
// A table as analysis/fields.h understands it. Cost: about 20 ns a span of a set that is at hand;
// of a set that was not seen lately about 60 ns for each attribute.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "analysis/attribute_cell.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

class AttributeCells {
 public:
  using Table = statistics::KeyedTable<AttributeCell>;

  AttributeCells() = default;
  AttributeCells(const AttributeCells& other);  // of one that is frozen: cheap
  AttributeCells& operator=(const AttributeCells& other);
  AttributeCells(AttributeCells&&) = default;
  AttributeCells& operator=(AttributeCells&&) = default;

  // Counts a span, once for each attribute of which compares(id) is true. Returns the others, valid
  // until the next call.
  template <class Compares>
  std::span<const model::AttributeId> Add(model::ServiceId service, model::OperationId operation,
                                          std::span<const model::AttributeId> attributes,
                                          const AttributeSpan& span, Compares&& compares) {
    Set& set = SetOf(service, operation, attributes);
    if (!set.used) Begin(set, service, operation, attributes, compares);
    set.waiting[set.count++] = span;
    if (set.count == set.waiting.size()) Count(set);
    return set.others;
  }

  void Merge(AttributeCells&& from) {
    Flush();
    from.Flush();
    table_.Merge(std::move(from.table_));
  }
  void Freeze() {
    Flush();
    table_.Freeze();
  }
  void Join() { table_.Join(); }
  Table::Runs& runs() { return table_.runs(); }
  const Table::Runs& runs() const { return table_.runs(); }
  size_t allocated() const;
  // visit(const AttributeCell&), in the order of keys.
  template <class F>
  void ForEach(F&& visit) const {
    if (sets_ == nullptr) return table_.ForEach(visit);
    AttributeCells frozen(*this);
    frozen.Freeze();
    frozen.table_.ForEach(visit);
  }

 private:
  static constexpr size_t kSets = 1024;
  static constexpr size_t kWays = 4;  // places that a set may have
  struct Set {
    bool used = false;
    uint8_t count = 0;  // waiting
    uint64_t hash = 0;
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    std::vector<model::AttributeId> given;  // as they came
    std::vector<model::AttributeId> cells;  // sorted, none twice
    std::vector<model::AttributeId> others;
    std::array<AttributeSpan, 8> waiting{};
    std::unique_ptr<AttributeCell> counted;  // of a set with more spans than that
  };

  Set& SetOf(model::ServiceId service, model::OperationId operation,
             std::span<const model::AttributeId> attributes);
  template <class Compares>
  static void Begin(Set& set, model::ServiceId service, model::OperationId operation,
                    std::span<const model::AttributeId> attributes, Compares&& compares) {
    set.used = true;
    set.service = service;
    set.operation = operation;
    set.given.assign(attributes.begin(), attributes.end());
    set.cells.assign(1, model::kNoAttribute);  // all spans
    set.others.clear();
    for (const model::AttributeId id : attributes) {
      if (id != model::kNoAttribute) (compares(id) ? set.cells : set.others).push_back(id);
    }
    SortUnique(set.cells);
    SortUnique(set.others);
  }
  static void SortUnique(std::vector<model::AttributeId>& ids);
  static void Count(Set& set);
  void ShareOut(Set& set);
  void Flush();

  Table table_;
  std::unique_ptr<std::array<Set, kSets>> sets_;
};

}  // namespace plumbago::analysis
