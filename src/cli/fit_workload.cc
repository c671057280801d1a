#include "cli/fit_workload.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>

#include "base/interrupt.h"
#include "base/system_error.h"
#include "engine/characterise.h"
#include "generate/generate_traces.h"

namespace plumbago::cli {
namespace {

// A file that nothing is left of, whatever ends the process; read again by the name that the system
// has for it.
class PilotFile {
 public:
  static Result<PilotFile> Make() {
    const char* const set = std::getenv("TMPDIR");
    PilotFile file;
    file.folder_ = set != nullptr && *set != '\0' ? set : "/tmp";
    file.fd_ = open(file.folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (file.fd_ < 0) {  // the file system has no such files
      std::string name = file.folder_ + "/plumbago-pilot-XXXXXX";
      file.fd_ = mkostemp(name.data(), O_CLOEXEC);
      if (file.fd_ >= 0) unlink(name.c_str());
    }
    if (file.fd_ < 0)
      return SystemFail(errno, "cannot make a temporary file in TMPDIR", file.folder_);
    return file;
  }
  PilotFile(PilotFile&& other) noexcept
      : folder_(std::move(other.folder_)), fd_(std::exchange(other.fd_, -1)) {}
  ~PilotFile() {
    if (fd_ >= 0) close(fd_);
  }

  Result<void> Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = write(fd_, text.data(), text.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemFail(errno, "cannot write a temporary file in TMPDIR", folder_);
      text.remove_prefix(static_cast<size_t>(n));
    }
    return {};
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  PilotFile() = default;
  std::string folder_;
  int fd_ = -1;
};

std::string ValueText(const std::optional<double>& value, document::Unit unit) {
  if (!value) return "not known";
  if (unit == document::Unit::kShare) return fmt::format("{:.4g} %", *value * 100);
  if (unit == document::Unit::kNanoseconds) return fmt::format("{:.4g} ms", *value / 1e6);
  return fmt::format("{:.6g}", *value);
}

}  // namespace

Result<document::Document> ReportOf(const std::vector<std::string>& inputs, unsigned threads) {
  engine::CharacteriseOptions options;
  options.read.inputs = inputs;
  options.read.threads = threads;
  ASSIGN_OR_RETURN(engine::Characterised done, engine::Characterise(options));
  if (done.interrupted)
    return Fail(ErrorKind::kInterrupted, "interrupted while reading; nothing is written");
  return std::move(done.document);
}

Result<generate::Fitted> FitWorkload(const document::Document& wanted,
                                     const generate::TraceOptions& options) {
  const generate::Pilot pilot =
      [](const generate::TraceOptions& pilot_options, const generate::Shape& shape,
         const generate::Selection& selection) -> Result<document::Document> {
    ASSIGN_OR_RETURN(PilotFile file, PilotFile::Make());
    ASSIGN_OR_RETURN(const auto encoder, pilot_options.format->Write());
    ASSIGN_OR_RETURN(
        const auto generated,
        generate::GenerateTraces(
            pilot_options, shape, *encoder, [&](std::string_view text) { return file.Write(text); },
            Interrupted, &selection));
    return ReportOf({file.path()}, pilot_options.threads);
  };
  return generate::Fit(wanted, options, pilot, Interrupted);
}

std::string FitReport(const document::Document& wanted, const document::Document& got) {
  const double rows = static_cast<double>(got.input.rows) /
                      static_cast<double>(std::max<uint64_t>(1, wanted.input.rows));
  const bool as_many = std::abs(rows - 1) < 0.03;
  std::string text;
  size_t compared = 0, near = 0, totals = 0;
  for (const generate::HeadlineMatch& match : generate::MatchHeadlines(wanted, got)) {
    if (match.total && !as_many) {
      ++totals;
      continue;
    }
    ++compared;
    if (match.Error() <= generate::kNear) {
      ++near;
      continue;
    }
    text += fmt::format("  {:<14} {:<28} {} in the input, {} here\n", match.section, match.name,
                        ValueText(match.wanted, match.unit), ValueText(match.got, match.unit));
  }
  std::string head = fmt::format("plumbago: {} of {} headlines are within {:.0f} % of the input's",
                                 near, compared, 100 * generate::kNear);
  if (totals > 0) {
    head += fmt::format("; {} grow with the rows ({:.3g} times as many) and are not compared",
                        totals, rows);
  }
  return head + (near < compared ? "; these are not:\n" : "\n") + text;
}

}  // namespace plumbago::cli
