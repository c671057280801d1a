#include "generate/resource_tables.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "formats/csv_mapped/plain_samples.h"
#include "generate/host_load.h"
#include "model/call_batch.h"

namespace plumbago::generate {
namespace {

using formats::PlainSampleTable;
using model::Measure;
using model::Sample;

constexpr size_t kBatchSamples = 4096;

// Samples through an encoder, in batches.
class Writer {
 public:
  Writer(const ResourceTable& table, const System& system, const TextSink& sink)
      : encoder_(*table.encoder), names_(system.names()), sink_(sink) {
    encoder_.Header(text_);
  }
  // Two values of one row.
  Result<void> Add(Sample sample, Measure first, uint32_t first_load, Measure second,
                   uint32_t second_load) {
    for (const auto& [measure, load] :
         {std::pair(first, first_load), std::pair(second, second_load)}) {
      sample.measure = measure;
      sample.value = static_cast<double>(load) / HostLoad::kWhole;
      batch_.samples.push_back(sample);
    }
    return Flush(kBatchSamples);
  }
  Result<void> Add(const Sample& sample) {
    batch_.samples.push_back(sample);
    return Flush(kBatchSamples);
  }
  Result<void> Flush(size_t least = 0) {
    if (batch_.samples.size() < least) return {};
    encoder_.Encode(batch_, names_, text_);
    batch_.Clear();
    RETURN_IF_ERROR(sink_(text_));
    text_.clear();
    return {};
  }

 private:
  const formats::Encoder& encoder_;
  const model::Names& names_;
  const TextSink& sink_;
  model::CallBatch batch_;
  std::string text_;
};

}  // namespace

Result<std::vector<ResourceTable>> TablesFor(const TraceOptions& options) {
  std::vector<ResourceTable> tables;
  const std::string_view format = options.format->name();
  if (options.resources) {
    const bool released = format.starts_with("alibaba-");
    for (const auto& [what, name, plain] :
         {std::tuple(ResourceTable::kResources, "resources", PlainSampleTable::kResources),
          std::tuple(ResourceTable::kNodes, "nodes", PlainSampleTable::kNodes)}) {
      ResourceTable table{what, name, nullptr};
      if (released) {
        ASSIGN_OR_RETURN(const formats::Format* its_own,
                         formats::FindFormat(fmt::format("{}-{}", format, name)));
        ASSIGN_OR_RETURN(table.encoder, its_own->Write());
      } else {
        table.encoder = std::make_unique<formats::PlainSampleEncoder>(plain);
      }
      tables.push_back(std::move(table));
    }
  }
  // No release names clusters, so this one is plain for all.
  if (options.plants.clusters > 0) {
    tables.push_back({ResourceTable::kPlaces, "places",
                      std::make_unique<formats::PlainSampleEncoder>(PlainSampleTable::kPlaces)});
  }
  return tables;
}

Result<void> WriteTable(const ResourceTable& table, const System& system, uint64_t seed,
                        int64_t last_ms, const TextSink& sink) {
  Writer writer(table, system, sink);
  const HostLoad load(seed, 0);
  const int64_t slices = last_ms < 0 ? 0 : last_ms / HostLoad::kSliceMs + 1;
  Sample sample;
  if (table.what == ResourceTable::kNodes) {
    for (int64_t slice = 0; slice < slices; ++slice) {
      sample.time_ns = slice * HostLoad::kSliceMs * 1'000'000;
      for (uint32_t host = 0; host < system.hosts(); ++host) {
        sample.host = system.HostName(host);
        RETURN_IF_ERROR(writer.Add(sample, Measure::kHostCpu, load.Cpu(host, slice),
                                   Measure::kHostMemory, load.Memory(host, slice)));
      }
    }
    return writer.Flush();
  }
  const auto for_each_pod = [&](const auto& add) -> Result<void> {
    for (const Service& service : system.services()) {
      for (uint32_t pod = service.first_pod; pod < service.first_pod + service.pods; ++pod) {
        sample.service = service.name;
        sample.instance = Id<model::InstanceId>(pod);
        RETURN_IF_ERROR(add(pod, system.HostOf(sample.instance)));
      }
    }
    return {};
  };
  if (table.what == ResourceTable::kPlaces) {
    sample.measure = Measure::kCluster;
    RETURN_IF_ERROR(for_each_pod([&](uint32_t, uint32_t host) {
      sample.host = system.ClusterName(system.ClusterOf(host));
      return writer.Add(sample);
    }));
    return writer.Flush();
  }
  for (int64_t slice = 0; slice < slices; ++slice) {
    sample.time_ns = slice * HostLoad::kSliceMs * 1'000'000;
    RETURN_IF_ERROR(for_each_pod([&](uint32_t pod, uint32_t host) {
      sample.host = system.HostName(host);
      return writer.Add(sample, Measure::kCpu, load.InstanceCpu(pod, host, slice), Measure::kMemory,
                        load.InstanceMemory(pod, slice));
    }));
  }
  return writer.Flush();
}

}  // namespace plumbago::generate
