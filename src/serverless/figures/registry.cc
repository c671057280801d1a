// The sections of `functions analyze` in the order of the report.
#include "serverless/figures/durations.h"
#include "serverless/figures/figures.h"
#include "serverless/figures/functions_per_app.h"
#include "serverless/figures/gap_variation.h"
#include "serverless/figures/hours.h"
#include "serverless/figures/memory.h"
#include "serverless/figures/periods.h"
#include "serverless/figures/popularity.h"
#include "serverless/figures/starts.h"
#include "serverless/figures/together.h"
#include "serverless/figures/triggers.h"

namespace plumbago::serverless {
namespace {

constexpr FigureSection kSections[] = {
    {"popularity", "Popularity", "How often are applications and functions invoked?",
     "ATC'20 section 3.3, figures 5a and 5b", Popularity},
    {"functions-per-app", "Functions of applications", "How many functions do applications have?",
     "ATC'20 section 3.2, figure 1", FunctionsPerApp},
    {"triggers", "Triggers", "What invokes functions, and what do applications combine?",
     "ATC'20 section 3.2, figures 2, 3a and 3b", Triggers},
    {"hours", "Hours and days", "When are functions invoked?", "ATC'20 section 3.3, figure 4",
     Hours},
    {"gap-variation", "Regularity", "How irregular are the gaps between invocations?",
     "ATC'20 section 3.3, figure 6; Goh, Barabasi, EPL 81 (2008)", GapVariation},
    {"periods", "Periods", "Which functions are invoked by a clock, and when?",
     "docs/design/0021-function-figures.md; Benjamini, Hochberg, JRSS B 57 (1995)", Periods},
    {"together", "Invoked together", "Which applications of an owner go together?",
     "after Defuse, ICDCS'21; Benjamini, Hochberg, JRSS B 57 (1995)", Together},
    {"durations", "Execution times", "How long do executions take?", "ATC'20 section 3.4, figure 7",
     Durations},
    {"memory", "Memory", "What do applications allocate?", "ATC'20 section 3.5, figure 8", Memory},
    {"starts", "Starts of instances", "How long do cold starts take, and how often do they come?",
     "EuroSys'25, figure 10 (Huawei)", Starts},
};

}  // namespace

std::span<const FigureSection> FigureSections() { return kSections; }

}  // namespace plumbago::serverless
