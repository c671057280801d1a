// Against planted truth, a twin that counts spans by definition, and shuffled attributes, of which
// nothing may be reported.
#include "analysis/attributes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/strong_id.h"
#include "base/testing/dice.h"
#include "model/attribute_text.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using model::AttributeId;

// Spans of one trace, made by hand.
class Made {
 public:
  Made(model::Names& names, uint64_t number, int64_t start_ms) : names_(names) {
    graph_.trace = model::TraceId::Parse(fmt::format("{:032x}", number * 0x9E3779B97F4A7C15ull));
    graph_.start_ns = start_ms * 1'000'000;
  }
  void Span(const char* service, const char* operation, double ms, bool failed,
            const std::vector<std::pair<std::string, std::string>>& attributes) {
    graph::TraceSpan& span = spans_.emplace_back();
    span.service = names_.Service(service);
    span.operation = names_.Operation(operation);
    span.id = spans_.size();
    span.start_ns = graph_.start_ns;
    span.duration_ns = static_cast<int64_t>(ms * 1e6);
    span.status = failed ? model::Status::kError : model::Status::kUnset;
    std::vector<AttributeId>& ids = ids_.emplace_back();
    for (const auto& [key, value] : attributes) {
      ids.push_back(Id<AttributeId>(names_.attributes.Intern(model::AttributeText(key, value))));
    }
  }
  const graph::CallGraph& Graph() {
    for (size_t i = 0; i < spans_.size(); ++i) spans_[i].attributes = ids_[i];
    graph_.spans = spans_;
    return graph_;
  }

 private:
  model::Names& names_;
  graph::CallGraph graph_;
  std::vector<graph::TraceSpan> spans_;
  std::vector<std::vector<AttributeId>> ids_;
};

class AttributesTest : public testing::Test {
 protected:
  Facts Facts_() const {
    Facts facts;
    facts.names = &names_;
    return facts;
  }
  void Observe(Made& made) { Attributes::Observe(state_, made.Graph(), Facts_()); }
  // "service operation key=value key=value".
  std::set<std::string> Texts(const std::vector<Attributes::Compared>& list) const {
    std::set<std::string> texts;
    for (const auto& one : list) {
      std::string text = fmt::format("{} {}", names_.Text(one.service), names_.Text(one.operation));
      std::set<std::string> values;
      for (const AttributeId id : one.attributes) {
        const auto parts = model::PartsOfAttribute(names_.Text(id));
        values.insert(fmt::format(" {}={}", parts.key, parts.value));
      }
      for (const std::string& value : values) text += value;
      texts.insert(text);
    }
    return texts;
  }

  model::Names names_;
  Attributes::State state_;
};

// A few milliseconds, log-normal.
double Lognormal(std::mt19937_64& random, double median) {
  return median * std::exp(std::normal_distribution<double>(0, 0.5)(random));
}

