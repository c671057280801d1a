#include "store/vector_writer.h"

#include <algorithm>
#include <string>

#include "base/utf8.h"

namespace plumbago::store {
namespace {

using duckdb::TypeId;

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const size_t bytes = CharacterBytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

// With U+FFFD for each byte that is none.
std::string Mended(std::string_view text) {
  std::string mended;
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    if (bytes == 0) {
      mended += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      mended += text.substr(0, bytes);
      text.remove_prefix(bytes);
    }
  }
  return mended;
}

}  // namespace

ColumnWriter ColumnWriter::ListOf(ColumnWriter element) {
  std::vector<ColumnWriter> children;
  children.push_back(std::move(element));
  return {TypeId::kList, std::move(children)};
}
ColumnWriter ColumnWriter::StructOf(std::vector<ColumnWriter> parts) {
  return {TypeId::kStruct, std::move(parts)};
}
ColumnWriter ColumnWriter::TextMap() {
  return ListOf(StructOf({Of(TypeId::kVarchar), Of(TypeId::kVarchar)}));
}

void ColumnWriter::Bind(const duckdb::Api& api, duckdb::Vector vector, uint64_t capacity) {
  api_ = &api;
  vector_ = vector;
  capacity_ = capacity;
  size_ = 0;
  if (type_ == TypeId::kList) {
    data_ = api.vector_data(vector);
    children_[0].Bind(api, api.list_child(vector), 0);  // grows when it is used
  } else if (type_ == TypeId::kStruct) {
    for (size_t i = 0; i < children_.size(); ++i)
      children_[i].Bind(api, api.struct_child(vector, i), capacity);
  } else {
    data_ = api.vector_data(vector);
  }
}

// The vector has grown: it and what is in it lie elsewhere.
void ColumnWriter::Rebind() {
  if (type_ == TypeId::kStruct) {
    for (size_t i = 0; i < children_.size(); ++i) {
      children_[i].vector_ = api_->struct_child(vector_, i);
      children_[i].capacity_ = capacity_;
      children_[i].Rebind();
    }
    return;
  }
  data_ = api_->vector_data(vector_);
  if (type_ != TypeId::kList) return;
  children_[0].vector_ = api_->list_child(vector_);
  children_[0].Rebind();
}

void ColumnWriter::Finish() {
  if (type_ == TypeId::kList) api_->set_list_size(vector_, children_[0].size_);
  for (ColumnWriter& child : children_) child.Finish();
}

void ColumnWriter::PutNull() {
  api_->make_validity(vector_);
  api_->set_invalid(api_->vector_validity(vector_), size_);
  if (type_ == TypeId::kList)
    static_cast<duckdb::ListEntry*>(data_)[size_] = {children_[0].size_, 0};
  ++size_;
}

void ColumnWriter::PutText(std::string_view text) {
  if (type_ == TypeId::kVarchar && !IsUtf8(text)) {
    const std::string mended = Mended(text);
    api_->set_text(vector_, size_++, mended.data(), mended.size());
    return;
  }
  api_->set_text(vector_, size_++, text.data(), text.size());
}

void ColumnWriter::PutInteger(int64_t value) {
  switch (type_) {
    case TypeId::kBoolean:
      static_cast<uint8_t*>(data_)[size_++] = value != 0 ? 1 : 0;
      break;
    case TypeId::kInteger:
    case TypeId::kUInteger:
      static_cast<uint32_t*>(data_)[size_++] = static_cast<uint32_t>(value);
      break;
    default:
      static_cast<int64_t*>(data_)[size_++] = value;
      break;
  }
}

void ColumnWriter::PutReal(double value) { static_cast<double*>(data_)[size_++] = value; }

ColumnWriter& ColumnWriter::BeginList(uint64_t length) {
  ColumnWriter& child = children_[0];
  static_cast<duckdb::ListEntry*>(data_)[size_++] = {child.size_, length};
  const uint64_t needed = child.size_ + length;
  if (needed > child.capacity_) {
    child.capacity_ = std::max<uint64_t>({needed, 2 * child.capacity_, 2048});
    api_->set_list_size(vector_, child.size_);  // so much is kept
    api_->reserve_list(vector_, child.capacity_);
    child.vector_ = api_->list_child(vector_);
    child.Rebind();
  }
  return child;
}

}  // namespace plumbago::store
