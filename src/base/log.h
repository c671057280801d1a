// Talk on stderr: one line a message, `plumbago: ...`; and one line of status, which messages push
// aside. Thread-safe. Data never goes here.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace plumbago {

enum class LogLevel : uint8_t {
  kError,    // the command failed
  kWarning,  // it went on, but not as it was asked to
  kNote,     // worth knowing; not with --quiet
  kDetail,   // with --verbose only
};

// Messages above this level are left out. Start value: kNote.
void SetLogLevel(LogLevel level);
LogLevel GetLogLevel();

// "plumbago: warning: text". Control characters in `text` (a file's name may hold any) are shown as
// '?'.
void Log(LogLevel level, std::string_view text);
void LogError(const Error& error);

// True if stderr is a terminal that can redraw a line.
bool StderrIsTerminal();
// Shows `text` in place of the status line before; "" erases it. Only for terminals.
void SetStatusLine(std::string_view text);

}  // namespace plumbago
