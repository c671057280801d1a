#include "formats/json/shape.h"

#include <algorithm>

#include "formats/csv/rows.h"
#include "formats/json/bracket_scan.h"
#include "formats/json/token_index.h"

namespace plumbago::formats::json {
namespace {

constexpr size_t npos = std::string_view::npos;

std::string_view WithoutBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// One value from its first to its last byte.
bool IsWhole(std::string_view line) {
  return (line.starts_with('{') || line.starts_with('[')) && EndOfBrackets(line, 0) == line.size();
}

// Walks over documents as they stand, without an index.
class Walker {
 public:
  Walker(std::string_view text, std::span<const std::string_view> wrappers)
      : text_(text), wrappers_(wrappers) {}

  // The last place where a record ends.
  size_t LastCut() {
    SkipBlanks();
    if (Peek() == ',' || Peek() == ']') Elements();
    while (at_ < text_.size()) {
      SkipBlanks();
      const char c = Peek();
      if (c == '{') {
        cut_ = at_;  // between two values
        closed_ = false;
        Object();
      } else if (c == '[') {
        cut_ = at_;
        closed_ = false;
        ++at_;
        Elements();
      } else if (c == ',' && closed_) {  // further keys of what holds the array
        ++at_;
        Keys();
      } else if (c == '"') {
        if (!Value()) break;
      } else {
        ++at_;  // }, or what is no JSON
      }
    }
    return cut_;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipBlanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool Stop() {
    at_ = text_.size();
    return false;
  }
  // Goes behind a value. False: it is not whole.
  bool Value() {
    const char c = Peek();
    size_t end;
    if (c == '{' || c == '[') {
      end = EndOfBrackets(text_, at_);
    } else if (c == '"') {
      end = EndOfText(text_, at_);
    } else {
      end = text_.find_first_of(",]}[{\" \t\r\n", at_);
      if (end == at_) ++end;
    }
    if (end == npos) return Stop();
    at_ = end;
    return true;
  }
  // Within the array, behind its [ or behind an element.
  void Elements() {
    for (;;) {
      SkipBlanks();
      if (at_ >= text_.size()) return;
      const char c = Peek();
      if (c == ',') {
        ++at_;
      } else if (c == ']') {
        ++at_;
        closed_ = true;
        return;
      } else if (c == '}') {  // damaged
        ++at_;
      } else {
        if (!Value()) return;
        cut_ = at_;
      }
    }
  }
  // An object at the top: a record, or what holds the array.
  void Object() {
    const size_t begin = at_;
    ++at_;
    if (Keys()) return;
    if (closed_ || at_ >= text_.size()) return;
    at_ = begin;
    if (Value()) cut_ = at_;
  }
  // True: one of the keys led to an array that was cut.
  bool Keys() {
    for (;;) {
      SkipBlanks();
      if (Peek() != '"') return false;
      const size_t begin = at_ + 1;
      if (!Value()) return true;
      const std::string_view key = text_.substr(begin, at_ - 1 - begin);
      SkipBlanks();
      if (Peek() != ':') return false;
      ++at_;
      SkipBlanks();
      if (std::find(wrappers_.begin(), wrappers_.end(), key) != wrappers_.end()) {
        if (Peek() == '[') {
          ++at_;
          Elements();
          return true;
        }
        if (Peek() == '{') {
          ++at_;
          if (Keys()) return true;
          SkipBlanks();
          if (Peek() == '}') ++at_;
          SkipBlanks();
          if (Peek() != ',') return false;
          ++at_;
          continue;
        }
      }
      if (!Value()) return true;
      SkipBlanks();
      if (Peek() != ',') return false;
      ++at_;
    }
  }

  std::string_view text_;
  std::span<const std::string_view> wrappers_;
  size_t at_ = 0;
  size_t cut_ = 0;
  bool closed_ = false;  // behind the ] of an array whose holder is still open
};

}  // namespace

Shape ShapeOf(std::string_view head) {
  head = csv::WithoutByteOrderMark(head);
  head.remove_prefix(csv::SkipBlankLines(head).bytes);
  const size_t end = head.find('\n');
  const std::string_view first = WithoutBlanks(head.substr(0, end));
  if (IsWhole(first)) return Shape::kLines;
  if (end == npos || first.empty()) return Shape::kDocuments;
  // One of lines whose first is damaged? Documents over lines break them behind { [ and commas.
  if (std::string_view("{[,:").find(first.back()) != npos) return Shape::kDocuments;
  const std::string_view rest = head.substr(end + 1);
  return IsWhole(WithoutBlanks(rest.substr(0, rest.find('\n')))) ? Shape::kLines
                                                                 : Shape::kDocuments;
}

size_t LineCutter::Cut(std::string_view text, bool end_of_file) const {
  return csv::CutLines(text, end_of_file);
}

size_t DocumentCutter::Cut(std::string_view text, bool end_of_file) const {
  return end_of_file ? text.size() : Walker(text, wrappers_).LastCut();
}

std::vector<HeadKey> HeadKeys(std::string_view head) {
  constexpr size_t kMost = 2000;
  head = csv::WithoutByteOrderMark(head);
  std::vector<HeadKey> keys;
  const size_t begin = head.find_first_not_of(" \t\r\n");
  if (begin == npos || (head[begin] != '{' && head[begin] != '[')) return keys;
  thread_local TokenIndex index;  // many small files: its memory is not asked for anew
  if (!index.Index(head)) index.IndexLoosely(head);  // a head that is cut within a text, or worse
  struct Open {
    bool object;
    std::string_view within;
  };
  std::vector<Open> open;
  std::string_view last;  // key whose value comes
  int depth = 0;
  for (size_t i = 0; i < index.size() && keys.size() < kMost; ++i) {
    const char c = head[index.at()[i]];
    if (c == '{' || c == '[') {
      open.push_back({c == '{', !last.empty()  ? last
                                : open.empty() ? std::string_view()
                                               : open.back().within});
      depth += c == '{' ? 1 : 0;
      last = {};
    } else if (c == '}' || c == ']') {
      if (open.empty()) return keys;
      depth -= open.back().object ? 1 : 0;
      open.pop_back();
      last = {};
    } else if (c == '"' && !open.empty() && open.back().object && i + 1 < index.size() &&
               head[index.at()[i + 1]] == ':') {
      const size_t start = index.at()[i] + 1;
      const size_t end = head.rfind('"', index.at()[i + 1]);
      last = head.substr(start, end - start);
      keys.push_back({last, open.back().within, depth - 1});
      ++i;
    } else {
      last = {};
    }
  }
  return keys;
}

bool HasKey(const std::vector<HeadKey>& keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(), [&](const HeadKey& k) { return k.key == key; });
}
bool HasKey(const std::vector<HeadKey>& keys, std::string_view key, std::string_view within) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const HeadKey& k) { return k.key == key && k.within == within; });
}

}  // namespace plumbago::formats::json
