// Samples in the plain layout of the format `csv`: three tables beside generated traces, each read
// without a map (examples/maps/plumbago.toml).
//
//   resources  time_ns,service,instance,host,cpu,memory   a row an instance and moment
//   nodes      time_ns,host,host_cpu,host_memory          a row a host and moment
//   places     instance,cluster                           a row a sample of measure kCluster
//
// Values of one moment and instance (host) that stand side by side in a batch share a row; a sample
// that the table has no column for is left out.
#pragma once

#include <string>

#include "formats/format.h"

namespace plumbago::formats {

enum class PlainSampleTable : uint8_t { kResources, kNodes, kPlaces };

// Immutable; any number of threads.
class PlainSampleEncoder final : public Encoder {
 public:
  explicit PlainSampleEncoder(PlainSampleTable table) : table_(table) {}
  void Header(std::string& out) const override;
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;

 private:
  PlainSampleTable table_;
};

}  // namespace plumbago::formats
