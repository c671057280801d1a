#include "serverless/workload_builder.h"

#include "base/worker_threads.h"
#include "serverless/app_join.h"
#include "serverless/duration_builder.h"
#include "serverless/execution_builder.h"
#include "serverless/memory_builder.h"
#include "serverless/minute_builder.h"

namespace plumbago::serverless {

Result<Workload> BuildWorkload(std::vector<FunctionCollector>& collectors, model::Names& names) {
  model::NameRanks ranks;
  ranks.services = names.services.Sort();
  ranks.operations = names.operations.Sort();
  ranks.instances = names.instances.Sort();
  RETURN_IF_ERROR(RunOnThreads(static_cast<unsigned>(collectors.size()),
                               [&](unsigned thread) { collectors[thread].Renumber(ranks); }));
  Workload load;
  // Who was invoked comes first: the other tables join those.
  RETURN_IF_ERROR(BuildMinutes(collectors, names, load));
  BuildExecutions(collectors, names, load);
  AppJoin join(load);
  BuildDurations(collectors, names, join, load);
  BuildMemory(collectors, names, join, load);
  join.Finish(load);
  return load;
}

}  // namespace plumbago::serverless
