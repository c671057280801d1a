// The arguments of a command as the files that they mean.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumbago {

// "NAME=http://..." or "NAME=https://...", NAME in lower-case letters: no file, but a server that
// is asked. Who knows the name knows what to do with it.
bool IsAddress(std::string_view argument);

struct InputFile {
  std::string path;    // as given, or below the folder that was given; "-" is standard input
  bool named = true;   // given by name (or "-"), not found in a folder or by a glob
  uint64_t bytes = 0;  // on disk; 0 for a pipe
};

// Each argument is a file, a folder (searched through, hidden names and our own temporary files
// left out), a glob (also `**`, over folders), an address, or "-". Folders and globs give regular
// files only (and links that lead nowhere: opening them says so); pipes and devices must be named.
// Sorted by path; a file that is meant twice is there once. Errors: kNotFound, with the nearest
// name where a file is missing; a named link that leads nowhere; a folder without a file, a glob
// without a match.
Result<std::vector<InputFile>> FindInputFiles(std::span<const std::string> arguments);

// True if `name` matches `pattern`: * and ? (never a slash), ** (any folders), [a-z], [!a-z],
// \ quotes.
bool GlobMatches(std::string_view pattern, std::string_view name);

}  // namespace plumbago
