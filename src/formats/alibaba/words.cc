#include "formats/alibaba/words.h"

namespace plumbago::formats::alibaba {

using model::Kind;

bool IsMissingWord(std::string_view text) {
  if (text == "(?)") return true;  // by far the most frequent
  static constexpr std::string_view kWords[] = {
      "",     "(?)",  "UNKNOWN", "UNAVAILABLE", "NAN",     "None",    "NA",      "N/A",
      "n/a",  "#N/A", "#NA",     "#N/A N/A",    "NULL",    "null",    "NaN",     "nan",
      "-NaN", "-nan", "<NA>",    "1.#IND",      "-1.#IND", "1.#QNAN", "-1.#QNAN"};
  for (const std::string_view word : kWords) {
    if (text == word) return true;
  }
  return false;
}

Kind ParseKind(std::string_view word) {
  // By length and first letter: this runs once a row.
  switch (word.size()) {
    case 2:
      if (word == "mc") return Kind::kCache;
      if (word == "mq") return Kind::kMessage;
      if (word == "db") return Kind::kDatabase;
      break;
    case 3:
      if (word == "rpc") return Kind::kRpc;
      break;
    case 4:
      if (word == "http") return Kind::kHttp;
      break;
    case 11:
      if (word == "userDefined") return Kind::kOther;
      break;
    default:
      break;
  }
  return IsMissing(word) ? Kind::kUnknown : Kind::kOther;
}

std::string_view KindWord(Kind kind) {
  switch (kind) {
    case Kind::kRpc:
      return "rpc";
    case Kind::kHttp:
      return "http";
    case Kind::kMessage:
      return "mq";
    case Kind::kDatabase:
      return "db";
    case Kind::kCache:
      return "mc";
    case Kind::kInternal:
    case Kind::kOther:
      return "userDefined";
    case Kind::kUnknown:
      break;
  }
  return "UNKNOWN";
}

}  // namespace plumbago::formats::alibaba
