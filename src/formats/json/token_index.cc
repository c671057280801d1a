#include "formats/json/token_index.h"

#include <simdjson.h>

#include <algorithm>
#include <new>

#include "base/check.h"
#include "base/utf8.h"

namespace plumbago::formats::json {
namespace {

// More is given back before a smaller text comes.
constexpr size_t kKeptBytes = 8u << 20;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsOperator(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

}  // namespace

struct TokenIndex::Stage {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  size_t capacity = 0;
};

TokenIndex::TokenIndex() : stage_(std::make_unique<Stage>()) {}
TokenIndex::~TokenIndex() = default;

void TokenIndex::Reserve(size_t bytes) {
  Stage& stage = *stage_;
  if (bytes <= stage.capacity && (stage.capacity <= kKeptBytes || bytes > kKeptBytes / 2)) return;
  const size_t capacity = std::max<size_t>(bytes, 64u << 10);
  stage.parser.reset();
  const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
      capacity, 1, stage.parser);
  CHECK(error == simdjson::SUCCESS);  // else there is no memory
  stage.capacity = capacity;
}

bool TokenIndex::Index(std::string_view text) {
  static constexpr uint32_t kNone[] = {0};
  at_ = kNone;
  size_ = 0;
  if (text.empty()) return true;
  Reserve(text.size());
  auto& parser = *stage_->parser;
  const auto error = parser.stage1(reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                                   simdjson::stage1_mode::regular);
  if (error == simdjson::EMPTY) return true;
  if (error != simdjson::SUCCESS) return false;
  at_ = parser.structural_indexes.get();
  size_ = parser.n_structural_indexes;
  parser.structural_indexes[size_] = static_cast<uint32_t>(text.size());
  return true;
}

void TokenIndex::IndexLoosely(std::string_view text) {
  if (loose_capacity_ < text.size() + 1) {
    loose_capacity_ = text.size() + 1;
    loose_ = std::make_unique_for_overwrite<uint32_t[]>(loose_capacity_);
  }
  size_ = 0;
  bool in_scalar = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const size_t begin = i;
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
      }
      if (i >= text.size()) break;
      // As simdjson has it: abc"x" is one token.
      if (!in_scalar) loose_[size_++] = static_cast<uint32_t>(begin);
      in_scalar = false;
    } else if (IsOperator(c)) {
      loose_[size_++] = static_cast<uint32_t>(i);
      in_scalar = false;
    } else if (IsBlank(c)) {
      in_scalar = false;
    } else {
      if (!in_scalar) loose_[size_++] = static_cast<uint32_t>(i);
      in_scalar = true;
    }
  }
  loose_[size_] = static_cast<uint32_t>(text.size());
  at_ = loose_.get();
}

TextFault FindFault(std::string_view text) {
  bool in_text = false;
  for (size_t i = 0; i < text.size();) {
    const size_t bytes = CharacterBytes(text.substr(i));
    if (bytes == 0) return {i, "valid UTF-8"};
    const char c = text[i];
    if (in_text && static_cast<unsigned char>(c) < 0x20)
      return {i, "the end of a text before the end of its line, and control characters escaped"};
    if (in_text && c == '\\') {
      i += 2;
      continue;
    }
    if (c == '"') in_text = !in_text;
    i += bytes;
  }
  return {text.size(), "the end of a text"};
}

}  // namespace plumbago::formats::json