TEST_F(AttributesTest, FindsWhatWasPlantedAndNothingElse) {
  std::mt19937_64 random(5);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (uint64_t t = 0; t < 12'000; ++t) {
    Made made(names_, t + 1, static_cast<int64_t>(t) * 60);
    const uint64_t pod = below(6);
    const bool canary = below(5) == 0;
    const std::string tier = below(2) == 0 ? "free" : "paid";
    const std::vector<std::pair<std::string, std::string>> attributes = {
        {"k8s.pod.name", fmt::format("cart-{}", pod)},
        {"host.name", fmt::format("node-{}", pod)},  // the same spans
        {"service.version", canary ? "v2" : "v1"},
        {"user.tier", tier},
        {"cloud.region", "here"}};
    const bool failed = below(100) < (canary ? 9u : 2u);
    auto with_handler = [&](const char* handler) {
      auto all = attributes;
      all.emplace_back("handler", handler);
      if (failed) all.emplace_back("http.status_code", "503");
      return all;
    };
    made.Span("cart", "GET /cart", Lognormal(random, pod == 3 ? 13 : 8), failed,
              with_handler("quick"));
    // Ten times as slow, and it fails: by what it does, not by its attribute.
    made.Span("cart", "GET /report", Lognormal(random, 80), below(100) < 30,
              {{"user.tier", tier}, {"handler", "long"}});
    Observe(made);
  }
  const Attributes::Result result = Attributes::Compare(state_, Facts_());
  EXPECT_EQ(Texts(result.slow),
            std::set<std::string>{"cart GET /cart host.name=node-3 k8s.pod.name=cart-3"});
  EXPECT_EQ(Texts(result.failed), std::set<std::string>{"cart GET /cart service.version=v2"});
  ASSERT_EQ(result.slow.size(), 1u);
  const AttributeEffect& slow = result.slow.front().effect;
  EXPECT_NEAR(slow.time_ratio, 13.0 / 8, 0.15);
  EXPECT_LT(slow.time_bounds->low, 13.0 / 8);
  EXPECT_GT(slow.time_bounds->high, 13.0 / 8);
  EXPECT_NEAR(slow.with.median_ns, 13e6, 1.3e6);
  EXPECT_NEAR(slow.without.median_ns, 8e6, 0.6e6);
  ASSERT_EQ(result.failed.size(), 1u);
  const AttributeEffect& failed = result.failed.front().effect;
  EXPECT_NEAR(failed.failed_ratio, 4.5, 1);
  EXPECT_GT(failed.failed_bounds->low, 2);

  const document::Section section = Attributes::Conclude(state_, Facts_());
  for (const auto& finding : section.findings) {
    EXPECT_EQ(finding.verdict, Verdict::kSupported) << finding.id;
    EXPECT_FALSE(finding.reason.empty());
  }
  EXPECT_NE(section.findings[0].claim.find("service.version=v2"), std::string::npos);
  EXPECT_NE(section.findings[1].claim.find("k8s.pod.name=cart-3"), std::string::npos);
}

// A tail that the typical time does not show: one in eight is stuck.
TEST_F(AttributesTest, FindsATail) {
  std::mt19937_64 random(6);
  for (uint64_t t = 0; t < 4000; ++t) {
    Made made(names_, t + 1, static_cast<int64_t>(t) * 60);
    const bool old = random() % 8 == 0;
    const bool stuck = random() % 100 < (old ? 18u : 2u);
    made.Span("s", "op", Lognormal(random, 5) * (stuck ? 20 : 1), false,
              {{"flag", old ? "off" : "on"}});
    Observe(made);
  }
  const Attributes::Result result = Attributes::Compare(state_, Facts_());
  ASSERT_EQ(Texts(result.slow), std::set<std::string>{"s op flag=off"});
  EXPECT_TRUE(result.slow.front().slow_more());
}

// Spans of a trace share their fate, seconds have moods, and attributes are drawn for each trace.
struct Shuffled {
  model::Names names;
  Attributes::State state;
  explicit Shuffled(uint64_t seed) {
    std::mt19937_64 random(seed);
    Facts facts;
    facts.names = &names;
    std::vector<double> moods(70);
    for (double& mood : moods) mood = std::normal_distribution<double>(0, 0.4)(random);
    for (uint64_t t = 0; t < 500; ++t) {
      const auto ms = static_cast<int64_t>(random() % 60'000);
      Made made(names, t + 1, ms);
      std::vector<std::pair<std::string, std::string>> attributes;
      for (uint64_t key = 0; key < 8; ++key) {
        const uint64_t value = std::min(random() % (2 + 3 * key), random() % (2 + 3 * key));
        attributes.emplace_back(fmt::format("key{}", key), fmt::format("value{}", value));
      }
      const double fate = std::exp(
          std::normal_distribution<double>(moods[static_cast<size_t>(ms / 1000)], 0.7)(random));
      const bool bad = random() % 12 == 0;
      for (uint64_t i = 0, n = 1 + random() % 6; i < n; ++i) {
        made.Span("s", "op", Lognormal(random, 5) * fate, bad && random() % 2 == 0, attributes);
      }
      Attributes::Observe(state, made.Graph(), facts);
    }
  }
};

TEST(AttributesShuffled, SayNothingInNearlyAllRuns) {
  size_t told = 0;
  uint64_t compared = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    Shuffled shuffled(seed);
    Facts facts;
    facts.names = &shuffled.names;
    const Attributes::Result result = Attributes::Compare(shuffled.state, facts);
    told += !result.failed.empty() || !result.slow.empty() ? 1 : 0;
    compared += result.compared;
  }
  EXPECT_LE(told, 5u);
  EXPECT_GT(compared, 4000u);  // something was looked at
  RecordProperty("told", static_cast<int>(told));
  fmt::print("told something in {} of 100 runs, {} values compared\n", told, compared);
}

