#include "formats/csv_mapped/plain_samples.h"

#include <charconv>
#include <span>

#include "formats/csv/row_writer.h"

namespace plumbago::formats {
namespace {

using model::Measure;
using model::Sample;

constexpr size_t kNumberBound = 32;

// The measures of a table's two columns of values.
struct Columns {
  Measure first, second;
  bool has(Measure measure) const { return measure == first || measure == second; }
};

bool SameRow(const Sample& a, const Sample& b) {
  return a.time_ns == b.time_ns && a.service == b.service && a.instance == b.instance &&
         a.host == b.host;
}

void Number(double value, csv::RowWriter& writer) {
  writer.set_at(std::to_chars(writer.at(), writer.at() + kNumberBound, value).ptr);
}

}  // namespace

void PlainSampleEncoder::Header(std::string& out) const {
  switch (table_) {
    case PlainSampleTable::kResources:
      out += "time_ns,service,instance,host,cpu,memory\n";
      return;
    case PlainSampleTable::kNodes:
      out += "time_ns,host,host_cpu,host_memory\n";
      return;
    case PlainSampleTable::kPlaces:
      out += "instance,cluster\n";
      return;
  }
}

void PlainSampleEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                                std::string& out) const {
  csv::RowWriter writer(out);
  const auto begin = [&](const Sample& sample) {
    writer.Begin(csv::TextBound(names.Text(sample.service)) +
                 csv::TextBound(names.Text(sample.instance)) +
                 csv::TextBound(names.Text(sample.host)) + 3 * kNumberBound + 8);
  };
  if (table_ == PlainSampleTable::kPlaces) {
    for (const Sample& sample : batch.samples) {
      if (sample.measure != Measure::kCluster) continue;
      begin(sample);
      writer.Text(names.Text(sample.instance)), writer.Comma();
      writer.Text(names.Text(sample.host)), writer.End();
    }
    return;
  }
  const bool nodes = table_ == PlainSampleTable::kNodes;
  const Columns columns = nodes ? Columns{Measure::kHostCpu, Measure::kHostMemory}
                                : Columns{Measure::kCpu, Measure::kMemory};
  const std::span<const Sample> samples(batch.samples);
  for (size_t i = 0; i < samples.size();) {
    if (!columns.has(samples[i].measure)) {
      ++i;
      continue;
    }
    const Sample& row = samples[i];
    const Sample* values[2] = {};
    for (; i < samples.size() && SameRow(samples[i], row); ++i) {
      if (!columns.has(samples[i].measure)) continue;
      const Sample*& value = values[samples[i].measure == columns.second];
      if (value != nullptr) break;  // the same twice: another row
      value = &samples[i];
    }
    begin(row);
    writer.set_at(std::to_chars(writer.at(), writer.at() + kNumberBound, row.time_ns).ptr);
    writer.Comma();
    if (!nodes) {
      writer.Text(names.Text(row.service)), writer.Comma();
      writer.Text(names.Text(row.instance)), writer.Comma();
    }
    writer.Text(names.Text(row.host)), writer.Comma();
    if (values[0] != nullptr) Number(values[0]->value, writer);
    writer.Comma();
    if (values[1] != nullptr) Number(values[1]->value, writer);
    writer.End();
  }
}

}  // namespace plumbago::formats
