// Figures 1 to 8 of "Serverless in the Wild" (Shahrad et al., USENIX ATC 2020), as numbers: the
// paper's curves and those of the released trace.
//
// Read off the pictures of the release's own validation notebook (Azure/AzurePublicDataset,
// analysis/, CC-BY 4.0), to about 0.01. At each x two values were read; which of them is the
// paper's (drawn solid) and which the release's (dashed) was told by eye for each curve, so where
// they lie within 0.01 of each other they may be exchanged. Values of the shares by trigger
// (figures 2 and 3) stand in the pictures as text.
#pragma once

#include <span>
#include <string_view>

#include "document/document.h"
#include "model/function_rows.h"

namespace plumbago::serverless {

inline constexpr const char* kAtc20 = "Serverless in the Wild, ATC'20";

// x as in the picture: functions (x.5: at most the whole number below), invocations a day, share of
// the most popular, CV, seconds, MB. y: a share.
struct PublishedCurve {
  std::string_view figure;  // "1", "5a", "5b", "6", "7", "8"
  std::string_view series;  // "apps", "only timers"
  std::span<const document::Point> paper, release;
};
std::span<const PublishedCurve> Atc20Curves();
// Nothing drawn where there is no such curve.
PublishedCurve Atc20Curve(std::string_view figure, std::string_view series);

// Figure 4: invocations of each hour from Monday 2019-07-15 00:00 UTC on (14 days), of their mean.
std::span<const double> Atc20PaperHours();
std::span<const double> Atc20ReleaseHours();

// Figures 2 and 3a, percent: of functions, of invocations, of applications with at least one.
struct PublishedTrigger {
  model::Trigger trigger;
  double paper_functions, paper_invocations, release_functions, release_invocations;
  double paper_apps, release_apps;
};
std::span<const PublishedTrigger> Atc20Triggers();

// Figure 3b: applications with exactly these triggers, percent. Letters as TriggerLetter has them.
struct PublishedTriggerSet {
  const char* letters;  // "HTQ"
  double paper, release;
};
std::span<const PublishedTriggerSet> Atc20TriggerSets();

// H, Q, E, O (orchestration), T, S, o (others); '?' where the trigger is not known.
char TriggerLetter(model::Trigger trigger);

// Fits of section 3.4 and 3.5. Log-normal of average execution times in seconds; Burr XII of
// average allocated memory in MB.
inline constexpr double kAtc20DurationLogMean = -0.38, kAtc20DurationSigma = 2.36;
inline constexpr double kAtc20MemoryC = 11.652, kAtc20MemoryK = 0.221, kAtc20MemoryLambda = 107.083;

}  // namespace plumbago::serverless
