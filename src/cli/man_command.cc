// plumbago man: the manual page of the program or of one command, in roff, made from the table of
// commands.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/input_flags.h"

namespace plumbago::cli {
namespace {

// Text as roff reads it: no line begins with a dot or quote, minus signs stay minus signs.
std::string Roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
      (out += "\\&") += c;
    else
      out += c;
  }
  return out;
}

std::string ProgramPage() {
  std::string out =
      ".TH PLUMBAGO 1\n.SH NAME\nplumbago \\- who calls whom, what is slow and why, and how much "
      "of the truth your data holds\n.SH SYNOPSIS\n.B plumbago\n.I COMMAND\n[flags] "
      "[input...]\n.SH COMMANDS\n";
  for (const Command* command : Commands()) {
    out += fmt::format(".TP\n.B {} {}\n{}\n", Roff(command->name), Roff(command->usage),
                       Roff(command->summary));
  }
  out +=
      ".SH EXIT STATUS\n0 done; 1 a gate tripped; 2 usage, nothing usable, or \\-\\-strict and "
      "damage; 3 the environment failed; 130 interrupted, the result is partial.\n";
  return out;
}

std::string CommandPage(const Command& command) {
  std::string name(command.name);
  for (char& c : name) c = c == ' ' ? '-' : c;
  std::string out = fmt::format(
      ".TH PLUMBAGO-{} 1\n.SH NAME\nplumbago-{} \\- {}\n.SH SYNOPSIS\n.B plumbago {}\n{}\n", name,
      Roff(name), Roff(command.summary), Roff(command.name), Roff(command.usage));
  out += fmt::format(".SH DESCRIPTION\n{}\n", Roff(command.description));
  if (!command.flags.empty()) out += ".SH OPTIONS\n";
  for (const Flag& flag : command.flags) {
    out += fmt::format(".TP\n.B {} {}\n{}{}\n", Roff(flag.name), flag.value ? Roff(flag.value) : "",
                       Roff(flag.help),
                       flag.fallback ? Roff(fmt::format(" (default: {})", flag.fallback)) : "");
  }
  out += fmt::format(".SH EXAMPLES\n.nf\n{}.fi\n", Roff(command.examples));
  return out;
}

Result<int> Run(const Arguments& arguments) {
  std::string name;
  for (const std::string& word : arguments.inputs()) name += (name.empty() ? "" : " ") + word;
  if (name.empty()) {
    RETURN_IF_ERROR(WriteWhole("-", ProgramPage()));
    return kExitDone;
  }
  for (const Command* command : Commands()) {
    if (name != command->name) continue;
    RETURN_IF_ERROR(WriteWhole("-", CommandPage(*command)));
    return kExitDone;
  }
  return Fail(ErrorKind::kUsage, fmt::format("there is no command '{}'", name));
}

}  // namespace

extern const Command kMan;
const Command kMan{
    "man",       "print the manual page of the program or of a command",
    "[COMMAND]", "Prints a manual page in roff, for man(1).",
    {},          "  plumbago man analyze | man -l -\n",
    false,       Run,
};

}  // namespace plumbago::cli
