#include "store/clickhouse/json_attributes.h"

namespace plumbago::store::clickhouse {

using formats::json::Cursor;
using formats::json::Number;
using formats::json::TextArena;
using formats::spans::Attribute;
using formats::spans::Value;

bool JsonAttributes::ReadScalar(Cursor& json, Value& value) {
  switch (json.Peek()) {
    case '"': {
      std::string_view text;
      if (!json.String(text)) return false;
      value = Value::Text(text);
      return true;
    }
    case 't':
    case 'f': {
      bool yes = false;
      if (!json.Bool(yes)) return false;
      value = Value::Bool(yes);
      return true;
    }
    default: {
      Number number;
      if (!json.ReadNumber(number)) return false;
      value = number.whole ? Value::Int(number.integer) : Value::Double(number.real);
      return true;
    }
  }
}

bool JsonAttributes::Read(Cursor& json, std::string_view prefix, int depth, TextArena& arena,
                          std::vector<Attribute>& out) {
  if (depth > Cursor::kMostDepth) return json.Fail("objects less deep");
  return json.Object([&](std::string_view key) {
    if (!json.Plain(key)) return false;
    std::string_view name = key;
    if (!prefix.empty()) {
      std::string joined(prefix);
      joined += '.';
      joined += key;
      name = arena.CopyText(joined);
    }
    Value value;
    switch (json.Peek()) {
      case '{':
        return Read(json, name, depth + 1, arena, out);
      case '[':
        value = Value::Text(json.Here());
        if (!json.Skip()) return false;
        break;
      case 'n':
        return json.TakeNull() || json.Fail("a value");
      default:
        if (!ReadScalar(json, value)) return false;
    }
    out.push_back({name, value});
    return true;
  });
}

bool JsonAttributes::Read(std::string_view text, TextArena& arena, std::vector<Attribute>& out) {
  if (text.empty()) return true;
  padded_.assign(text);
  padded_.append(64, ' ');
  const std::string_view kept = arena.CopyText(padded_);
  const std::string_view whole = kept.substr(0, text.size());
  if (!tokens_.Index(whole)) return false;
  const uint32_t* const at = tokens_.at();
  Cursor json(whole.data(), at, at + tokens_.size(), &arena,
              whole.find('\\') != std::string_view::npos);
  const size_t before = out.size();
  if (Read(json, {}, 0, arena, out) && json.done()) return true;
  out.resize(before);
  return false;
}

}  // namespace plumbago::store::clickhouse
