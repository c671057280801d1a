// Help texts, made from the table of commands.
#pragma once

#include <string>

#include "cli/command.h"

namespace plumbago::cli {

std::string ProgramHelp();
std::string CommandHelp(const Command& command);
std::string VersionText();

}  // namespace plumbago::cli
