#include "cli/fit_workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/interrupt.h"
#include "base/spill_file.h"
#include "engine/characterise.h"
#include "generate/generate_traces.h"

namespace plumbago::cli {
namespace {

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
    SpillFile file;
    ASSIGN_OR_RETURN(const auto encoder, pilot_options.format->Write());
    ASSIGN_OR_RETURN(const auto generated,
                     generate::GenerateTraces(
                         pilot_options, shape, *encoder,
                         [&](std::string_view text) -> Result<void> {
                           RETURN_IF_ERROR(file.Append(text));  // one piece behind the other
                           return {};
                         },
                         Interrupted, &selection));
    return ReportOf({file.Path()}, pilot_options.threads);
  };
  return generate::Fit(wanted, options, pilot, Interrupted);
}

std::string FitReport(const document::Document& wanted, const document::Document& got) {
  const double rows = static_cast<double>(got.input.rows) /
                      static_cast<double>(std::max<uint64_t>(1, wanted.input.rows));
  const bool as_many = std::abs(rows - 1) < 0.03;
  std::string text;
  size_t compared = 0, near = 0, totals = 0, beside = 0, beside_near = 0;
  for (const generate::HeadlineMatch& match : generate::MatchHeadlines(wanted, got)) {
    if (match.total && !as_many) {
      ++totals;
      continue;
    }
    const bool is_near = match.Error() <= generate::kNear;
    ++(match.aimed ? compared : beside);
    if (is_near) ++(match.aimed ? near : beside_near);
    if (is_near) continue;
    text += fmt::format("  {:<14} {:<28} {} in the input, {} here\n", match.section, match.name,
                        ValueText(match.wanted, match.unit), ValueText(match.got, match.unit));
  }
  std::string head = fmt::format("plumbago: {} of {} headlines are within {:.0f} % of the input's",
                                 near, compared, 100 * generate::kNear);
  if (beside > 0) head += fmt::format(", and {} of {} that no fit aims at", beside_near, beside);
  if (totals > 0) {
    head += fmt::format("; {} grow with the rows ({:.3g} times as many) and are not compared",
                        totals, rows);
  }
  return head + (near + beside_near < compared + beside ? "; these are not:\n" : "\n") + text;
}

}  // namespace plumbago::cli
