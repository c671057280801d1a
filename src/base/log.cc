#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

namespace plumbago {

namespace {

std::atomic<LogLevel> shown_level{LogLevel::kNote};
std::mutex mutex;
constexpr std::string_view kErase = "\r\033[K";

std::string& StatusLine() {
  static std::string line;
  return line;
}

void WriteToStderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;  // nowhere left to complain
    if (n > 0) text.remove_prefix(static_cast<size_t>(n));
  }
}

std::string_view Prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return "plumbago: error: ";
    case LogLevel::kWarning:
      return "plumbago: warning: ";
    default:
      return "plumbago: ";
  }
}

}  // namespace

void SetLogLevel(LogLevel level) { shown_level = level; }
LogLevel GetLogLevel() { return shown_level; }

void Log(LogLevel level, std::string_view text) {
  if (level > shown_level.load()) return;
  std::string line(Prefix(level));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  line += '\n';
  const std::lock_guard lock(mutex);
  if (!StatusLine().empty()) {
    line.insert(0, kErase);
    line += StatusLine();
  }
  WriteToStderr(line);
}

void LogError(const Error& error) { Log(LogLevel::kError, error.Text()); }

bool StderrIsTerminal() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

void SetStatusLine(std::string_view text) {
  const std::lock_guard lock(mutex);
  std::string& line = StatusLine();
  if (line == text) return;
  line = text;
  WriteToStderr(std::string(kErase) + line);
}

}  // namespace plumbago
