#include "store/parquet/flat_schema.h"

#include <fmt/format.h>

#include <iterator>

#include "formats/json/text_writer.h"

namespace plumbago::store::flat {
namespace {

using Type = formats::spans::Value::Type;

constexpr std::string_view kKinds[] = {"unspecified", "internal", "server",
                                       "client",      "producer", "consumer"};
constexpr std::string_view kStatuses[] = {"unset", "ok", "error"};
constexpr std::string_view kLetters = "sbidxj";  // in the order of Type

}  // namespace

std::string_view KindWord(formats::spans::SpanKind kind) {
  return kKinds[static_cast<size_t>(kind) % std::size(kKinds)];
}
std::string_view StatusWord(model::Status status) {
  return kStatuses[static_cast<size_t>(status) % std::size(kStatuses)];
}

char TypeLetter(Type type) { return kLetters[static_cast<size_t>(type)]; }
bool TypeOf(char letter, Type& type) {
  const size_t at = kLetters.find(letter);
  if (at == kLetters.npos) return false;
  type = static_cast<Type>(at);
  return true;
}

std::string_view ValueText(const formats::spans::Value& value, std::string& scratch) {
  scratch.clear();
  switch (value.type) {
    case Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Type::kInt:
      fmt::format_to(std::back_inserter(scratch), "{}", value.integer);
      break;
    case Type::kDouble:
      fmt::format_to(std::back_inserter(scratch), "{}", value.number);
      break;
    case Type::kBytes:
      formats::json::AppendBase64(value.text, scratch);
      break;
    case Type::kText:
    case Type::kJson:
      return value.text;
  }
  return scratch;
}

}  // namespace plumbago::store::flat
