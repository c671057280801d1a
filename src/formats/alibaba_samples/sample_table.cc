#include "formats/alibaba_samples/sample_table.h"

namespace plumbago::formats::alibaba_samples {
namespace {

using model::Flow;
using model::Measure;

// Real headers first, then the README's.
const ValueSpec k2021Instance[] = {
    {{"instance_cpu_usage", "cpu_utilization"}, Measure::kCpu},
    {{"instance_memory_usage", "memory_utilization"}, Measure::kMemory},
};
const ValueSpec k2021Host[] = {
    {{"node_cpu_usage", "cpu_utilization"}, Measure::kHostCpu},
    {{"node_memory_usage", "memory_utilization"}, Measure::kHostMemory},
};
const ValueSpec k2022Instance[] = {
    {{"cpu_utilization", "instance_cpu_usage"}, Measure::kCpu},
    {{"memory_utilization", "instance_memory_usage"}, Measure::kMemory},
};
const ValueSpec k2022Host[] = {
    {{"cpu_utilization", "node_cpu_usage"}, Measure::kHostCpu},
    {{"memory_utilization", "node_memory_usage"}, Measure::kHostMemory},
};
// Words in the column `metric`. The provider of a message puts it into the queue, so its calls go
// out; the provider of an rpc serves it.
const ValueSpec k2021Metrics[] = {
    {{"providerrpc_mcr"}, Measure::kCallRate, Flow::kRpcIn},
    {{"providerrpc_rt"}, Measure::kLatency, Flow::kRpcIn},
    {{"consumerrpc_mcr"}, Measure::kCallRate, Flow::kRpcOut},
    {{"consumerrpc_rt"}, Measure::kLatency, Flow::kRpcOut},
    {{"http_mcr"}, Measure::kCallRate, Flow::kHttpIn},
    {{"http_rt"}, Measure::kLatency, Flow::kHttpIn},
    {{"providermq_mcr"}, Measure::kCallRate, Flow::kMessageOut},
    {{"providermq_rt"}, Measure::kLatency, Flow::kMessageOut},
    {{"consumermq_mcr"}, Measure::kCallRate, Flow::kMessageIn},
    {{"consumermq_rt"}, Measure::kLatency, Flow::kMessageIn},
};
// In the order of the release.
const ValueSpec k2022Columns[] = {
    {{"providerrpc_rt"}, Measure::kLatency, Flow::kRpcIn},
    {{"providerrpc_mcr"}, Measure::kCallRate, Flow::kRpcIn},
    {{"consumerrpc_rt"}, Measure::kLatency, Flow::kRpcOut},
    {{"consumerrpc_mcr"}, Measure::kCallRate, Flow::kRpcOut},
    {{"writemc_rt"}, Measure::kLatency, Flow::kCacheWrite},
    {{"writemc_mcr"}, Measure::kCallRate, Flow::kCacheWrite},
    {{"readmc_rt"}, Measure::kLatency, Flow::kCacheRead},
    {{"readmc_mcr"}, Measure::kCallRate, Flow::kCacheRead},
    {{"writedb_rt"}, Measure::kLatency, Flow::kDatabaseWrite},
    {{"writedb_mcr"}, Measure::kCallRate, Flow::kDatabaseWrite},
    {{"readdb_rt"}, Measure::kLatency, Flow::kDatabaseRead},
    {{"readdb_mcr"}, Measure::kCallRate, Flow::kDatabaseRead},
    {{"consumermq_rt"}, Measure::kLatency, Flow::kMessageIn},
    {{"consumermq_mcr"}, Measure::kCallRate, Flow::kMessageIn},
    {{"providermq_rt"}, Measure::kLatency, Flow::kMessageOut},
    {{"providermq_mcr"}, Measure::kCallRate, Flow::kMessageOut},
    {{"http_mcr"}, Measure::kCallRate, Flow::kHttpIn},
    {{"http_rt"}, Measure::kLatency, Flow::kHttpIn},
};

}  // namespace

const SampleTable k2021Resources{
    .name = "alibaba-2021-resources",
    .help =
        "MSResource tables of Alibaba's cluster-trace-microservices-v2021 (CSV): "
        "CPU and memory of instances",
    .release = Release::k2021,
    .of_hosts = false,
    .long_rows = false,
    .values = k2021Instance,
    .header = "msname,msinstanceid,nodeid,instance_cpu_usage,instance_memory_usage,timestamp\n",
    .time_last = true,
};
const SampleTable k2021Rates{
    .name = "alibaba-2021-rates",
    .help =
        "MSRTQps tables of Alibaba's cluster-trace-microservices-v2021 (CSV): "
        "call rates and response times of instances",
    .release = Release::k2021,
    .of_hosts = false,
    .long_rows = true,
    .values = k2021Metrics,
    .header = "timestamp,msname,msinstanceid,metric,value\n",
};
const SampleTable k2021Nodes{
    .name = "alibaba-2021-nodes",
    .help =
        "Node tables of Alibaba's cluster-trace-microservices-v2021 (CSV): "
        "CPU and memory of hosts",
    .release = Release::k2021,
    .of_hosts = true,
    .long_rows = false,
    .values = k2021Host,
    .header = "timestamp,nodeid,node_cpu_usage,node_memory_usage\n",
};
const SampleTable k2022Resources{
    .name = "alibaba-2022-resources",
    .help =
        "MSMetrics tables of Alibaba's cluster-trace-microservices-v2022 (CSV): "
        "CPU and memory of instances",
    .release = Release::k2022,
    .of_hosts = false,
    .long_rows = false,
    .values = k2022Instance,
    .header = "timestamp,msname,msinstanceid,nodeid,cpu_utilization,memory_utilization\n",
};
const SampleTable k2022Rates{
    .name = "alibaba-2022-rates",
    .help =
        "MSRTMCR tables of Alibaba's cluster-trace-microservices-v2022 (CSV): "
        "call rates and response times of instances",
    .release = Release::k2022,
    .of_hosts = false,
    .long_rows = false,
    .values = k2022Columns,
    .header =
        "timestamp,msname,msinstanceid,nodeid,providerrpc_rt,providerrpc_mcr,consumerrpc_rt,"
        "consumerrpc_mcr,writemc_rt,writemc_mcr,readmc_rt,readmc_mcr,writedb_rt,writedb_mcr,"
        "readdb_rt,readdb_mcr,consumermq_rt,consumermq_mcr,providermq_rt,providermq_mcr,http_mcr,"
        "http_rt\n",
};
const SampleTable k2022Nodes{
    .name = "alibaba-2022-nodes",
    .help =
        "NodeMetrics tables of Alibaba's cluster-trace-microservices-v2022 (CSV): "
        "CPU and memory of hosts",
    .release = Release::k2022,
    .of_hosts = true,
    .long_rows = false,
    .values = k2022Host,
    .header = "timestamp,nodeid,cpu_utilization,memory_utilization\n",
};

}  // namespace plumbago::formats::alibaba_samples
