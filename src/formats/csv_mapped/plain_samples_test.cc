#include "formats/csv_mapped/plain_samples.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "formats/csv_mapped/mapped_csv.h"

namespace plumbago::formats {
namespace {

using model::Measure;
using model::Sample;

// Names as text: time, service, instance, host, measure, value.
using Told = std::tuple<int64_t, std::string, std::string, std::string, Measure, double>;

Told Tell(const Sample& sample, const model::Names& names) {
  return {sample.time_ns,
          std::string(names.Text(sample.service)),
          std::string(names.Text(sample.instance)),
          std::string(names.Text(sample.host)),
          sample.measure,
          sample.value};
}

struct Kept final : BatchSink {
  void Accept(model::CallBatch& batch) override {
    for (const Sample& sample : batch.samples) told.push_back(Tell(sample, *names));
  }
  const model::Names* names = nullptr;
  std::vector<Told> told;
};

std::vector<Told> ReadBack(std::string text, const char* path) {
  const MappedCsv format;
  EXPECT_EQ(format.Sniff(text, path), Match::kYes);
  const auto decoder = format.Open(text, path);
  EXPECT_TRUE(decoder) << decoder.error().Text();
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Kept kept;
  kept.names = &names;
  DecodeContext context{caches, damage, kept};
  const size_t size = text.size();
  text.append(64, '\0');
  Block block;
  block.first = true;
  block.text = std::string_view(text.data(), size);
  (*decoder)->Decode(block, context);
  EXPECT_EQ(damage.Count(model::Damage::kMalformed), 0u);
  return kept.told;
}

TEST(PlainSamples, ComeBackWithoutAMap) {
  model::Names names;
  model::CallBatch batch;
  const auto add = [&](Measure measure, int64_t time, const char* service, const char* instance,
                       const char* host, double value) {
    Sample sample;
    sample.time_ns = time;
    sample.measure = measure;
    sample.value = value;
    sample.service = names.Service(service);
    sample.instance = names.Instance(instance);
    sample.host = names.Instance(host);
    batch.samples.push_back(sample);
  };
  add(Measure::kCpu, 60'000'000'000, "cart", "cart, 0", "h\"1\"", 0.1234);
  add(Measure::kMemory, 60'000'000'000, "cart", "cart, 0", "h\"1\"", 1);
  add(Measure::kMemory, 60'000'000'000, "cart", "cart, 0", "h\"1\"",
      0.5);  // again: a row of its own
  add(Measure::kCpu, 60'000'000'000, "cart", "cart-1", "h2", 0);
  const auto text_of = [&](PlainSampleTable table) {
    std::string text;
    const PlainSampleEncoder encoder(table);
    encoder.Header(text);
    encoder.Encode(batch, names, text);
    return text;
  };
  std::vector<Told> told;
  for (const Sample& sample : batch.samples) told.push_back(Tell(sample, names));
  EXPECT_EQ(ReadBack(text_of(PlainSampleTable::kResources), "x.resources.csv"), told);
  EXPECT_EQ(text_of(PlainSampleTable::kNodes), "time_ns,host,host_cpu,host_memory\n");

  batch.Clear();
  add(Measure::kHostCpu, 0, "", "", "h2", 0.25);
  add(Measure::kHostMemory, 0, "", "", "h2", 0.75);
  add(Measure::kHostCpu, 0, "", "", "h3", 0.5);
  told.clear();
  for (const Sample& sample : batch.samples) told.push_back(Tell(sample, names));
  EXPECT_EQ(ReadBack(text_of(PlainSampleTable::kNodes), "x.nodes.csv"), told);

  batch.Clear();
  add(Measure::kCluster, model::kNoTime, "", "cart, 0", "zone", 0);
  told = {Tell(batch.samples[0], names)};
  const std::string places = text_of(PlainSampleTable::kPlaces);
  EXPECT_EQ(places, "instance,cluster\n\"cart, 0\",zone\n");
  EXPECT_EQ(ReadBack(places, "x.places.csv"), told);
  EXPECT_EQ(ReadBack(places, "folder/x.places.csv.gz"), told);
  // Other tables with such columns are somebody else's.
  EXPECT_EQ(MappedCsv().Sniff(places, "inventory.csv"), Match::kNo);
}

}  // namespace
}  // namespace plumbago::formats
