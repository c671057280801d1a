#include "formats/csv_mapped/toml_ascii.h"

namespace plumbago::formats {

size_t FirstOutsideAscii(std::string_view toml) {
  enum { kBare, kComment, kBasic, kLiteral, kLongBasic, kLongLiteral } in = kBare;
  const size_t begin = toml.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (size_t i = begin; i < toml.size(); ++i) {
    const char c = toml[i];
    const bool short_text = in == kBasic || in == kLiteral;
    if (static_cast<unsigned char>(c) >= 0x80 && in != kComment && !short_text) return i;
    switch (in) {
      case kBare:
        if (c == '#') {
          in = kComment;
        } else if (c == '"' || c == '\'') {
          const bool is_long = toml.substr(i).starts_with(c == '"' ? "\"\"\"" : "'''");
          in = c == '"' ? (is_long ? kLongBasic : kBasic) : (is_long ? kLongLiteral : kLiteral);
          if (is_long) i += 2;
        }
        break;
      case kComment:
        if (c == '\n') in = kBare;
        break;
      case kBasic:
      case kLiteral:
        if (in == kBasic && c == '\\') {
          ++i;
        } else if (c == '\n' || c == (in == kBasic ? '"' : '\'')) {
          in = kBare;
        }
        break;
      case kLongBasic:
      case kLongLiteral:
        if (in == kLongBasic && c == '\\') {
          ++i;
        } else if (toml.substr(i).starts_with(in == kLongBasic ? "\"\"\"" : "'''")) {
          // Up to two more quotes belong to the text.
          i += 2;
          for (int more = 0; more < 2 && i + 1 < toml.size() && toml[i + 1] == c; ++more) ++i;
          in = kBare;
        }
        break;
    }
  }
  return std::string_view::npos;
}

}  // namespace plumbago::formats
