#include "formats/alibaba_samples/decoder.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "formats/alibaba/words.h"
#include "formats/csv/malformed.h"
#include "formats/csv/number.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_samples {
namespace {

using model::Measure;
using model::Sample;

// What is beyond is no utilisation, rate or mean response time (11 days) but something else. A
// response time is kept in whole nanoseconds, so that it is written as it was read.
constexpr double kMostValue = 1e12;
constexpr double kMostMilliseconds = 1e9;

enum class Read : uint8_t { kValue, kNone, kWrong };

Read ReadValue(std::string_view text, Measure measure, double& value) {
  if (text == "0.0" || text == "0") {  // four of five fields of MSRTMCR
    value = 0;
  } else {
    if (text.empty()) return Read::kNone;
    const char first = text[0];
    if (first != '.' && (first < '0' || first > '9')) {  // no "inf", "nan", "-1"
      return alibaba::IsMissing(text) ? Read::kNone : Read::kWrong;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range && end == text.data() + text.size()) {
      // Below the least double; beyond the largest, `value` is left alone.
      if (text.find("e-") == text.npos && text.find("E-") == text.npos) return Read::kWrong;
      value = 0;
    } else if (error != std::errc() || end != text.data() + text.size()) {
      return alibaba::IsMissing(text) ? Read::kNone : Read::kWrong;
    }
  }
  if (measure == Measure::kLatency) {
    if (!(value <= kMostMilliseconds)) return Read::kWrong;
    value = std::round(value * 1e6);
    return value > 0 ? Read::kValue : Read::kNone;  // 0: there was no call
  }
  return value <= kMostValue ? Read::kValue : Read::kWrong;
}

// The number of the value that a word in the column `metric` names.
size_t FindMetric(const SampleTable& table, std::string_view word) {
  std::array<char, 16> lower;
  if (word.size() > lower.size()) return table.values.size();
  for (size_t i = 0; i < word.size(); ++i) {
    lower[i] = static_cast<char>(word[i] >= 'A' && word[i] <= 'Z' ? word[i] - 'A' + 'a' : word[i]);
  }
  const std::string_view wanted(lower.data(), word.size());
  size_t at = 0;
  while (at < table.values.size() && *table.values[at].names.begin() != wanted) ++at;
  return at;
}

// Decodes the rows of one block.
class RowDecoder {
 public:
  RowDecoder(const SampleTable& table, const Layout& layout, const Block& block,
             DecodeContext& context)
      : table_(table), layout_(layout), block_(block), context_(context) {
    batch_.samples.reserve(kSamples + layout.values.size());
  }

  void operator()(const csv::Row& row) {
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    Sample sample;
    if (!csv::ParseMilliseconds(row[layout_.time], sample.time_ns)) {
      return Malformed(row, layout_.time, "timestamp", "milliseconds");
    }
    if (table_.release == Release::k2021) sample.time_ns = Since1970(sample.time_ns);
    const uint32_t who = table_.of_hosts ? layout_.host : layout_.instance;
    if (alibaba::IsMissing(row[who])) {
      return Malformed(row, who, table_.of_hosts ? "nodeid" : "msinstanceid", "a name");
    }
    sample.origin = {block_.index, row.line};
    const size_t first = batch_.samples.size();
    if (table_.long_rows) {
      const size_t metric = FindMetric(table_, row[layout_.metric]);
      if (metric == table_.values.size()) {
        return Malformed(row, layout_.metric, "metric", "providerRPC_MCR, HTTP_RT or the like");
      }
      const ValueSpec& spec = table_.values[metric];
      if (!Add(sample, row, layout_.value, spec.measure, spec.flow)) return;
    } else {
      for (const Layout::Value& value : layout_.values) {
        if (!Add(sample, row, value.column, value.measure, value.flow)) {
          batch_.samples.resize(first);
          return;
        }
      }
    }
    const size_t count = batch_.samples.size() - first;
    if (count == 0) return;
    Waiting& waiting = waiting_[waiting_count_++];
    waiting.first = static_cast<uint32_t>(first);
    waiting.count = static_cast<uint32_t>(count);
    SetName(context_.names.services, row, layout_.service, waiting.names[0]);
    SetName(context_.names.instances, row, layout_.instance, waiting.names[1]);
    SetName(context_.names.instances, row, layout_.host, waiting.names[2]);
    if (waiting_count_ == kWaiting || !Within(row)) Resolve();
    if (batch_.samples.size() >= kSamples) Flush();
  }

