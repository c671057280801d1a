#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "formats/alibaba/words.h"
#include "formats/alibaba_samples/sample_format.h"
#include "formats/testing/plain_samples.h"
#include "formats/testing/sample_data.h"

namespace plumbago::formats::alibaba_samples {
namespace {

using model::Flow;
using model::Measure;
using testing::DecodedSamples;
using testing::PlainSample;

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kEpoch = alibaba::kEpoch2021Ns;
const SampleFormat k21Resources(k2021Resources), k21Rates(k2021Rates), k21Nodes(k2021Nodes),
    k22Resources(k2022Resources), k22Rates(k2022Rates), k22Nodes(k2022Nodes);
const SampleFormat* const kAll[] = {&k21Resources, &k21Rates, &k21Nodes,
                                    &k22Resources, &k22Rates, &k22Nodes};

DecodedSamples Decode(const SampleFormat& format, const std::string& text,
                      std::string* written = nullptr) {
  const auto decoder = format.Open(text, "");
  if (!decoder) {
    ADD_FAILURE() << decoder.error().Text();
    return {};
  }
  DecodedSamples decoded = testing::DecodeSamples(format, **decoder, text, 1u << 20, written);
  // Cutting changes nothing.
  const DecodedSamples pieces = testing::DecodeSamples(format, **decoder, text, 100);
  EXPECT_EQ(decoded.samples, pieces.samples);
  EXPECT_EQ(decoded.malformed, pieces.malformed);
  return decoded;
}

// Which format a file is taken for: the surest of all.
std::string SniffedAs(const std::string& text) {
  std::string best;
  Match match = Match::kNo;
  for (const Format* format : Formats()) {
    const Match found = format->Sniff(text, "");
    if (found <= match) continue;
    match = found;
    best = format->name();
  }
  return best;
}

const std::string kHash1(64, 'a'), kHash2(64, 'b'), kHash3(64, 'c');

TEST(AlibabaSamples, ResourcesOf2021AsReleased) {
  const std::string text =
      ",msname,msinstanceid,nodeid,instance_cpu_usage,instance_memory_usage,timestamp\n"
      "1,svc,pod,node,0.21154166666480403,0.5,30000\n";
  EXPECT_EQ(SniffedAs(text), "alibaba-2021-resources");
  std::string written;
  const DecodedSamples decoded = Decode(k21Resources, text, &written);
  const std::vector<PlainSample> expected = {
      {"svc", "pod", "node", kEpoch + 30'000 * kMs, 0.21154166666480403, Measure::kCpu, Flow::kNone,
       false, 2},
      {"svc", "pod", "node", kEpoch + 30'000 * kMs, 0.5, Measure::kMemory, Flow::kNone, false, 2},
  };
  EXPECT_EQ(decoded.samples, expected);
  EXPECT_EQ(written,
            "msname,msinstanceid,nodeid,instance_cpu_usage,instance_memory_usage,timestamp\n"
            "svc,pod,node,0.21154166666480403,0.5,30000\n");
}

TEST(AlibabaSamples, ReadmesNamesOf2021AreToldFrom2022ByTheIds) {
  const std::string header =
      "timestamp,msname,msinstanceid,nodeid,cpu_utilization,memory_utilization\n";
  EXPECT_EQ(SniffedAs(header + "0," + kHash1 + "," + kHash2 + "," + kHash3 + ",0.1,0.2\n"),
            "alibaba-2021-resources");
  EXPECT_EQ(SniffedAs(header + "0,MS_1,MS_1_POD_0,NODE_1,0.1,0.2\n"), "alibaba-2022-resources");
  EXPECT_EQ(SniffedAs(header), "alibaba-2022-resources");
  const std::string nodes = "timestamp,nodeid,cpu_utilization,memory_utilization\n";
  EXPECT_EQ(SniffedAs(nodes + "0," + kHash1 + ",0.1,0.2\n"), "alibaba-2021-nodes");
  EXPECT_EQ(SniffedAs(nodes + "0,NODE_1,0.1,0.2\n"), "alibaba-2022-nodes");
}

TEST(AlibabaSamples, NodesOf2021AsReleased) {
  const std::string text =
      ",timestamp,nodeid,node_cpu_usage,node_memory_usage\n0,60000,n,0.5,0.75\n";
  EXPECT_EQ(SniffedAs(text), "alibaba-2021-nodes");
  const DecodedSamples decoded = Decode(k21Nodes, text);
  ASSERT_EQ(decoded.samples.size(), 2u);
  EXPECT_EQ(decoded.samples[0].measure, Measure::kHostCpu);
  EXPECT_EQ(decoded.samples[1].measure, Measure::kHostMemory);
  EXPECT_EQ(decoded.samples[1].host, "n");
  EXPECT_EQ(decoded.samples[1].instance, "");
  EXPECT_EQ(decoded.samples[1].value, 0.75);
}

TEST(AlibabaSamples, RatesOf2021AreLong) {
  const std::string text =
      "timestamp,msname,msinstanceid,metric,value\n"
      "0,s,p,providerRPC_MCR,2.5\n0,s,p,providerRPC_RT,9.25\n"
      "0,s,p,consumerRPC_MCR,0\n0,s,p,consumerRPC_RT,0\n"  // no call: a rate of 0, no time
      "0,s,p,HTTP_MCR,1\n0,s,p,providerMQ_MCR,1\n0,s,p,consumerMQ_RT,2\n";
  EXPECT_EQ(SniffedAs(text), "alibaba-2021-rates");
  std::string written;
  const DecodedSamples decoded = Decode(k21Rates, text, &written);
  ASSERT_EQ(decoded.samples.size(), 6u);
  EXPECT_EQ(decoded.samples[0].flow, Flow::kRpcIn);
  EXPECT_EQ(decoded.samples[0].value, 2.5);
  EXPECT_EQ(decoded.samples[1].measure, Measure::kLatency);
  EXPECT_EQ(decoded.samples[1].value, 9.25e6);
  EXPECT_EQ(decoded.samples[2].flow, Flow::kRpcOut);
  EXPECT_EQ(decoded.samples[2].value, 0);
  EXPECT_EQ(decoded.samples[3].flow, Flow::kHttpIn);
  EXPECT_EQ(decoded.samples[4].flow, Flow::kMessageOut);
  EXPECT_EQ(decoded.samples[5].flow, Flow::kMessageIn);
  std::string without = text;
  without.erase(without.find("0,s,p,consumerRPC_RT,0\n"), 23);
  EXPECT_EQ(written, without);
}

TEST(AlibabaSamples, TheReadmesSpellingOfTheMetricColumn) {
  const std::string text = "timestamp,msname,msinstanceid,metrics,value\n0,s,p,http_mcr,1\n";
  EXPECT_EQ(SniffedAs(text), "alibaba-2021-rates");
  EXPECT_EQ(Decode(k21Rates, text).samples.size(), 1u);
}

TEST(AlibabaSamples, RatesOf2022AreWide) {
  std::string header(k2022Rates.header);
  // The second row: the instance's name begins with another service's (a quirk of the release).
  const std::string text = header +
                           "60000,MS_1,MS_1_POD_7,NODE_3,10.5,1e-05,9.5,7e-12,0.0,0.0,0.5,3e-07,"
                           "0.0,0.0,0.25,6e-06,0.0,0.0,24.5,2e-06,0.0,0.0\n"
                           "0,MS_1,MS_2_POD_7,NODE_3,,,0.0,0.0,0.0,0.0,0.0,0.0,"
                           "0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,9e-06,46.5\n";
  EXPECT_EQ(SniffedAs(text), "alibaba-2022-rates");
  std::string written;
  const DecodedSamples decoded = Decode(k22Rates, text, &written);
  ASSERT_EQ(decoded.samples.size(), 9u + 5 + 8 + 1);
  std::map<std::pair<Measure, Flow>, double> first;
  for (const PlainSample& sample : decoded.samples) {
    EXPECT_EQ(sample.service, "MS_1");
    EXPECT_EQ(sample.normalised, sample.measure == Measure::kCallRate);
    if (sample.line == 2) first[{sample.measure, sample.flow}] = sample.value;
    if (sample.line == 3) {
      EXPECT_EQ(sample.instance, "MS_2_POD_7");
    }
  }
  EXPECT_EQ((first[{Measure::kLatency, Flow::kRpcIn}]), 10.5e6);
  EXPECT_EQ((first[{Measure::kCallRate, Flow::kRpcIn}]), 1e-05);
  EXPECT_EQ((first[{Measure::kCallRate, Flow::kRpcOut}]), 7e-12);
  EXPECT_EQ((first[{Measure::kLatency, Flow::kCacheRead}]), 0.5e6);
  EXPECT_EQ((first[{Measure::kLatency, Flow::kDatabaseRead}]), 0.25e6);
  EXPECT_EQ((first[{Measure::kLatency, Flow::kMessageOut}]), 24.5e6);
  EXPECT_EQ(first.count({Measure::kLatency, Flow::kCacheWrite}), 0u);
  EXPECT_EQ(first[std::pair(Measure::kCallRate, Flow::kCacheWrite)], 0);
  EXPECT_EQ(Decode(k22Rates, written).samples.size(), decoded.samples.size());
}

TEST(AlibabaSamples, LinesThatAreNone) {
  const std::string header =
      "timestamp,msname,msinstanceid,nodeid,cpu_utilization,"
      "memory_utilization\n";
  const std::string text = header +
                           "0,s,p,n,0.5,lots\n"  // no number: neither value is kept
                           "soon,s,p,n,0.5,0.5\n"
                           "0,s,UNAVAILABLE,n,0.5,0.5\n"
                           "0,s,p,n,-0.5,0.5\n"
                           "0,s,p,n,inf,0.5\n"
                           "0,s,p,n,0.5\n"
                           "0,s,p,n,1e999,0.5\n" +
                           header +          // put together: not counted
                           "0,s,p,n,NaN,\n"  // nothing was measured
                           "0,,p,UNKNOWN,1e-999,0.5\n";
  const DecodedSamples decoded = Decode(k22Resources, text);
  EXPECT_EQ(decoded.malformed, 7u);
  EXPECT_EQ(decoded.example, "a value is 'lots', expected a number, not negative");
  EXPECT_EQ(decoded.example_line, 2u);
  ASSERT_EQ(decoded.samples.size(), 2u);
  EXPECT_EQ(decoded.samples[0].value, 0);
  EXPECT_EQ(decoded.samples[0].service, "");
  EXPECT_EQ(decoded.samples[0].host, "");
  const DecodedSamples rates =
      Decode(k21Rates, "timestamp,msname,msinstanceid,metric,value\n0,s,p,gc_count,1\n");
  EXPECT_EQ(rates.malformed, 1u);
  EXPECT_EQ(rates.example, "metric is 'gc_count', expected providerRPC_MCR, HTTP_RT or the like");
}

TEST(AlibabaSamples, WhatIsMissingIsSaid) {
  const auto without = k21Resources.Open("timestamp,msname,nodeid,instance_cpu_usage\n", "");
  ASSERT_FALSE(without);
  EXPECT_NE(without.error().Text().find("alibaba-2021-resources needs: msinstanceid"),
            std::string::npos);
  const auto empty = k21Nodes.Open("timestamp,nodeid\n", "");
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().Text().find("needs: node_cpu_usage, node_memory_usage"),
            std::string::npos);
}

TEST(AlibabaSamples, OtherTablesAreNone) {
  for (const std::string text :
       {",traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n",
        "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n",
        "timestamp,value\n", "", "{\"service\":1}\n"}) {
    for (const SampleFormat* format : kAll) {
      EXPECT_EQ(format->Sniff(text, ""), Match::kNo) << format->name() << text;
    }
  }
}

TEST(AlibabaSamples, MoreRowsThanABatchAndQuotedNames) {
  std::string text = "timestamp,nodeid,cpu_utilization,memory_utilization\n";
  for (int i = 0; i < 3000; ++i) {
    text += std::to_string(i) + (i % 7 == 0 ? ",\"n,\"\"" : ",n") + std::to_string(i) +
            (i % 7 == 0 ? "\"" : "") + ",0.25,0.5\n";
  }
  const DecodedSamples decoded = Decode(k22Nodes, text);
  ASSERT_EQ(decoded.samples.size(), 6000u);
  for (size_t i = 0; i < 6000; ++i) {
    const size_t row = i / 2;
    ASSERT_EQ(decoded.samples[i].host, (row % 7 == 0 ? "n,\"" : "n") + std::to_string(row));
    ASSERT_EQ(decoded.samples[i].time_ns, static_cast<int64_t>(row) * kMs);
  }
}

// What is written is what was read.
void ExpectRoundTrip(const SampleFormat& format, const std::string& text) {
  std::string written, again;
  DecodedSamples first = Decode(format, text, &written);
  DecodedSamples second = Decode(format, written, &again);
  EXPECT_EQ(second.malformed, 0u);
  EXPECT_EQ(written, again);
  ASSERT_EQ(first.samples.size(), second.samples.size());
  for (size_t i = 0; i < first.samples.size(); ++i) {
    first.samples[i].line = second.samples[i].line;
    ASSERT_EQ(first.samples[i], second.samples[i]) << i;
  }
}

TEST(AlibabaSamples, RealResourcesOf2021) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2021-MSResource_0-head.csv.zst");
  EXPECT_EQ(SniffedAs(text.substr(0, 1u << 16)), "alibaba-2021-resources");
  const DecodedSamples decoded = Decode(k21Resources, text);
  EXPECT_EQ(decoded.malformed, 0u);
  EXPECT_EQ(decoded.samples.size(), 2 * 662u);
  std::set<std::string> instances;
  for (const PlainSample& sample : decoded.samples) {
    instances.insert(sample.instance);
    EXPECT_EQ((sample.time_ns - kEpoch) % (30'000 * kMs), 0);
    EXPECT_GE(sample.value, 0);
    EXPECT_LE(sample.value, 1.5);
  }
  EXPECT_EQ(instances.size(), 658u);  // statistics.md T1: nothing within an instance to compare
  ExpectRoundTrip(k21Resources, text);
}

TEST(AlibabaSamples, RealNodesOf2021) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2021-Node_0-head.csv.zst");
  EXPECT_EQ(SniffedAs(text.substr(0, 1u << 16)), "alibaba-2021-nodes");
  const DecodedSamples decoded = Decode(k21Nodes, text);
  EXPECT_EQ(decoded.malformed, 0u);
  EXPECT_EQ(decoded.samples.size(), 2 * 666u);
  ExpectRoundTrip(k21Nodes, text);
}

// Rows that the releases' pages print; read from the data folder, not repeated here.
TEST(AlibabaSamples, PublishedExampleRows) {
  const struct {
    const char* file;
    const SampleFormat* format;
    size_t samples;
  } kFiles[] = {{"2021-example-rows.MSRTQps.csv", &k21Rates, 1},
                {"2022-example-rows.MSMetrics.csv", &k22Resources, 14},
                {"2022-example-rows.NodeMetrics.csv", &k22Nodes, 4},
                // 9 rates a row; five response times in the first that are not 0, one in the other.
                {"2022-example-rows.MSRTMCR.csv", &k22Rates, 18 + 5 + 1}};
  for (const auto& [file, format, samples] : kFiles) {
    const std::string text = testing::ReadPlainSample(file);
    if (text.empty()) {
      const char* ci = std::getenv("CI");
      if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data: " << file;
      GTEST_SKIP() << "no sample data (" << file << "): set PLUMBAGO_DATA";
    }
    EXPECT_EQ(SniffedAs(text), format->name()) << file;
    const DecodedSamples decoded = Decode(*format, text);
    EXPECT_EQ(decoded.samples.size(), samples) << file;
    EXPECT_EQ(decoded.malformed, 0u) << file;
    ExpectRoundTrip(*format, text);
  }
}

}  // namespace
}  // namespace plumbago::formats::alibaba_samples
