// plumbago completions: for bash, zsh and fish, made from the table of commands.
#include <fmt/format.h>

#include <set>
#include <string>

#include "analysis/analysis.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "engine/completeness_section.h"
#include "formats/format.h"
#include "graph/repair_mode.h"

namespace plumbago::cli {
namespace {

// "generate traces" is completed in two words.
std::string FirstWord(const char* name) {
  return std::string(name).substr(0, std::string(name).find(' '));
}

// Values that a flag takes, where they are a known few; "" for files and numbers.
std::string KnownValues(const Flag& flag) {
  const std::string_view name = flag.name;
  std::string values;
  if (name == "--repair") {
    for (uint8_t i = 0; i < graph::kRepairModes; ++i) {
      values += fmt::format("{} ", graph::RepairModeName(static_cast<graph::RepairMode>(i)));
    }
  } else if (name == "--format" || name == "--to") {
    for (const formats::Format* format : formats::Formats()) {
      values += fmt::format("{} ", format->name());
    }
  } else if (name == "--only" || name == "--skip" || name == "--section") {
    values = fmt::format("{} ", engine::kCompletenessDescription.id);
    for (const analysis::AnyAnalysis& a : analysis::Analyses()) {
      values += fmt::format("{} ", a.description->id);
    }
  } else if (name == "--order") {
    values = "time trace ";
  }
  if (!values.empty()) values.pop_back();
  return values;
}

// Words that may follow a command's first: the second of "generate traces", shells, commands.
std::string Followers(const Command& command) {
  const std::string name = command.name;
  const size_t space = name.find(' ');
  if (space != std::string::npos) return name.substr(space + 1);
  if (name == "completions") return "bash zsh fish";
  std::string names;
  if (name == "man") {
    for (const Command* other : Commands()) names += FirstWord(other->name) + " ";
  }
  return names;
}

// Flags are offered for a word that begins with a dash, values after a flag that takes a known few;
// where nothing is offered, bash completes files.
std::string Bash() {
  std::string names;
  std::string flags;
  std::string followers;
  std::string values;
  std::set<std::string> seen;
  for (const Command* command : Commands()) {
    const std::string word = FirstWord(command->name);
    names += word + " ";
    flags += fmt::format("    {}) words=\"--help", word);
    for (const Flag& flag : command->flags) {
      flags += fmt::format(" {}", flag.name);
      const std::string known = KnownValues(flag);
      if (!known.empty() && seen.insert(flag.name).second) {
        values += fmt::format("    {}) words=\"{}\" ;;\n", flag.name, known);
      }
    }
    flags += "\" ;;\n";
    const std::string follow = Followers(*command);
    if (!follow.empty()) followers += fmt::format("    {}) words=\"{}\" ;;\n", word, follow);
  }
  return fmt::format(
      "_plumbago() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" before=\"${{COMP_WORDS[COMP_CWORD-1]}}\" "
      "words=\"\"\n"
      "  if [ \"$COMP_CWORD\" = 1 ]; then words=\"{}help --help --version\"\n"
      "  elif [ \"${{word:0:1}}\" = - ]; then case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
      "  else case \"$before\" in\n{}  esac\n"
      "    [ \"$COMP_CWORD\" = 2 ] && case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
      "  fi\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "}}\n"
      "complete -o default -F _plumbago plumbago\n",
      names, flags, values, followers);
}

std::string Quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':')
      (out += '\\') += c;
    else
      out += c;
  }
  return out;
}

std::string ZshValues(const Flag& flag) {
  const std::string known = KnownValues(flag);
  return known.empty() ? "_files" : "(" + known + ")";
}

std::string Zsh() {
  std::string commands;
  std::string cases;
  for (const Command* command : Commands()) {
    const std::string word = FirstWord(command->name);
    commands += fmt::format("    '{}:{}'\n", word, Quoted(command->summary));
    cases += fmt::format("    {}) _arguments", word);
    for (const Flag& flag : command->flags) {
      cases +=
          fmt::format(" '{}[{}]{}'", flag.name, Quoted(flag.help),
                      flag.value ? fmt::format(":{}:{}", Quoted(flag.value), ZshValues(flag)) : "");
    }
    cases += " '*:input:_files' ;;\n";
  }
  return fmt::format(
      "#compdef plumbago\n"
      "local -a commands=(\n{})\n"
      "if (( CURRENT == 2 )); then _describe command commands; else\n"
      "  case \"$words[2]\" in\n{}  esac\nfi\n",
      commands, cases);
}

std::string FishQuoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string FishValues(const Flag& flag) {
  if (flag.value == nullptr) return "";
  const std::string known = KnownValues(flag);
  return known.empty() ? " -r" : fmt::format(" -x -a '{}'", known);
}

std::string Fish() {
  std::string out;
  for (const Command* command : Commands()) {
    const std::string word = FirstWord(command->name);
    out += fmt::format("complete -c plumbago -n __fish_use_subcommand -a {} -d '{}'\n", word,
                       FishQuoted(command->summary));
    for (const Flag& flag : command->flags) {
      const std::string_view name = flag.name;
      out += fmt::format(
          "complete -c plumbago -n '__fish_seen_subcommand_from {}' {} {} -d '{}'{}\n", word,
          name.starts_with("--") ? "-l" : "-s", name.substr(name.starts_with("--") ? 2 : 1),
          FishQuoted(flag.help), FishValues(flag));
    }
  }
  return out;
}

Result<int> Run(const Arguments& arguments) {
  const std::string shell = arguments.inputs().size() == 1 ? arguments.inputs()[0] : "";
  if (shell != "bash" && shell != "zsh" && shell != "fish") {
    return Fail(ErrorKind::kUsage, "name one shell: bash, zsh or fish");
  }
  RETURN_IF_ERROR(WriteWhole("-", shell == "bash" ? Bash() : shell == "zsh" ? Zsh() : Fish()));
  return kExitDone;
}

}  // namespace

extern const Command kCompletions;
const Command kCompletions{
    "completions",
    "print completions for a shell",
    "bash|zsh|fish",
    "Prints a script that completes commands and flags in the named shell.",
    {},
    "  plumbago completions bash > /etc/bash_completion.d/plumbago\n"
    "  plumbago completions fish > ~/.config/fish/completions/plumbago.fish\n",
    false,
    Run,
};

}  // namespace plumbago::cli