  void operator()(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }

  void Flush() {
    Resolve();
    if (batch_.samples.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  static constexpr size_t kSamples = 512;
  // Rows whose names wait, so that waiting for the memory of one overlaps with others.
  static constexpr size_t kWaiting = 24;
  struct Name {
    const char* text;
    uint32_t size;  // 0: none
    uint64_t hash;
  };
  struct Waiting {
    uint32_t first, count;  // samples
    std::array<Name, 3> names;
  };

  // Times of 2021 count from the release's epoch, like those of its calls.
  static int64_t Since1970(int64_t time_ns) {
    const int64_t absolute = time_ns + alibaba::kEpoch2021Ns;
    return time_ns >= alibaba::kAbsoluteNs || absolute < alibaba::kAbsoluteNs ? time_ns : absolute;
  }

  // False: the row is malformed.
  bool Add(Sample& sample, const csv::Row& row, uint32_t column, Measure measure,
           model::Flow flow) {
    switch (ReadValue(row[column], measure, sample.value)) {
      case Read::kWrong:
        Malformed(row, column, "a value", "a number, not negative");
        return false;
      case Read::kNone:
        return true;
      case Read::kValue:
        break;
    }
    sample.measure = measure;
    sample.flow = flow;
    sample.normalised = table_.normalised(measure);
    batch_.samples.push_back(sample);
    return true;
  }

  void SetName(model::NameCache& cache, const csv::Row& row, uint32_t column, Name& name) {
    name.size = 0;
    if (column == csv::kNoColumn) return;
    const std::string_view text = row[column];
    if (alibaba::IsMissing(text)) return;
    name = {text.data(), static_cast<uint32_t>(text.size()), cache.Prepare(text)};
  }
  uint32_t IdOf(model::NameCache& cache, const Name& name) {
    if (name.size == 0) return 0;
    return cache.Intern(std::string_view(name.text, name.size), name.hash);
  }
  void Resolve() {
    model::NameCache& services = context_.names.services;
    model::NameCache& instances = context_.names.instances;
    for (size_t i = 0; i < waiting_count_; ++i) {
      const auto& names = waiting_[i].names;
      if (names[0].size != 0) services.Approach(names[0].hash);
      if (names[1].size != 0) instances.Approach(names[1].hash);
      if (names[2].size != 0) instances.Approach(names[2].hash);
    }
    for (size_t i = 0; i < waiting_count_; ++i) {
      const Waiting& waiting = waiting_[i];
      const auto service = Id<model::ServiceId>(IdOf(services, waiting.names[0]));
      const auto instance = Id<model::InstanceId>(IdOf(instances, waiting.names[1]));
      const auto host = Id<model::InstanceId>(IdOf(instances, waiting.names[2]));
      for (uint32_t s = waiting.first; s < waiting.first + waiting.count; ++s) {
        Sample& sample = batch_.samples[s];
        sample.service = service;
        sample.instance = instance;
        sample.host = host;
      }
    }
    waiting_count_ = 0;
  }
  // False: the row lies in a buffer of the reader's, which the next one overwrites.
  bool Within(const csv::Row& row) const {
    return row.text >= block_.text.data() && row.text < block_.text.data() + block_.text.size();
  }

  [[gnu::noinline]] void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    csv::CountMalformed(block_, context_, row, column, name, expected);
  }

  const SampleTable& table_;
  const Layout& layout_;
  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
  size_t waiting_count_ = 0;
  std::array<Waiting, kWaiting> waiting_;
};

}  // namespace

void SampleDecoder::Decode(const Block& block, DecodeContext& context) const {
  RowDecoder decoder(table_, layout_, block, context);
  csv::RowReader reader(layout_.columns);
  std::string_view text = block.text;
  context.lines = block.first ? csv::SkipHeader(true, text) : 0;
  context.lines += reader.Read(text, static_cast<uint32_t>(context.lines), decoder, decoder);
  decoder.Flush();
}

}  // namespace plumbago::formats::alibaba_samples