// What there is of an operation and a value, by definition.
struct Twin {
  struct Sum {
    uint64_t spans = 0, failed = 0;
    std::vector<int64_t> durations;
    std::array<uint64_t, AttributeCell::kGroups> by_group{};
  };
  std::map<std::tuple<std::string, std::string, std::string>, Sum> sums;
};

TEST_F(AttributesTest, CountsAsTheTwinInAnyOrderOfSets) {
  Dice dice(11);
  Twin twin;
  Attributes::State parts[3];
  for (uint64_t t = 0; t < 3000; ++t) {
    const auto start = static_cast<int64_t>(dice.Below(1000) * 300);
    Made made(names_, t + 1, start);
    for (uint64_t i = 1 + dice.Below(4); i > 0; --i) {
      const std::string service = fmt::format("s{}", dice.Below(3));
      const std::string operation = fmt::format("op{}", dice.Below(4));
      const bool failed = dice.Once(5);
      const auto ms = static_cast<double>(1 + dice.Below(500));
      std::vector<std::pair<std::string, std::string>> attributes;
      // Many more sets than are held at once; some attributes twice.
      for (uint64_t a = dice.Below(6); a > 0; --a) {
        attributes.emplace_back(fmt::format("k{}", dice.Below(4)),
                                fmt::format("v{}", dice.Below(9)));
      }
      made.Span(service.c_str(), operation.c_str(), ms, failed, attributes);
      std::set<std::string> values{""};
      for (const auto& [key, value] : attributes) values.insert(key + "=" + value);
      for (const std::string& value : values) {
        Twin::Sum& sum = twin.sums[{service, operation, value}];
        ++sum.spans;
        sum.failed += failed ? 1 : 0;
        sum.durations.push_back(static_cast<int64_t>(ms * 1e6));
        ++sum.by_group[AttributeCell::GroupOf(start * 1'000'000, 0)];
      }
    }
    Attributes::Observe(parts[dice.Below(3)], made.Graph(), Facts_());
  }
  MergeFields(parts[1], std::move(parts[2]));
  MergeFields(parts[0], std::move(parts[1]));
  size_t seen = 0;
  parts[0].cells.ForEach([&](const AttributeCell& cell) {
    ++seen;
    std::string value;
    if (cell.attribute != model::kNoAttribute) {
      const auto part = model::PartsOfAttribute(names_.Text(cell.attribute));
      value = fmt::format("{}={}", part.key, part.value);
    }
    const Twin::Sum& sum = twin.sums.at(
        {std::string(names_.Text(cell.service)), std::string(names_.Text(cell.operation)), value});
    EXPECT_EQ(cell.spans(), sum.spans);
    EXPECT_EQ(cell.failed(), sum.failed);
    statistics::QuantileSketch sketch;
    uint64_t squares = 0;
    for (const int64_t ns : sum.durations) {
      sketch.Add(ns);
      squares += AttributeCell::LogOf(ns) * AttributeCell::LogOf(ns);
    }
    EXPECT_EQ(cell.latency, sketch);
    EXPECT_EQ(cell.squares, squares);
    for (size_t i = 0; i < AttributeCell::kGroups; ++i) {
      EXPECT_EQ(cell.groups[i].spans, sum.by_group[i]);
    }
  });
  EXPECT_EQ(seen, twin.sums.size());
}

