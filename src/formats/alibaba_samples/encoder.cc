#include "formats/alibaba_samples/encoder.h"

#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "formats/alibaba/words.h"
#include "formats/csv/row_writer.h"

namespace plumbago::formats::alibaba_samples {
namespace {

using model::Measure;
using model::Sample;

constexpr size_t kNumberBound = 32;
constexpr size_t kMostValues = 18;
constexpr size_t kNone = std::numeric_limits<size_t>::max();

// Which of the table's values a sample is; kNone: none.
size_t PlaceOf(const SampleTable& table, const Sample& sample) {
  for (size_t i = 0; i < table.values.size(); ++i) {
    if (table.values[i].measure == sample.measure && table.values[i].flow == sample.flow) return i;
  }
  return kNone;
}

void Number(double value, csv::RowWriter& writer) {
  writer.set_at(std::to_chars(writer.at(), writer.at() + kNumberBound, value).ptr);
}

void Value(const Sample& sample, csv::RowWriter& writer) {
  Number(sample.measure == Measure::kLatency ? sample.value / 1e6 : sample.value, writer);
}

void Time(const SampleTable& table, int64_t time_ns, csv::RowWriter& writer) {
  const bool since_epoch =
      time_ns >= alibaba::kEpoch2021Ns &&
      (table.release == Release::k2022 || time_ns - alibaba::kEpoch2021Ns < alibaba::kAbsoluteNs);
  writer.Milliseconds(since_epoch ? time_ns - alibaba::kEpoch2021Ns : time_ns);
}

// As the releases write them: "providerRPC_MCR", "HTTP_RT".
std::string_view MetricWord(const Sample& sample) {
  const bool rate = sample.measure == Measure::kCallRate;
  switch (sample.flow) {
    case model::Flow::kRpcIn:
      return rate ? "providerRPC_MCR" : "providerRPC_RT";
    case model::Flow::kRpcOut:
      return rate ? "consumerRPC_MCR" : "consumerRPC_RT";
    case model::Flow::kHttpIn:
      return rate ? "HTTP_MCR" : "HTTP_RT";
    case model::Flow::kMessageOut:
      return rate ? "providerMQ_MCR" : "providerMQ_RT";
    case model::Flow::kMessageIn:
      return rate ? "consumerMQ_MCR" : "consumerMQ_RT";
    default:
      return "";
  }
}

bool SameRow(const Sample& a, const Sample& b) {
  return a.time_ns == b.time_ns && a.service == b.service && a.instance == b.instance &&
         a.host == b.host;
}

// One line of a wide table.
struct Line {
  const Sample* any = nullptr;
  std::array<const Sample*, kMostValues> values{};
};

void Write(const SampleTable& table, const Line& line, const model::Names& names,
           csv::RowWriter& writer) {
  const std::string_view service = names.Text(line.any->service);
  const std::string_view instance = names.Text(line.any->instance);
  const std::string_view host = names.Text(line.any->host);
  writer.Begin(csv::kMillisecondsBound + csv::TextBound(service) + csv::TextBound(instance) +
               csv::TextBound(host) + kMostValues * kNumberBound);
  if (!table.time_last) {
    Time(table, line.any->time_ns, writer);
    writer.Comma();
  }
  if (!table.of_hosts) {
    writer.Text(service), writer.Comma();
    writer.Text(instance), writer.Comma();
  }
  writer.Text(host);
  for (size_t i = 0; i < table.values.size(); ++i) {
    writer.Comma();
    const Sample* value = line.values[i];
    if (value != nullptr) {
      Value(*value, writer);
    } else if (table.values[i].measure == Measure::kLatency) {
      writer.Raw("0.0");
    }
  }
  if (table.time_last) {
    writer.Comma();
    Time(table, line.any->time_ns, writer);
  }
  writer.End();
}

}  // namespace

void SampleEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                           std::string& out) const {
  csv::RowWriter writer(out);
  if (table_.long_rows) {
    for (const Sample& sample : batch.samples) {
      if (PlaceOf(table_, sample) == kNone) continue;
      const std::string_view service = names.Text(sample.service);
      const std::string_view instance = names.Text(sample.instance);
      writer.Begin(csv::kMillisecondsBound + csv::TextBound(service) + csv::TextBound(instance) +
                   2 * kNumberBound);
      Time(table_, sample.time_ns, writer), writer.Comma();
      writer.Text(service), writer.Comma();
      writer.Text(instance), writer.Comma();
      writer.Raw(MetricWord(sample)), writer.Comma();
      Value(sample, writer);
      writer.End();
    }
    return;
  }
  Line line;
  for (const Sample& sample : batch.samples) {
    const size_t place = PlaceOf(table_, sample);
    if (place == kNone) continue;
    if (line.any != nullptr && (!SameRow(*line.any, sample) || line.values[place] != nullptr)) {
      Write(table_, line, names, writer);
      line = {};
    }
    line.any = &sample;
    line.values[place] = &sample;
  }
  if (line.any != nullptr) Write(table_, line, names, writer);
}

}  // namespace plumbago::formats::alibaba_samples
