#include "formats/csv_mapped/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace plumbago::formats {

// Recursive descent: each Parse* appends the instructions of what it read, with jumps relative to
// where they stand, so that a piece can be moved and copied.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {
    if (text_.ends_with('$') && !EscapedAt(text_.size() - 1)) text_.remove_suffix(1);
    if (text_.starts_with('^')) at_ = 1;
  }

  Result<Pattern> Compile() {
    if (Alternatives(0) && at_ < text_.size()) Fault("expected nothing after a ) that opens none");
    if (fault_.empty() && !group_) Fault("expected a group ( ) around what is wanted");
    if (!fault_.empty()) {
      return Fail(ErrorKind::kBadInput, std::move(fault_), {.file = {}, .column = fault_at_ + 1});
    }
    Append({Op::kMatch});
    return std::move(pattern_);
  }

 private:
  using Op = Pattern::Op;
  using Instruction = Pattern::Instruction;
  using Set = std::bitset<256>;
  static constexpr int kMostNested = 30;
  static constexpr uint32_t kNoLimit = ~uint32_t{0};

  std::vector<Instruction>& program() { return pattern_.program_; }
  bool EscapedAt(size_t at) const {
    size_t slashes = 0;
    while (at > slashes && text_[at - slashes - 1] == '\\') ++slashes;
    return slashes % 2 == 1;
  }
  // Always false.
  bool Fault(std::string message) {
    if (fault_.empty()) fault_ = std::move(message), fault_at_ = at_;
    return false;
  }
  bool More() const { return at_ < text_.size(); }
  bool Take(char c) {
    if (!More() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Append(Instruction instruction) {
    program().push_back(instruction);
    return program().size() <= Pattern::kMostInstructions || TooLarge();
  }
  bool Insert(size_t where, Instruction instruction) {
    program().insert(program().begin() + static_cast<std::ptrdiff_t>(where), instruction);
    return program().size() <= Pattern::kMostInstructions || TooLarge();
  }
  bool TooLarge() {
    return Fault(fmt::format("this is too large: expected at most {} steps (a count multiplies)",
                             Pattern::kMostInstructions));
  }
  bool AppendSet(const Set& set) {
    auto& sets = pattern_.sets_;
    const auto found = std::find(sets.begin(), sets.end(), set);
    const auto index = static_cast<uint32_t>(found - sets.begin());
    if (found == sets.end()) sets.push_back(set);
    return Append({Op::kSet, 0, 0, index});
  }

  bool Alternatives(int depth) {
    const size_t begin = program().size();
    if (!Sequence(depth)) return false;
    while (Take('|')) {
      const auto size = static_cast<int32_t>(program().size() - begin);
      if (!Insert(begin, {Op::kSplit, 1, size + 2})) return false;
      const size_t jump = program().size();
      if (!Append({Op::kJump}) || !Sequence(depth)) return false;
      program()[jump].first = static_cast<int32_t>(program().size() - jump);
      // (a|b)|c: what stands before the next bar is one piece, in the same order of preference.
    }
    return true;
  }

  bool Sequence(int depth) {
    while (More() && text_[at_] != '|' && text_[at_] != ')') {
      const size_t begin = program().size();
      if (!Atom(depth) || !Repeats(begin)) return false;
    }
    return true;
  }

  bool Atom(int depth) {
    const char c = text_[at_];
    if (c == '(') return Group(depth);
    if (c == '[') return Bracket();
    if (c == '*' || c == '+' || c == '?' || c == '{')
      return Fault(fmt::format("expected something before {} that it repeats", c));
    if (c == '^' || c == '$')
      return Fault(fmt::format("expected {} at the {} alone", c, c == '^' ? "begin" : "end"));
    Set set;
    if (c == '\\') {
      if (!Escape(set)) return false;
    } else {
      ++at_;
      c == '.' ? set.set() : set.set(static_cast<unsigned char>(c));
    }
    return AppendSet(set);
  }

  bool Group(int depth) {
    if (depth >= kMostNested) return Fault("expected at most 30 groups within each other");
    ++at_;
    bool first = false;
    if (Take('?')) {
      if (!Take(':')) return Fault("expected ?: (no other (? is understood)");
    } else {
      first = !std::exchange(group_, true);
    }
    if (first && !Append({Op::kBegin})) return false;
    if (!Alternatives(depth + 1)) return false;
    if (!Take(')')) return Fault("expected a ) that closes the group");
    return !first || Append({Op::kEnd});
  }

  // \d and the like, or the sign itself.
  bool Escape(Set& set) {
    ++at_;
    if (!More()) return Fault("expected a sign after \\");
    const char c = text_[at_++];
    const auto range = [&set](unsigned char low, unsigned char high) {
      for (unsigned i = low; i <= high; ++i) set.set(static_cast<size_t>(i));
    };
    switch (c) {
      case 'd':
      case 'D':
        range('0', '9');
        break;
      case 'w':
      case 'W':
        range('0', '9'), range('a', 'z'), range('A', 'Z'), set.set('_');
        break;
      case 's':
      case 'S':
        for (const char blank : std::string_view(" \t\r\n\f\v"))
          set.set(static_cast<unsigned char>(blank));
        break;
      default:
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
          --at_;
          return Fault(fmt::format("\\{} is not understood (\\d \\w \\s are)", c));
        }
        set.set(static_cast<unsigned char>(c));
        return true;
    }
    if (c == 'D' || c == 'W' || c == 'S') set.flip();
    return true;
  }

  bool Bracket() {
    ++at_;
    const bool negative = Take('^');
    Set all;
    for (bool first = true;; first = false) {
      if (!More()) return Fault("expected a ] that closes the [");
      if (text_[at_] == ']' && !first) break;
      Set one;
      const size_t at = at_;
      if (text_[at_] == '\\') {
        if (!Escape(one)) return false;
      } else {
        one.set(static_cast<unsigned char>(text_[at_++]));
      }
      const bool range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
      if (range && one.count() == 1) {
        const auto low = static_cast<unsigned char>(text_[at_ - 1]);
        ++at_;
        Set end;
        if (text_[at_] == '\\') {
          if (!Escape(end)) return false;
        } else {
          end.set(static_cast<unsigned char>(text_[at_++]));
        }
        const auto high = static_cast<unsigned char>(text_[at_ - 1]);
        if (end.count() != 1 || high < low) {
          at_ = at;
          return Fault("expected a range whose end comes after its begin");
        }
        for (size_t i = low; i <= high; ++i) one.set(i);
      }
      all |= one;
    }
    ++at_;
    return AppendSet(negative ? ~all : all);
  }

  // * + ? {m,n} after the piece that begins at `begin`.
  bool Repeats(size_t begin) {
    while (More()) {
      uint32_t low = 0, high = kNoLimit;
      const size_t at = at_;
      if (Take('*')) {
      } else if (Take('+')) {
        low = 1;
      } else if (Take('?')) {
        high = 1;
      } else if (text_[at_] == '{') {
        if (!Counts(low, high)) return false;
      } else {
        return true;
      }
      if (low > high || (high != kNoLimit && high > 1000) || low > 1000) {
        at_ = at;
        return Fault("expected a count {m,n} with m <= n <= 1000");
      }
      if (!Repeat(begin, low, high, Take('?'))) return false;
    }
    return true;
  }

  bool Number(uint32_t& number) {
    const size_t begin = at_;
    number = 0;
    while (More() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 6)
      number = number * 10 + static_cast<uint32_t>(text_[at_++] - '0');
    return at_ > begin;
  }

  bool Counts(uint32_t& low, uint32_t& high) {
    ++at_;
    if (!Number(low)) return Fault("expected a number after { (a brace itself is written \\{)");
    high = low;
    if (Take(',') && !Number(high)) high = kNoLimit;
    return Take('}') || Fault("expected } after the count");
  }

  bool Repeat(size_t begin, uint32_t low, uint32_t high, bool lazy) {
    const std::vector<Instruction> piece(program().begin() + static_cast<std::ptrdiff_t>(begin),
                                         program().end());
    const auto size = static_cast<int32_t>(piece.size());
    program().resize(begin);
    const auto append_piece = [&] {
      if (program().size() + piece.size() > Pattern::kMostInstructions) return TooLarge();
      program().insert(program().end(), piece.begin(), piece.end());
      return true;
    };
    const auto split = [lazy](int32_t in, int32_t out) {
      return lazy ? Instruction{Op::kSplit, out, in} : Instruction{Op::kSplit, in, out};
    };
    for (uint32_t i = 0; i < low; ++i) {
      if (!append_piece()) return false;
    }
    if (high == kNoLimit) {
      return Append(split(1, size + 2)) && append_piece() && Append({Op::kJump, -(size + 1)});
    }
    for (uint32_t left = high - low; left > 0; --left) {
      const auto out = static_cast<int64_t>(left) * (size + 1);
      if (out > static_cast<int64_t>(Pattern::kMostInstructions)) return TooLarge();
      if (!Append(split(1, static_cast<int32_t>(out))) || !append_piece()) return false;
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool group_ = false;
  std::string fault_;
  size_t fault_at_ = 0;
  Pattern pattern_;
};

Result<Pattern> Pattern::Compile(std::string_view expression) {
  return PatternCompiler(expression).Compile();
}

void Pattern::Matcher::Follow(const Pattern& pattern, Thread thread, uint32_t position) {
  waiting_.assign(1, thread);
  while (!waiting_.empty()) {
    Thread t = waiting_.back();
    waiting_.pop_back();
    while (seen_[t.at] != step_) {
      seen_[t.at] = step_;
      const Instruction& instruction = pattern.program_[t.at];
      const auto to = [&t](int32_t by) {
        return static_cast<uint32_t>(static_cast<int32_t>(t.at) + by);
      };
      if (instruction.op == Op::kSet || instruction.op == Op::kMatch) {
        next_.push_back(t);
        break;
      }
      if (instruction.op == Op::kSplit) {
        waiting_.push_back({to(instruction.second), t.begin, t.end});
        t.at = to(instruction.first);
        continue;
      }
      if (instruction.op == Op::kJump) {
        t.at = to(instruction.first);
        continue;
      }
      (instruction.op == Op::kBegin ? t.begin : t.end) = position;
      ++t.at;
    }
  }
}

std::optional<std::string_view> Pattern::Matcher::FirstGroup(const Pattern& pattern,
                                                             std::string_view text) {
  constexpr uint32_t kNone = ~uint32_t{0};
  if (text.size() > kMostText) return std::nullopt;
  if (seen_.size() < pattern.program_.size()) seen_.resize(pattern.program_.size(), 0);
  const auto advance = [this] {
    if (++step_ != 0) return;
    std::fill(seen_.begin(), seen_.end(), 0);  // the number wrapped around
    step_ = 1;
  };
  advance();
  next_.clear();
  Follow(pattern, {0, kNone, kNone}, 0);
  for (uint32_t i = 0; i < text.size() && !next_.empty(); ++i) {
    now_.swap(next_);
    next_.clear();
    advance();
    const auto c = static_cast<unsigned char>(text[i]);
    for (const Thread& thread : now_) {
      const Instruction& instruction = pattern.program_[thread.at];
      if (instruction.op == Op::kSet && pattern.sets_[instruction.set].test(c))
        Follow(pattern, {thread.at + 1, thread.begin, thread.end}, i + 1);
    }
  }
  for (const Thread& thread : next_) {
    if (pattern.program_[thread.at].op != Op::kMatch) continue;
    if (thread.begin == kNone || thread.end == kNone) return std::nullopt;
    return text.substr(thread.begin, thread.end - thread.begin);
  }
  return std::nullopt;
}

}  // namespace plumbago::formats
