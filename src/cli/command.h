// A command of the program: how it is called, what it does, and the table of its flags. Help, man
// pages, completions and parsing are all made from this one description.
//
// To add a command: write NAME_command.cc with a `const Command kName{...}`, and list it in
// commands.cc.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumbago::cli {

struct Flag {
  const char* name;                // "--threads"; short ones only where custom has them: "-o"
  const char* value;               // "N", or nullptr for a switch
  const char* help;                // a phrase
  const char* fallback = nullptr;  // what holds without it, as text
};

// What the user wrote, checked against the command's flags.
class Arguments {
 public:
  // Errors (kUsage): an unknown flag (with the nearest), a missing value.
  static Result<Arguments> Parse(std::span<const Flag> flags, std::span<const std::string> words);

  bool Has(std::string_view flag) const;
  // The last value given.
  std::optional<std::string> Value(std::string_view flag) const;
  // All values given, each split at commas.
  std::vector<std::string> List(std::string_view flag) const;
  // A whole number in [low, high]; `fallback` when not given. Errors: kUsage.
  Result<uint64_t> Number(std::string_view flag, uint64_t fallback, uint64_t low,
                          uint64_t high) const;
  const std::vector<std::string>& inputs() const { return inputs_; }

 private:
  std::vector<std::pair<std::string, std::string>> given_;
  std::vector<std::string> inputs_;
};

struct Command {
  const char* name;     // "analyze"; two words where the second is what is made: "generate traces"
  const char* summary;  // one line
  const char* usage;    // "INPUT..."
  const char* description;  // paragraphs
  std::span<const Flag> flags;
  const char* examples;  // lines, each a command with a comment
  bool front_door;       // one of the main jobs; the others come under "also"
  // Exit code, or an error that is printed and decides it.
  Result<int> (*run)(const Arguments& arguments);
};

std::span<const Command* const> Commands();

inline constexpr int kExitDone = 0;
inline constexpr int kExitGate = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitEnvironment = 3;
inline constexpr int kExitInterrupted = 130;

}  // namespace plumbago::cli
