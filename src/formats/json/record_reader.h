// The values of a block of JSON, whatever its shape, handed to a format one after the other: what
// is damaged costs itself and is counted. A format derives from RecordReader and gives Record();
// where it comes to an array of records (the wrapper's, in shape.h's words), it calls Elements.
//
// One thread, on the stack of Decode; the scratch is kept from block to block.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "formats/format.h"
#include "formats/json/cursor.h"
#include "formats/json/shape.h"
#include "formats/json/token_index.h"
#include "formats/spans/span_batch.h"

namespace plumbago::formats::json {

// What a thread keeps.
struct Scratch {
  TokenIndex index;
  TokenIndex record;  // of one record, where the block has a fault
  TextArena arena;
};

class RecordReader {
 public:
  RecordReader(const Block& block, DecodeContext& context, Scratch& scratch,
               std::span<const std::string_view> wrappers)
      : batch_(block, context),
        block_(block),
        context_(context),
        scratch_(scratch),
        wrappers_(wrappers) {}
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;
  virtual ~RecordReader() = default;

  // All of the block; sets DecodeContext::lines.
  void Read(Shape shape);

 protected:
  // A value at the top, or an element. False: json has failed, or json.Fail was called.
  virtual bool Record() = 0;

  // At [: calls on_value (as Record) for each element. False: it is no array, or has no end.
  // kRecords: those between which documents are cut; else what stands within one (spans).
  enum class Array : uint8_t { kRecords, kWithin };
  template <class OnValue>
  bool Elements(Array array, OnValue&& on_value) {
    return json.Take('[') && RestOfElements(array, on_value);
  }
  // Lines of the block before a token of json, which comes after those that were asked for before.
  uint32_t LineAt(size_t position) {
    if (!lines_fixed_) CountLines(position);
    return line_;
  }
  // Counts what json failed at.
  void Bad();
  // Counts something that is wrong with the value at a token.
  void Bad(size_t position, std::string_view text);

  Cursor json;
  spans::SpanBatch batch_;

 private:
  template <class OnValue>
  bool RestOfElements(Array array, OnValue&& on_value);
  void ReadLines(std::string_view text);
  void ReadLine(std::string_view text, const uint32_t* at, const uint32_t* end, bool escapes);
  void ReadDocuments(std::string_view text);
  void ReadPiece(std::string_view text, bool first);
  void ReadTop();
  void ReadTail();
  // In a block with a fault: false if it is in the record that is next; it is counted then.
  bool CheckRecord();
  bool IsWrapper();
  void CountLines(size_t position);

  const Block& block_;
  DecodeContext& context_;
  Scratch& scratch_;
  std::span<const std::string_view> wrappers_;
  bool check_ = false;  // records must be checked one by one
  // Of the place that was asked for last: in json's text.
  bool lines_fixed_ = true;
  uint32_t line_ = 0;
  int64_t line_begin_ = 0;
  size_t line_end_ = 0;    // where lines are fixed
  bool line_seen_ = true;  // its begin is known
  size_t counted_ = 0;
};

template <class OnValue>
bool RecordReader::RestOfElements(Array array, OnValue&& on_value) {
  for (;;) {
    if (json.done()) {
      if (lines_fixed_ || array == Array::kWithin) return json.Take(']');
      json.EndAnywhere();
      return true;
    }
    if (json.TakeIf(',')) continue;
    if (json.TakeIf(']')) return true;
    const uint32_t* const start = json.at();
    if (check_ && array == Array::kRecords && !CheckRecord()) continue;
    if (on_value()) continue;
    Bad();
    if (!json.Recover(start)) {
      json.EndAnywhere();
      return true;
    }
  }
}

}  // namespace plumbago::formats::json
