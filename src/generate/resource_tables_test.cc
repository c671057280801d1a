#include "generate/resource_tables.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generate/host_load.h"
#include "generate/testing/plain_encoder.h"

namespace plumbago::generate {
namespace {

using testing::Split;

TraceOptions Options(const char* format) {
  TraceOptions options;
  options.rows = 5'000;
  options.services = 40;
  options.threads = 1;
  options.resources = true;
  options.format = *formats::FindFormat(format);
  return options;
}

// The lines of a table, split; the header first.
std::vector<std::vector<std::string>> Lines(const TraceOptions& options, size_t table,
                                            const System& system, int64_t last_ms) {
  const auto tables = TablesFor(options);
  EXPECT_TRUE(tables);
  std::string text;
  EXPECT_TRUE(WriteTable(tables->at(table), system, options.seed, last_ms,
                         [&](std::string_view more) -> Result<void> {
                           text += more;
                           return {};
                         }));
  std::vector<std::vector<std::string>> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(Split(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

TEST(ResourceTables, EachInstanceAndHostHasARowAMinute) {
  for (const char* format : {"alibaba-2021", "alibaba-2022", "csv"}) {
    const TraceOptions options = Options(format);
    const System system(ShapeFor(options), options.services, options.seed);
    const auto instances = Lines(options, 0, system, 2 * HostLoad::kSliceMs);
    const auto hosts = Lines(options, 1, system, 2 * HostLoad::kSliceMs);
    uint64_t pods = 0;
    for (const Service& service : system.services()) pods += service.pods;
    EXPECT_GE(pods, 2u * options.services);
    EXPECT_EQ(instances.size(), 1 + 3 * pods) << format;
    EXPECT_EQ(hosts.size(), 1 + 3 * uint64_t{system.hosts()}) << format;
    std::set<std::vector<std::string>> distinct(instances.begin(), instances.end());
    EXPECT_EQ(distinct.size(), instances.size());
  }
}

TEST(ResourceTables, SayTheLoadThatSlowsCalls) {
  const TraceOptions options = Options("csv");
  const System system(ShapeFor(options), options.services, options.seed);
  const HostLoad load(options.seed, 0);
  std::map<std::string, uint32_t> number;
  for (uint32_t host = 0; host < system.hosts(); ++host) {
    number[std::string(system.names().Text(system.HostName(host)))] = host;
  }
  const auto lines = Lines(options, 1, system, HostLoad::kSliceMs - 1);
  EXPECT_EQ(lines[0], (std::vector<std::string>{"time_ns", "host", "host_cpu", "host_memory"}));
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i][0], "0");
    EXPECT_DOUBLE_EQ(std::stod(lines[i][2]), load.Cpu(number.at(lines[i][1]), 0) / 10'000.0);
  }
}

TEST(ResourceTables, EveryServiceIsInEveryCluster) {
  TraceOptions options = Options("alibaba-2022");
  options.resources = false;
  options.plants.clusters = 5;
  const auto tables = TablesFor(options);
  ASSERT_EQ(tables->size(), 1u);
  EXPECT_EQ(tables->at(0).name, "places");
  const System system(ShapeFor(options), options.services, options.seed);
  std::map<std::string, std::set<std::string>> clusters;  // by service
  const auto lines = Lines(options, 0, system, 0);
  for (size_t i = 1; i < lines.size(); ++i) {
    clusters[lines[i][0].substr(0, lines[i][0].find("_POD"))].insert(lines[i][1]);
  }
  EXPECT_EQ(clusters.size(), options.services);
  for (const auto& [service, of] : clusters) EXPECT_EQ(of.size(), 5u) << service;
}

// Caches and databases; other services are called in any cluster.
TEST(ResourceTables, StoresAreCalledWithinTheirCallersCluster) {
  TraceOptions options = Options("csv");
  options.resources = false;
  options.plants.clusters = 3;
  std::string text;
  ASSERT_TRUE(GenerateTraces(options, [&](std::string_view more) -> Result<void> {
    text += more;
    return {};
  }));
  // Pods lie in the clusters in turn.
  const auto cluster = [](const std::string& pod) {
    return std::stoul(pod.substr(pod.rfind('_') + 1)) % 3;
  };
  uint64_t stores = 0, others_across = 0;
  for (size_t at = text.find('\n') + 1; at < text.size();) {
    const size_t end = text.find('\n', at);
    const auto fields = Split(std::string_view(text).substr(at, end - at));
    at = end + 1;
    ASSERT_EQ(fields.size(), 16u);
    const std::string &kind = fields[8], &caller = fields[13], &callee = fields[14];
    if (caller.empty()) continue;
    const bool across = cluster(caller) != cluster(callee);
    if (kind == "cache" || kind == "database") {
      EXPECT_FALSE(across) << caller << " " << callee;
      ++stores;
    } else {
      others_across += across;
    }
  }
  EXPECT_GT(stores, 500u);
  EXPECT_GT(others_across, 500u);
}

// Calls take longer on busy hosts and across clusters, and still lie within their caller's.
TEST(ResourceTables, CalleesStayWithinTheirCallers) {
  TraceOptions options = Options("csv");
  options.rows = 40'000;
  options.plants = {.cpu = 0.05, .clusters = 3};
  const testing::Generated made = testing::Generate(options, ShapeFor(options));
  std::map<std::pair<std::string, std::string>, testing::PlainRow> server;
  for (const testing::PlainRow& row : made.rows) {
    if (!row.client) server[{row.trace, row.path}] = row;
  }
  uint64_t checked = 0;
  for (const testing::PlainRow& row : made.rows) {
    if (!row.client || row.kind == "message") continue;
    const auto own = server.find({row.trace, row.path});
    if (own != server.end()) {
      EXPECT_GE(own->second.start_ms, row.start_ms);
      EXPECT_LE(own->second.start_ms + own->second.duration_ms, row.start_ms + row.duration_ms);
    }
    const auto caller = server.find({row.trace, testing::ParentOf(row.path)});
    if (caller == server.end()) continue;
    EXPECT_GE(row.start_ms, caller->second.start_ms);
    EXPECT_LE(row.start_ms + row.duration_ms, caller->second.start_ms + caller->second.duration_ms);
    ++checked;
  }
  EXPECT_GT(checked, 10'000u);
  // An hour's traces are spread, not a moment's.
  EXPECT_GT(made.truth().last_ms(), 5 * HostLoad::kSliceMs);
}

TEST(ResourceTables, WhatNothingCouldFindIsRefused) {
  TraceOptions options = Options("alibaba-2021");
  const TextSink nowhere = [](std::string_view) -> Result<void> { return {}; };
  EXPECT_TRUE(GenerateTraces(options, nowhere));
  options.plants.clusters = 2;
  EXPECT_EQ(GenerateTraces(options, nowhere).error().kind, ErrorKind::kUsage);
  options = Options("csv");
  options.resources = false;
  options.plants.cpu = 0.01;
  EXPECT_EQ(GenerateTraces(options, nowhere).error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace plumbago::generate
