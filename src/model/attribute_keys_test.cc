#include "model/attribute_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "model/attribute_cache.h"
#include "model/attribute_text.h"
#include "model/names.h"

namespace plumbago::model {
namespace {

AttributeUse UseOf(std::string_view key) {
  if (key == "span.kind") return AttributeUse::kNothing;
  return key == "url" ? AttributeUse::kPath : AttributeUse::kWhole;
}

struct Seen {
  std::string service, key, value;
};

// What the names are after sorting, and what each attribute became.
std::vector<std::string> Settled(const std::vector<Seen>& seen, const std::vector<size_t>& order) {
  Names names;
  AttributeCache one(names, UseOf), two(names, UseOf);
  std::vector<AttributeId> ids(seen.size());
  for (const size_t i : order) {
    AttributeCache& cache = i % 2 == 0 ? one : two;
    ids[i] = cache.Intern(names.Service(seen[i].service), seen[i].key, seen[i].value);
  }
  const auto ranks_of_services = [&](const std::string& service) { return names.Service(service); };
  std::vector<ServiceId> services;
  for (const Seen& s : seen) services.push_back(ranks_of_services(s.service));
  const NameRanks ranks = names.Sort();
  std::vector<std::string> texts;
  for (uint32_t id = 0; id < names.attributes.size(); ++id) {
    texts.emplace_back(names.attributes.Text(id));
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    const auto service = Id<ServiceId>(ranks.services[Index(services[i])]);
    auto id = Id<AttributeId>(ranks.attributes[Index(ids[i])]);
    if (names.attribute_keys.ServiceLeftOut(Index(service))) {
      id = kNoAttribute;
    } else if (names.MayBeLeftOut(id)) {
      id = names.Kept(service, id);
    }
    texts.push_back(fmt::format("{} {}", seen[i].service, names.Text(id)));
  }
  return texts;
}

TEST(AttributeKeys, WhatIsLeftOutDoesNotHangOnTheOrder) {
  std::vector<Seen> seen;
  for (int i = 0; i < 600; ++i) {
    seen.push_back({"a", "request.id", fmt::format("{}", i)});        // too many
    seen.push_back({"b", "request.id", fmt::format("{}", i % 200)});  // not there
    seen.push_back({"a", "http.method", i % 3 == 0 ? "GET" : "PUT"});
    seen.push_back({"c", fmt::format("key{}", i), "x"});  // too many keys
    seen.push_back({"d", "key7", "x"});                   // one of them, elsewhere
  }
  std::vector<size_t> order(seen.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::vector<std::string> expected = Settled(seen, order);
  const auto count = [&](const std::string& text) {
    return std::count(expected.begin(), expected.end(), text);
  };
  EXPECT_EQ(count("a request.id"), 600);
  EXPECT_EQ(count("c "), 600);
  EXPECT_EQ(count(fmt::format("b {}", AttributeText("request.id", "7"))), 3);
  EXPECT_EQ(count(fmt::format("a {}", AttributeText("http.method", "GET"))), 200);
  EXPECT_EQ(count(fmt::format("d {}", AttributeText("key7", "x"))), 600);
  // No value of a key that is left out, no key of a service that is, but where others have them.
  EXPECT_EQ(count(AttributeText("request.id", "300")), 0);
  EXPECT_EQ(count(AttributeText("request.id", "100")), 1);
  EXPECT_EQ(count("key9"), 0);
  EXPECT_EQ(count("key7"), 1);
  std::mt19937_64 random(9);
  for (int i = 0; i < 5; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    EXPECT_EQ(Settled(seen, order), expected);
  }
}

TEST(AttributeKeys, ReadsWhatTheKeyIsFor) {
  Names names;
  AttributeCache cache(names, UseOf);
  const ServiceId service = names.Service("s");
  EXPECT_EQ(cache.Intern(service, "span.kind", "server"), AttributeCache::kUnused);
  EXPECT_EQ(names.Text(cache.Intern(service, "url", "/a?b=1")), AttributeText("url", "/a"));
  const AttributeId not_kept = cache.Intern(service, "k", std::string(257, 'x'));
  EXPECT_EQ(names.Text(not_kept), AttributeText("k", kNotKept));
  EXPECT_EQ(cache.Intern(service, "k", kNotKept), not_kept);
  EXPECT_FALSE(PartsOfAttribute(names.Text(not_kept)).compares());
  EXPECT_EQ(names.Text(cache.Intern(service, "k", std::string(256, 'x'))),
            AttributeText("k", std::string(256, 'x')));
  EXPECT_EQ(names.Text(cache.Intern(service, "k", "")), AttributeText("k", ""));
  // A zero byte ends the key.
  EXPECT_EQ(names.Text(cache.Intern(service, std::string_view("k\0z", 3), "v")),
            AttributeText("k", "v"));
}

TEST(AttributeKeys, ExactlyAsManyValuesAreKept) {
  for (const size_t values : {AttributeKeys::kMostValues, AttributeKeys::kMostValues + 1}) {
    Names names;
    AttributeCache cache(names, UseOf);
    const ServiceId service = names.Service("s");
    for (size_t i = 0; i < values; ++i) cache.Intern(service, "k", fmt::format("{}", i));
    const uint64_t key = NameTable::HashText("k");
    EXPECT_EQ(names.attribute_keys.KeyLeftOut(Index(service), key),
              values > AttributeKeys::kMostValues);
  }
}

}  // namespace
}  // namespace plumbago::model
