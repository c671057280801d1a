// Names of the files that we are writing aside, where a signal handler finds them.
//
// A fixed array of names, so that UnlinkTemporaryNames is async-signal-safe: it takes no lock and
// allocates nothing. Adding and removing are thread-safe.
#pragma once

#include <string>

namespace plumbago {

// Remembers `path`. Returns a slot for ForgetTemporaryName, or -1: no slot is free (64 are there)
// or the name is too long; the file is then not removed when a signal ends the process.
int RememberTemporaryName(const std::string& path);
void ForgetTemporaryName(int slot);

// Unlinks every file that is remembered. Async-signal-safe.
void UnlinkTemporaryNames();

}  // namespace plumbago
