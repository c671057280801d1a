// JSON taken apart without a tree: fields and elements as pieces of the text. What an answer of a
// server is counted and cut with; what the pieces hold is read by the format that they are handed
// to.
//
// No recursion, no allocation; pieces are skipped as formats/json/bracket_scan does it. Brackets
// within a piece are counted, not told apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumbago::fetch {

constexpr size_t kNoEnd = std::string_view::npos;

// The first byte from `at` on that is no blank.
size_t SkipBlanks(std::string_view text, size_t at);
// Behind the value that begins at text[at]; kNoEnd: there is none, or it is not whole.
size_t ValueEnd(std::string_view text, size_t at);

// Values come from their first to their last byte, an escape in a key as it stands.
// on_field(key, value). False: it said false, which ends it; or this is no whole object.
template <class OnField>
bool ForEachField(std::string_view object, OnField&& on_field);
// on_element(value). False: it said false, which ends it; or this is no whole array.
template <class OnElement>
bool ForEachElement(std::string_view array, OnElement&& on_element);
// on_value(value) for each of several, one behind the other. False: it said false, which ends it;
// or some of it is none.
template <class OnValue>
bool ForEachValue(std::string_view text, OnValue&& on_value);

// A whole number, also in quotes.
std::optional<int64_t> WholeNumber(std::string_view value);
// A text without its quotes and escapes (as it stands where they are none); "" for another value.
std::string TextOf(std::string_view value);
// What stands between the quotes; "" for another value.
std::string_view BareText(std::string_view value);

// Appends a value on one line: blanks for line breaks, which JSON has between tokens alone.
void AppendOnOneLine(std::string_view value, std::string& out);

template <class OnField>
bool ForEachField(std::string_view object, OnField&& on_field) {
  size_t at = SkipBlanks(object, 0);
  if (at >= object.size() || object[at] != '{') return false;
  at = SkipBlanks(object, at + 1);
  if (at < object.size() && object[at] == '}') return true;
  while (at < object.size() && object[at] == '"') {
    const size_t key_end = ValueEnd(object, at);
    if (key_end == kNoEnd) return false;
    const std::string_view key = object.substr(at + 1, key_end - at - 2);
    at = SkipBlanks(object, key_end);
    if (at >= object.size() || object[at] != ':') return false;
    at = SkipBlanks(object, at + 1);
    const size_t end = ValueEnd(object, at);
    if (end == kNoEnd) return false;
    if (!on_field(key, object.substr(at, end - at))) return false;
    at = SkipBlanks(object, end);
    if (at >= object.size()) return false;
    if (object[at] == '}') return true;
    if (object[at] != ',') return false;
    at = SkipBlanks(object, at + 1);
  }
  return false;
}

template <class OnElement>
bool ForEachElement(std::string_view array, OnElement&& on_element) {
  size_t at = SkipBlanks(array, 0);
  if (at >= array.size() || array[at] != '[') return false;
  at = SkipBlanks(array, at + 1);
  if (at < array.size() && array[at] == ']') return true;
  for (;;) {
    const size_t end = ValueEnd(array, at);
    if (end == kNoEnd) return false;
    if (!on_element(array.substr(at, end - at))) return false;
    at = SkipBlanks(array, end);
    if (at >= array.size()) return false;
    if (array[at] == ']') return true;
    if (array[at] != ',') return false;
    at = SkipBlanks(array, at + 1);
  }
}

template <class OnValue>
bool ForEachValue(std::string_view text, OnValue&& on_value) {
  for (size_t at = SkipBlanks(text, 0); at < text.size();) {
    const size_t end = ValueEnd(text, at);
    if (end == kNoEnd) return false;
    if (!on_value(text.substr(at, end - at))) return false;
    at = SkipBlanks(text, end);
  }
  return true;
}

}  // namespace plumbago::fetch
