// A regular expression whose cost is bounded: a match of a text of n bytes takes O(n x size of the
// program), whatever the expression and the text. The states of Thompson's automaton advance
// together, in the order of preference that backtracking would try them in (Pike's virtual machine;
// Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009).
//
// Bytes, not characters. What is understood: literals, . [a-z] [^...] \d \w \s (and \D \W \S), a
// backslash before any other sign, (...) (?:...) | * + ? {m} {m,} {m,n} and their lazy forms, ^ at
// the begin and $ at the end (they change nothing: an expression always matches the whole text).
//
// Immutable once made; matching needs a Matcher, one a thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumbago::formats {

class Pattern {
 public:
  // Longer programs are refused: {m,n} multiplies.
  static constexpr size_t kMostInstructions = 1000;
  // Longer texts match nothing.
  static constexpr size_t kMostText = 512;

  // Errors (kBadInput; `column`: 1-based place of the fault in the expression): not understood, no
  // group, too large.
  static Result<Pattern> Compile(std::string_view expression);

  // Working memory of a match.
  class Matcher {
   public:
    // What the first group holds if `text` matches as a whole.
    std::optional<std::string_view> FirstGroup(const Pattern& pattern, std::string_view text);

   private:
    struct Thread {
      uint32_t at;
      uint32_t begin, end;  // of the group
    };
    void Follow(const Pattern& pattern, Thread thread, uint32_t position);

    std::vector<Thread> now_, next_, waiting_;
    std::vector<uint32_t> seen_;  // by instruction: the last step that reached it
    uint32_t step_ = 0;
  };

 private:
  friend class PatternCompiler;
  enum class Op : uint8_t { kSet, kSplit, kJump, kBegin, kEnd, kMatch };
  struct Instruction {
    Op op;
    int32_t first = 0, second = 0;  // kSplit: preferred and other; kJump: first; from here on
    uint32_t set = 0;               // kSet
  };

  std::vector<Instruction> program_;
  std::vector<std::bitset<256>> sets_;
};

}  // namespace plumbago::formats