// Shares, medians and the slow, from the spans themselves.
TEST_F(AttributesTest, EffectAsByDefinition) {
  std::mt19937_64 random(3);
  AttributeCell all, cell;
  std::vector<int64_t> with, without;
  uint64_t failed_with = 0, failed_without = 0;
  for (int i = 0; i < 5000; ++i) {
    const bool has = random() % 3 == 0;
    AttributeSpan span;
    span.duration_ns = static_cast<int64_t>(Lognormal(random, has ? 6 : 5) * 1e6);
    span.group = static_cast<uint8_t>(random() % AttributeCell::kGroups);
    span.failed = random() % (has ? 8 : 20) == 0;
    all.Add(span);
    if (has) cell.Add(span);
    (has ? with : without).push_back(span.duration_ns);
    (has ? failed_with : failed_without) += span.failed ? 1 : 0;
  }
  const auto slow = static_cast<int64_t>(*all.latency.Quantile(0.95));
  const auto effect = EffectOf(cell, all, slow);
  ASSERT_TRUE(effect);
  const auto median = [](std::vector<int64_t>& values) {
    std::sort(values.begin(), values.end());
    return static_cast<double>(values[(values.size() - 1) / 2]);
  };
  const auto above = [&](const std::vector<int64_t>& values) {
    return static_cast<double>(
        std::count_if(values.begin(), values.end(), [&](int64_t ns) { return ns > slow; }));
  };
  EXPECT_NEAR(effect->with.median_ns, median(with), 0.011 * median(with));
  EXPECT_NEAR(effect->without.median_ns, median(without), 0.011 * median(without));
  EXPECT_EQ(effect->with.failed, failed_with);
  EXPECT_EQ(effect->without.failed, failed_without);
  EXPECT_NEAR(static_cast<double>(effect->with.slow), above(with), 0.1 * above(with));
  EXPECT_NEAR(static_cast<double>(effect->without.slow), above(without), 0.1 * above(without));
  double logs = 0;
  for (const int64_t ns : with) logs += std::log(ns) / static_cast<double>(with.size());
  for (const int64_t ns : without) logs -= std::log(ns) / static_cast<double>(without.size());
  EXPECT_NEAR(effect->time_ratio, std::exp(logs), 0.005);

  // Wilcoxon's sum from all pairs, durations in one bucket being tied.
  double wins = 0, ties = 0;
  std::map<uint64_t, double> buckets;
  for (const int64_t a : with) {
    ++buckets[AttributeCell::LogOf(a)];
    for (const int64_t b : without) {
      const auto x = AttributeCell::LogOf(a), y = AttributeCell::LogOf(b);
      wins += x > y ? 1 : x == y ? 0.5 : 0;
    }
  }
  for (const int64_t b : without) ++buckets[AttributeCell::LogOf(b)];
  for (const auto& [bucket, count] : buckets) ties += count * count * count - count;
  const auto n = static_cast<double>(with.size()), m = static_cast<double>(without.size());
  const double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  EXPECT_NEAR(effect->rank_z, (wins - n * m / 2) / std::sqrt(variance), 1e-6);
}

// A value that is seen in some seconds only, which have moods of their own, while all others are
// seen always: the others say that spans are independent, and only its own jackknife knows better.
TEST(AttributesShuffled, AMoodIsNoAttribute) {
  size_t told = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    std::mt19937_64 random(seed);
    model::Names names;
    Attributes::State state;
    Facts facts;
    facts.names = &names;
    std::set<uint64_t> seconds;
    while (seconds.size() < 14) seconds.insert(random() % 60);
    std::vector<double> moods(60), luck(60);
    for (double& mood : moods) mood = std::exp(std::normal_distribution<double>(0, 0.5)(random));
    for (double& one : luck) one = std::exp(std::normal_distribution<double>(0, 1)(random));
    for (uint64_t t = 0; t < 3000; ++t) {
      const uint64_t second = t / 50;
      Made made(names, t + 1, static_cast<int64_t>(t) * 20);
      std::vector<std::pair<std::string, std::string>> attributes;
      for (uint64_t key = 0; key < 8; ++key) {
        attributes.emplace_back(fmt::format("key{}", key), fmt::format("v{}", random() % 3));
      }
      if (seconds.contains(second)) attributes.emplace_back("job", "runs");
      made.Span("s", "op", Lognormal(random, 5) * moods[second],
                static_cast<double>(random() % 100) < 5 * luck[second], attributes);
      Attributes::Observe(state, made.Graph(), facts);
    }
    const Attributes::Result result = Attributes::Compare(state, facts);
    told += !result.failed.empty() || !result.slow.empty() ? 1 : 0;
  }
  fmt::print("told something in {} of 100 runs\n", told);
  EXPECT_LE(told, 5u);
}

