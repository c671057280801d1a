#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbago_version.h"

namespace plumbago::cli {
namespace {

constexpr size_t kWidth = 100;

// Words of `text` in lines of at most kWidth columns, each indented; keeps line breaks.
std::string Wrapped(std::string_view text, size_t indent) {
  std::string out;
  size_t at = 0;
  while (at <= text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    size_t column = 0;
    while (!line.empty()) {
      const size_t space = std::min(line.find(' '), line.size());
      if (column != 0 && column + 1 + space > kWidth) {
        out += "\n" + std::string(indent, ' ');
        column = indent;
      } else if (column != 0) {
        out += ' ';
        ++column;
      }
      out.append(line.substr(0, space));
      column += space + (column == 0 ? indent : 0);
      line.remove_prefix(std::min(space + 1, line.size()));
    }
    if (end == text.size()) break;
    out += "\n" + std::string(indent, ' ');
    at = end + 1;
  }
  return out;
}

void AddCommands(bool front_door, size_t column, std::string& out) {
  for (const Command* command : Commands()) {
    if (command->front_door != front_door) continue;
    const std::string label = fmt::format("{} {}", command->name, command->usage);
    out += "  " + label;
    // A label that reaches into the column of the summaries gets a line of its own.
    out += label.size() < column ? std::string(column - label.size(), ' ')
                                 : "\n" + std::string(column + 2, ' ');
    out += Wrapped(command->summary, column + 2) + "\n";
  }
}

}  // namespace

std::string ProgramHelp() {
  constexpr size_t kColumn = 28;
  std::string out =
      "plumbago: point it at a day of traces, and it says who calls whom, what is slow and why,\n"
      "and how much of the truth your data holds.\n\n";
  AddCommands(true, kColumn, out);
  out += "\nalso\n";
  AddCommands(false, kColumn, out);
  out +=
      "\nTry\n"
      "  plumbago generate traces --rows 1000000 --seed 1 --to alibaba-2021 -o traces.csv\n"
      "  plumbago analyze traces.csv\n\n"
      "plumbago COMMAND --help says more. Data goes to standard output, talk to standard error.\n"
      "Exit codes: 0 done, 1 a gate tripped, 2 usage or nothing usable (or --strict and damage),\n"
      "3 the environment failed (disk full, no permission), 130 interrupted: what is printed is "
      "partial.\n";
  return out;
}

std::string CommandHelp(const Command& command) {
  std::string out = fmt::format("plumbago {} {}\n\n{}\n", command.name, command.usage,
                                Wrapped(command.description, 0));
  size_t column = 0;
  const auto label = [](const Flag& flag) {
    return flag.value ? fmt::format("{} {}", flag.name, flag.value) : std::string(flag.name);
  };
  for (const Flag& flag : command.flags) column = std::max(column, label(flag).size() + 2);
  out += "\nflags\n";
  for (const Flag& flag : command.flags) {
    const std::string help =
        flag.fallback ? fmt::format("{} (default: {})", flag.help, flag.fallback) : flag.help;
    out += fmt::format("  {:<{}}{}\n", label(flag), column, Wrapped(help, column + 2));
  }
  out += fmt::format("\nexamples\n{}", command.examples);
  return out;
}

std::string VersionText() {
  return fmt::format("plumbago {} ({}, {})\n", PLUMBAGO_VERSION, PLUMBAGO_COMMIT,
                     PLUMBAGO_COMPILER);
}

}  // namespace plumbago::cli
