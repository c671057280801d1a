#include "cli/profile_export.h"

#include <fmt/format.h>

#include <filesystem>

#include "plumbago_version.h"

namespace plumbago::cli {

Result<ProfileFile> OpenProfile(const Arguments& arguments) {
  ProfileFile profile;
  ASSIGN_OR_RETURN(profile.file, OutputFile::Open(arguments.Value("-o").value_or("-")));
  OutputFile* file = profile.file.get();
  profile.put = [file](std::string_view text) { return file->Write(text); };
  return profile;
}

Result<engine::MergedCalls> MergedCallsFrom(const Arguments& arguments) {
  engine::MergedCallsOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  options.critical = arguments.Has("--critical");
  ASSIGN_OR_RETURN(engine::MergedCalls merged, engine::MergeCalls(options));
  if (merged.nodes.empty() && !merged.interrupted) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("nothing is left of {} traces{}", merged.traces,
                            merged.dropped == 0 ? "" : ": --repair leaves them out"));
  }
  if (merged.spans > 0 && merged.spans_untimed == merged.spans) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("none of {} spans has a start and a duration: no profile can be made",
                            merged.spans));
  }
  return merged;
}

render::CallTree TreeOf(const engine::MergedCalls& merged, bool critical) {
  render::CallTree tree;
  tree.time_name = critical ? "critical path" : "own time";
  tree.nodes.reserve(merged.nodes.size());
  for (const engine::MergedCall& call : merged.nodes) {
    tree.nodes.push_back({call.parent, merged.names->Text(call.service),
                          merged.names->Text(call.operation), call.other, call.time_ns,
                          call.calls});
  }
  return tree;
}

int FinishProfile(const Arguments& arguments, const engine::MergedCalls& merged) {
  const auto say = [](const std::string& text) { fmt::print(stderr, "plumbago: {}\n", text); };
  if (merged.dropped > 0) {
    say(fmt::format("{} of {} traces were left out by --repair", merged.dropped, merged.traces));
  }
  if (merged.spans_untimed > 0) {
    say(fmt::format(
        "{} of {} spans have no usable times, or had ended when the span above began: they have "
        "no share in the profile's time",
        merged.spans_untimed, merged.spans));
  }
  if (merged.spans_other > 0) {
    say(fmt::format(
        "{} of {} spans are in frames \"(other)\": more stacks than --memory allows, or deeper "
        "than {} levels",
        merged.spans_other, merged.spans, engine::kMostLevels));
  }
  return ExitCode(arguments, merged.interrupted, DamageText(merged.damage));
}

std::string ExporterName() { return std::string("plumbago ") + PLUMBAGO_VERSION; }

std::string InputsName(const Arguments& arguments) {
  const std::vector<std::string>& inputs = arguments.inputs();
  if (inputs.empty()) return "traces";
  std::filesystem::path path(inputs.front());
  if (!path.has_filename()) path = path.parent_path();
  std::string name = path.filename().string();
  if (inputs.size() > 1) name += fmt::format(" and {} more", inputs.size() - 1);
  return name;
}

}  // namespace plumbago::cli
