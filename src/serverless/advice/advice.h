// From a workload to a setting per service and platform: what it costs, what it saves against
// today's, and what the platform's limits cost (docs/design/0022-advice.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "serverless/advice/app_replay.h"
#include "serverless/advice/platform.h"
#include "serverless/advice/setting.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

struct AdviceOptions {
  double lambda = 600;  // seconds of idle loaded time that a cold start is worth
  // Instead: the least idle time with at most this share (0..1) of cold invocations.
  std::optional<double> most_cold;
  std::optional<uint32_t> today;  // lifetime today, seconds; none: each platform's own default
  uint32_t slots = 100;           // requests that an instance serves at once
};

enum class AdviceVerdict : uint8_t {
  kChange,        // another setting was cheaper where it was chosen, and on the rest
  kKeep,          // today's is the best
  kNotConfirmed,  // what was chosen was no cheaper on the rest: today's stays
  kCannotSay,     // too little data: today's stays
};
const char* AdviceVerdictName(AdviceVerdict verdict);  // "change", "keep", ...

// On the part of the data that chose nothing, a day of it.
struct DailyCost {
  double cold = 0;          // cold starts
  double idle_seconds = 0;  // of idle loaded instances
  double invocations = 0;

  double cold_share() const { return invocations > 0 ? cold / invocations : 0; }
};

// What a platform cannot do, and what it would bring.
struct LimitCost {
  Setting best;  // without the limit
  DailyCost cost;
  std::string limit;  // that binds
};

struct ServiceAdvice {
  size_t app = 0;  // of Workload::apps
  AdviceVerdict verdict = AdviceVerdict::kCannotSay;
  std::string reason;
  Setting today, chosen;  // chosen: on the training part, whatever the verdict
  DailyCost today_cost, chosen_cost;
  double saves = 0;                    // lambda x cold starts + idle seconds, a day
  std::optional<double> saves_within;  // half the 95 % interval of `saves`
  std::vector<double> block_saves;     // the same of each block of the rest; empty: nothing changes
  uint64_t idle_times_training = 0, idle_times_rest = 0;
  std::optional<LimitCost> limit;

  const Setting& advised() const { return verdict == AdviceVerdict::kChange ? chosen : today; }
};

// Applications by their weight. `chosen` sums what was chosen before the rest was looked at, also
// where it was not confirmed: an estimate that no luck has picked.
struct AdviceTotals {
  DailyCost today, chosen;
  double today_gb_seconds = 0, chosen_gb_seconds = 0;  // a day, of those whose memory is known
  double saves = 0;
  std::optional<double> saves_within;  // half the 95 % interval of `saves`; none: nothing changes
  uint64_t services = 0, with_memory = 0;
  uint64_t change = 0, keep = 0, not_confirmed = 0, cannot_say = 0;
};

struct PlatformAdvice {
  PlatformKind platform;
  std::vector<ServiceAdvice> services;  // those that save most first
  AdviceTotals totals;
};

struct Advice {
  AdviceOptions options;
  DataParts parts;
  std::vector<PlatformAdvice> platforms;
};

// Half the 95 % interval of the mean of what blocks of equal length save: batch means (Law and
// Kelton, Simulation Modeling and Analysis), blocks taken as independent. `blocks`: kAdviceBlocks.
inline constexpr uint32_t kAdviceBlocks = 8;  // of whole hours, mostly: no timer's beat as noise
double BatchMeansWithin(std::span<const double> blocks);

// Two thirds of the minutes choose, the rest judges.
DataParts PartsOf(const Workload& load);

// The same for any number of threads. Stops between applications once Interrupted(): those that are
// missing cannot be said.
Advice Advise(const Workload& load, std::span<const PlatformKind> platforms,
              const AdviceOptions& options, unsigned threads);

}  // namespace plumbago::serverless
