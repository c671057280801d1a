#include "model/path.h"

#include <cstddef>
#include <cstring>

namespace plumbago::model {
namespace {

constexpr unsigned char kSmallNumbers = 0xF0;  // numbers below are one byte
constexpr unsigned char kTextMark = 0xFF;
constexpr unsigned char kTextEnd = 0x00;
constexpr unsigned char kTextEscape = 0x01;
constexpr size_t kSlack = 16;  // no component's code but a text's is longer

// The value of a canonical decimal (no leading zero, fits 64 bits). False: it is text.
bool ParseNumber(const char* begin, const char* end, uint64_t& value) {
  const std::ptrdiff_t size = end - begin;
  if (size <= 0 || size > 20 || (*begin == '0' && size > 1)) return false;
  uint64_t v = 0;
  for (const char* p = begin; p != end; ++p) {
    const unsigned digit = static_cast<unsigned char>(*p) - '0';
    if (digit > 9) return false;
    if (size == 20 && (v > 1844674407370955161ull || (v == 1844674407370955161ull && digit > 5))) {
      return false;
    }
    v = v * 10 + digit;
  }
  value = v;
  return true;
}

char* PutNumber(uint64_t value, char* out) {
  if (value < kSmallNumbers) {
    *out = static_cast<char>(value);
    return out + 1;
  }
  int bytes = 8 - __builtin_clzll(value) / 8;
  *out++ = static_cast<char>(kSmallNumbers + bytes - 1);
  for (int i = bytes - 1; i >= 0; --i) *out++ = static_cast<char>(value >> (8 * i));
  return out;
}

// Bytes of the component that begins at `at`.
size_t ComponentSize(PathView path, size_t at) {
  const auto lead = static_cast<unsigned char>(path[at]);
  if (lead < kSmallNumbers) return 1;
  if (lead < kSmallNumbers + 8) {
    const size_t size = static_cast<size_t>(lead - kSmallNumbers) + 2;
    return at + size <= path.size() ? size : path.size() - at;
  }
  const size_t end = path.find(static_cast<char>(kTextEnd), at + 1);
  return (end == PathView::npos ? path.size() : end + 1) - at;
}

}  // namespace

size_t EncodePath(std::string_view text, char* out) {
  if (text.empty()) return 0;
  const char* p = text.data();
  const char* const end = p + text.size();
  char* q = out;
  for (;;) {
    // The common component: one digit, or two.
    const std::ptrdiff_t left = end - p;
    const unsigned first = static_cast<unsigned char>(left == 0 ? 0 : *p) - '0';
    const unsigned second = static_cast<unsigned char>(left < 2 ? 0 : p[1]) - '0';
    if (first <= 9 && (left == 1 || p[1] == '.')) {
      *q++ = static_cast<char>(first);
      p += 1;
    } else if (first - 1 < 9 && second <= 9 && (left == 2 || p[2] == '.')) {
      *q++ = static_cast<char>(10 * first + second);
      p += 2;
    } else {
      const char* dot = static_cast<const char*>(memchr(p, '.', static_cast<size_t>(end - p)));
      if (dot == nullptr) dot = end;
      uint64_t number = 0;
      if (ParseNumber(p, dot, number)) {
        q = PutNumber(number, q);
      } else {
        *q++ = static_cast<char>(kTextMark);
        for (; p != dot; ++p) {
          const auto c = static_cast<unsigned char>(*p);
          if (c <= kTextEscape) {
            *q++ = static_cast<char>(kTextEscape);
            *q++ = static_cast<char>(c + 1);
          } else {
            *q++ = *p;
          }
          if (static_cast<size_t>(q - out) > kMaxPathBytes) return 0;
        }
        *q++ = static_cast<char>(kTextEnd);
      }
      p = dot;
    }
    if (static_cast<size_t>(q - out) > kMaxPathBytes) return 0;
    if (p == end) return static_cast<size_t>(q - out);
    ++p;  // the dot
  }
}

size_t EncodePath(std::string_view text, std::string& out) {
  char buffer[kMaxPathBytes + kSlack];
  const size_t size = EncodePath(text, buffer);
  out.append(buffer, size);
  return size;
}

void AppendPathText(PathView path, std::string& out) {
  size_t at = 0;
  while (at < path.size()) {
    if (at != 0) out.push_back('.');
    const size_t size = ComponentSize(path, at);
    const auto lead = static_cast<unsigned char>(path[at]);
    if (lead == kTextMark) {
      for (size_t i = at + 1; i + 1 < at + size; ++i) {
        char c = path[i];
        if (static_cast<unsigned char>(c) == kTextEscape && i + 2 < at + size) {
          c = static_cast<char>(path[++i] - 1);
        }
        out.push_back(c);
      }
    } else {
      uint64_t value = lead;
      if (lead >= kSmallNumbers) {
        value = 0;
        for (size_t i = at + 1; i < at + size; ++i) {
          value = value << 8 | static_cast<unsigned char>(path[i]);
        }
      }
      char digits[20];
      char* d = digits + sizeof digits;
      do {
        *--d = static_cast<char>('0' + value % 10);
        value /= 10;
      } while (value != 0);
      out.append(d, digits + sizeof digits);
    }
    at += size;
  }
}

std::string PathText(PathView path) {
  std::string text;
  AppendPathText(path, text);
  return text;
}

PathView ParentPath(PathView path) {
  size_t at = 0;
  size_t last = 0;
  while (at < path.size()) {
    last = at;
    at += ComponentSize(path, at);
  }
  return path.substr(0, last);
}

size_t FirstComponentSize(PathView path) { return path.empty() ? 0 : ComponentSize(path, 0); }

uint32_t PathDepth(PathView path) {
  uint32_t depth = 0;
  for (size_t at = 0; at < path.size(); at += ComponentSize(path, at)) ++depth;
  return depth;
}

size_t CommonPrefix(PathView a, PathView b) {
  size_t at = 0;
  while (at < a.size() && at < b.size()) {
    const size_t size = ComponentSize(a, at);
    if (a.substr(at, size) != b.substr(at, ComponentSize(b, at))) break;
    at += size;
  }
  return at;
}

}  // namespace plumbago::model
