// Writes JSON (RFC 8259) into a string as it goes: no tree, no allocation but the text itself.
// Keys stand in the order they are written, so the same calls give the same bytes.
//
//   JsonWriter json(&text);
//   json.BeginObject().Key("rows").Uint(12).Key("first").Null().EndObject();
//
// Numbers are the shortest text that reads back as the same double; NaN and infinities, which JSON
// has not, become null. Text may be any bytes: what is not valid UTF-8 becomes U+FFFD. Begin and
// End must match; a key comes before each value of an object: both are checked in debug builds. Not
// for several threads at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago {

class JsonWriter {
 public:
  // `out` outlives the writer; text is appended. `indent` 0: compact; else each value stands on a
  // line of its own, that many blanks deeper than what holds it.
  explicit JsonWriter(std::string* out, int indent = 0) : out_(out), indent_(indent) {}

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view text);
  JsonWriter& Int(int64_t value);
  JsonWriter& Uint(uint64_t value);
  JsonWriter& Double(double value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();

 private:
  void Separate();
  void End(char bracket);
  void BreakLine();
  void Quote(std::string_view text);

  std::string* out_;
  int indent_;
  int depth_ = 0;
  bool first_ = true;  // nothing stands yet in the innermost object or array
  bool after_key_ = false;
};

}  // namespace plumbago
