// plumbago completions: for bash, zsh and fish, made from the table of commands.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/input_flags.h"

namespace plumbago::cli {
namespace {

// "generate traces" is completed in two words.
std::string FirstWord(const char* name) {
  return std::string(name).substr(0, std::string(name).find(' '));
}

std::string Bash() {
  std::string cases;
  std::string names;
  for (const Command* command : Commands()) {
    const std::string word = FirstWord(command->name);
    names += " " + word;
    std::string flags = "--help";
    for (const Flag& flag : command->flags) flags += fmt::format(" {}", flag.name);
    const std::string rest = std::string(command->name).substr(word.size());
    cases += fmt::format("    {}) words=\"{}{}\" ;;\n", word, flags, rest);
  }
  return fmt::format(
      "_plumbago() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" words=\"\"\n"
      "  case \"${{COMP_CWORD}}:${{COMP_WORDS[1]}}\" in\n"
      "    1:*) words=\"{} help --help --version\" ;;\n"
      "  esac\n"
      "  [ \"$COMP_CWORD\" -gt 1 ] && case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "}}\n"
      "complete -o default -F _plumbago plumbago\n",
      names.substr(1), cases);
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

std::string Zsh() {
  std::string commands;
  std::string cases;
  for (const Command* command : Commands()) {
    const std::string word = FirstWord(command->name);
    commands += fmt::format("    '{}:{}'\n", word, Quoted(command->summary));
    cases += fmt::format("    {}) _arguments", word);
    for (const Flag& flag : command->flags) {
      cases += fmt::format(" '{}[{}]{}'", flag.name, Quoted(flag.help),
                           flag.value ? fmt::format(":{}:_files", Quoted(flag.value)) : "");
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
          FishQuoted(flag.help), flag.value ? " -r" : "");
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
