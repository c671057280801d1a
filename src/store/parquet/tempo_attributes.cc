#include "store/parquet/tempo_attributes.h"

#include "formats/json/any_value.h"
#include "formats/json/text_writer.h"

namespace plumbago::store {
namespace {

using formats::spans::Attribute;
using formats::spans::Value;

// A value that Tempo has no column for: JSON, with bytes in base64.
Value OtherValue(std::string_view text, TempoStore& store) {
  std::string plain;
  plain.reserve(text.size());
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size()) {
      plain += c;
      plain += text[++i];
      continue;
    }
    quoted ^= c == '"';
    if (quoted || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) plain += c;
  }
  constexpr std::string_view kBytes = "{\"bytesValue\":\"";
  if (plain.starts_with(kBytes) && plain.ends_with("\"}")) {
    std::string_view bytes;
    const std::string_view inner(plain.data() + kBytes.size(), plain.size() - kBytes.size() - 2);
    if (formats::json::DecodeBase64(inner, store.texts, bytes))
      return {Value::Type::kBytes, bytes, 0, 0};
  }
  return {Value::Type::kJson, store.texts.CopyText(plain), 0, 0};
}

Value ValueAt(const Column& column, uint64_t i) {
  if (column.is_text()) return Value::Text(column.Text(i));
  if (column.type == duckdb::TypeId::kBoolean) return Value::Bool(column.Integer(i) != 0);
  if (column.is_real()) return Value::Double(column.Real(i));
  return Value::Int(column.Integer(i));
}

// {"arrayValue":{"values":[...]}}
Value ArrayOf(const Column& element, const duckdb::ListEntry& entry, TempoStore& store) {
  std::string json = "{\"arrayValue\":{\"values\":[";
  for (uint64_t i = 0; i < entry.length; ++i) {
    if (i > 0) json += ',';
    formats::json::AppendAnyValue(ValueAt(element, entry.offset + i), json);
  }
  json += "]}}";
  return {Value::Type::kJson, store.texts.CopyText(json), 0, 0};
}

}  // namespace

TempoAttributes::TempoAttributes(const Column* list) {
  if (list == nullptr || list->type != duckdb::TypeId::kList) return;
  const Column& element = list->children[0];
  key_ = element.Find("Key");
  if (key_ == nullptr || !key_->is_text()) return;
  list_ = list;
  is_array_ = element.Find("IsArray");
  value_type_ = element.Find("ValueType");  // before the final form; 5 and above are arrays
  for (const char* name : {"Value", "ValueInt", "ValueDouble", "ValueBool"}) {
    if (const Column* value = element.Find(name)) values_[count_++] = value;
  }
  for (const char* name : {"ValueUnsupported", "ValueDropped", "ValueKVList", "ValueArray"}) {
    const Column* other = element.Find(name);
    if (other != nullptr && other->is_text()) others_[other_count_++] = other;
  }
}

size_t TempoAttributes::Read(uint64_t row, Attribute* out, TempoStore& store) const {
  if (list_ == nullptr) return 0;
  const duckdb::ListEntry entry = list_->At(row);
  size_t count = 0;
  for (uint64_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    out[count].key = key_->Text(i);
    if (ReadValue(i, out[count].value, store)) ++count;
  }
  return count;
}

bool TempoAttributes::ReadValue(uint64_t i, Value& value, TempoStore& store) const {
  const bool array = is_array_ != nullptr ? is_array_->Integer(i) != 0
                                          : value_type_ != nullptr && value_type_->Integer(i) > 4;
  for (size_t v = 0; v < count_; ++v) {
    const Column& column = *values_[v];
    if (column.nothing) continue;
    if (column.type != duckdb::TypeId::kList) {  // the third version
      if (column.IsNull(i)) continue;
      value = ValueAt(column, i);
      return true;
    }
    const duckdb::ListEntry entry = column.At(i);
    if (entry.length == 0) continue;
    const Column& element = column.children[0];
    value = array ? ArrayOf(element, entry, store) : ValueAt(element, entry.offset);
    return true;
  }
  for (size_t o = 0; o < other_count_; ++o) {
    if (others_[o]->nothing || others_[o]->Text(i).empty()) continue;
    value = OtherValue(others_[o]->Text(i), store);
    return true;
  }
  if (array) value = ArrayOf(Column(), {0, 0}, store);
  return array;
}

size_t ReadNamed(std::span<const NamedCells> named, uint64_t row, Attribute* out,
                 TempoStore& store) {
  size_t count = 0;
  for (const NamedCells& one : named) {
    const Column& column = *one.column;
    if (column.nothing) continue;
    if (column.type == duckdb::TypeId::kList) {
      const duckdb::ListEntry entry = column.At(row);
      if (entry.length == 0) continue;
      const Column& element = column.children[0];
      out[count].value =
          entry.length == 1 ? ValueAt(element, entry.offset) : ArrayOf(element, entry, store);
    } else {
      if (column.IsNull(row)) continue;
      out[count].value = ValueAt(column, row);
    }
    out[count++].key = one.name;
  }
  return count;
}

}  // namespace plumbago::store
