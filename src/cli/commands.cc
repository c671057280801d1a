#include "cli/command.h"

namespace plumbago::cli {

extern const Command kAnalyze;
extern const Command kConvert;
extern const Command kMerge;
extern const Command kTraces;
extern const Command kExportGraph;
extern const Command kExportFolded;
extern const Command kExportSpeedscope;
extern const Command kExportChromeTrace;
extern const Command kExportPprof;
extern const Command kExportPrometheus;
extern const Command kGenerateInvocations;
extern const Command kGenerateTraces;
extern const Command kFunctionsAdvise;
extern const Command kFunctionsAnalyze;
extern const Command kFunctionsSimulate;
extern const Command kCompletions;
extern const Command kMan;

std::span<const Command* const> Commands() {
  static const Command* const kCommands[] = {&kAnalyze,
                                             &kTraces,
                                             &kConvert,
                                             &kMerge,
                                             &kExportGraph,
                                             &kExportFolded,
                                             &kExportSpeedscope,
                                             &kExportChromeTrace,
                                             &kExportPprof,
                                             &kExportPrometheus,
                                             &kGenerateTraces,
                                             &kGenerateInvocations,
                                             &kFunctionsAnalyze,
                                             &kFunctionsSimulate,
                                             &kFunctionsAdvise,
                                             &kCompletions,
                                             &kMan};
  return kCommands;
}

}  // namespace plumbago::cli