// Intervals hold what was planted in about 95 of 100 draws: 90 at least.
TEST(AttributesEffects, IntervalsHoldThePlantedRatio) {
  std::mt19937_64 random(4);
  size_t times = 0, fails = 0;
  for (int draw = 0; draw < 200; ++draw) {
    AttributeCell all, cell;
    for (uint8_t group = 0; group < AttributeCell::kGroups; ++group) {
      const double mood = std::exp(std::normal_distribution<double>(0, 0.2)(random));
      for (int i = 0; i < 120; ++i) {
        const bool has = random() % 4 == 0;
        const AttributeSpan span{
            0, static_cast<int64_t>(Lognormal(random, has ? 7.5 : 5) * mood * 1e6), group,
            random() % 100 < (has ? 24u : 8u)};
        all.Add(span);
        if (has) cell.Add(span);
      }
    }
    const auto effect = EffectOf(cell, all, 1);
    ASSERT_TRUE(effect);
    times += effect->time_bounds->low <= 1.5 && 1.5 <= effect->time_bounds->high ? 1 : 0;
    fails += effect->failed_bounds->low <= 3 && 3 <= effect->failed_bounds->high ? 1 : 0;
  }
  EXPECT_GE(times, 180u);
  EXPECT_GE(fails, 180u);
}

TEST_F(AttributesTest, SavesAndLoads) {
  for (uint64_t t = 0; t < 300; ++t) {
    Made made(names_, t + 1, static_cast<int64_t>(t) * 500);
    made.Span("s", "op", 1 + static_cast<double>(t % 7), t % 9 == 0,
              {{"k", fmt::format("v{}", t % 5)}});
    Observe(made);
  }
  state_.cells.Freeze();
  state_.cells.ForEach([](const AttributeCell& cell) {
    std::string bytes;
    cell.Save(bytes);
    statistics::StateReader in(bytes);
    AttributeCell back;
    ASSERT_TRUE(back.Load(in));
    EXPECT_EQ(in.remaining(), 0u);
    std::string again;
    back.Save(again);
    EXPECT_EQ(again, bytes);
  });
}

// Of two states neither has too many values; together they have.
TEST_F(AttributesTest, TooManyValuesTogetherAreLeftOut) {
  Attributes::State parts[2];
  for (uint64_t t = 0; t < 400; ++t) {
    Made made(names_, t + 1, static_cast<int64_t>(t) * 100);
    made.Span("s", "op", 5, false, {{"id", fmt::format("{}", t)}, {"few", t % 2 ? "a" : "b"}});
    Attributes::Observe(parts[t % 2], made.Graph(), Facts_());
  }
  EXPECT_TRUE(Attributes::Compare(parts[0], Facts_()).not_compared.empty());
  MergeFields(parts[0], std::move(parts[1]));
  const Attributes::Result result = Attributes::Compare(parts[0], Facts_());
  ASSERT_EQ(result.not_compared.size(), 1u);
  EXPECT_EQ(result.not_compared[0].key, "id");
  EXPECT_EQ(result.not_compared[0].spans, 400u);
  EXPECT_EQ(result.compared, 2u);
}

TEST_F(AttributesTest, SaysWhyItCannotSay) {
  const auto reason = [&] {
    const document::Section section = Attributes::Conclude(state_, Facts_());
    EXPECT_EQ(section.findings.front().verdict, Verdict::kCannotSay);
    return section.findings.front().reason;
  };
  EXPECT_NE(reason().find("no spans"), std::string::npos);
  Made bare(names_, 1, 0);
  bare.Span("s", "op", 5, false, {});
  Observe(bare);
  EXPECT_NE(reason().find("has attributes"), std::string::npos);
  for (uint64_t t = 0; t < 30; ++t) {
    Made made(names_, t + 2, 0);  // all in one second
    made.Span("s", "op", 5, false, {{"k", t % 2 ? "a" : "b"}});
    Observe(made);
  }
  EXPECT_NE(reason().find("too little data"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::analysis
