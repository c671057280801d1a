#include "store/parquet/tempo_meta.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/byte_stream.h"
#include "formats/json/cursor.h"
#include "formats/json/token_index.h"

namespace plumbago::store {
namespace {

using formats::json::Cursor;

constexpr uint64_t kMostBytes = 16u << 20;  // Tempo's have about a thousand
constexpr size_t kPadding = 64;             // as the cursor wants it

// The names of dedicated columns are filled in order, per scope and type: the first text of a scope
// is String01, the first number Int01. What is of another kind than Tempo writes is passed over.
class MetaReader {
 public:
  explicit MetaReader(TempoMeta& meta) : meta_(meta) {}

  bool Read(Cursor& json) {
    return json.Object([&](std::string_view key) {
      if (key == "totalObjects" && json.Peek() != 'n') return ReadTotal(json);
      if (key == "dedicatedColumns" && json.Peek() == '[')
        return json.Array([&] { return ReadColumn(json); });
      return json.Skip();
    });
  }

 private:
  bool ReadTotal(Cursor& json) {
    const char first = json.Peek();
    if (first != '"' && first != '-' && (first < '0' || first > '9')) return json.Skip();
    return json.Integer(meta_.traces);
  }

  bool ReadColumn(Cursor& json) {
    if (json.Peek() != '{') return json.Skip();
    std::string_view scope, name, type;
    const bool well = json.Object([&](std::string_view key) {
      std::string_view* const text = key == "s"   ? &scope
                                     : key == "n" ? &name
                                     : key == "t" ? &type
                                                  : nullptr;
      return text != nullptr && json.Peek() == '"' ? json.String(*text) : json.Skip();
    });
    if (!well) return false;
    if (scope.empty()) scope = "span";
    const bool number = type == "int";
    const unsigned place = ++counts_[{std::string(scope), number}];
    meta_.dedicated.push_back({std::string(scope),
                               fmt::format("{}{:02}", number ? "Int" : "String", place),
                               std::string(name)});
    return true;
  }

  TempoMeta& meta_;
  std::map<std::pair<std::string, bool>, unsigned> counts_;  // per scope and type
};

}  // namespace

Result<TempoMeta> ReadTempoMeta(const std::filesystem::path& file) {
  TempoMeta meta;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return meta;
  const auto unreadable = [&](std::string_view why) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("names the dedicated columns of the block beside it, but {}", why),
                {file.string()});
  };
  ASSIGN_OR_RETURN(const auto stream, FileStream::Open(file.string()));
  if (stream->size() > kMostBytes) return unreadable("has more than 16 MB");
  std::string text(static_cast<size_t>(stream->size()), '\0');
  ASSIGN_OR_RETURN(const size_t size, stream->ReadAt(0, text.data(), text.size()));
  text.resize(size);
  text.append(kPadding, '\0');
  const std::string_view whole(text.data(), size);
  formats::json::TokenIndex tokens;
  if (!tokens.Index(whole)) {
    const auto fault = formats::json::FindFault(whole);
    return unreadable(fmt::format("is no JSON: expected {} at byte {}", fault.expected, fault.at));
  }
  formats::json::TextArena arena;
  Cursor json(text.data(), tokens.at(), tokens.at() + tokens.size(), &arena, true);
  if (!MetaReader(meta).Read(json)) {
    return unreadable(
        fmt::format("is no JSON: expected {} at byte {}", json.expected(), json.failed_at()));
  }
  return meta;
}

}  // namespace plumbago::store
