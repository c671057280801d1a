// What holds for the state of every analysis, over any traces: it merges in any order to the same
// bytes, wherever its tables lie; and saving and loading is the identity, also where the names have
// other numbers afterwards.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/analysis.h"
#include "base/kept_blocks.h"
#include "base/testing/dice.h"
#include "document/testing/report_text.h"
#include "graph/trace_builder.h"

namespace plumbago::analysis {
namespace {

using model::Kind;

// A row in words, so that it can be made with any numbering of the names.
struct PlainRow {
  std::string id, caller, callee, operation;
  Kind kind = Kind::kRpc;
  model::Side side = model::Side::kUnknown;
  model::Status status = model::Status::kUnset;
  int64_t start_ms = 0, duration_ms = 0;
  float weight = 1;
};
struct PlainSample {
  model::Measure measure = model::Measure::kCpu;
  model::Flow flow = model::Flow::kNone;
  std::string service, instance, host;
  int64_t time_s = 0;
  double value = 0;
};
// A trace, and samples of about its time: both are shown together here.
struct PlainTrace {
  uint64_t id = 0;
  std::vector<PlainRow> rows;
  std::vector<PlainSample> samples = {};
};

// Of a few instances on a few hosts, or of a host itself; some values are odd.
PlainSample RandomSample(int64_t time_s, Dice& dice) {
  PlainSample sample;
  sample.measure = static_cast<model::Measure>(dice.Below(model::kMeasures));
  sample.flow = static_cast<model::Flow>(dice.Below(model::kFlows));
  const uint64_t instance = dice.Below(6);
  if (!dice.Once(5)) sample.instance = fmt::format("pod{}", instance);
  if (!dice.Once(4)) sample.host = fmt::format("node{}", instance % 3);
  sample.service = fmt::format("S{}", instance);
  sample.time_s = time_s + static_cast<int64_t>(dice.Below(300));
  sample.value = dice.Once(9) ? 1e30 : static_cast<double>(dice.Below(1000)) / 1000;
  return sample;
}

// A tree of calls at some moment of a month, rows of both sides, some lost.
PlainTrace RandomTrace(uint64_t id, Dice& dice) {
  constexpr std::array kKinds = {Kind::kRpc,      Kind::kHttp,    Kind::kCache,
                                 Kind::kDatabase, Kind::kMessage, Kind::kOther};
  PlainTrace trace{id, {}};
  const float weight = dice.Once(4) ? 1.0f + static_cast<float>(dice.Below(300)) / 100 : 1.0f;
  const int64_t begin = static_cast<int64_t>(dice.Below(30) * 86'400'000 + dice.Below(20'000));
  struct Caller {
    std::string id, service;
    int64_t start, duration;
    int callees = 0;
  };
  const auto service = [&] { return fmt::format("S{}", dice.Below(1 + dice.Below(12))); };
  std::vector<Caller> callers{
      {"0", service(), begin, static_cast<int64_t>(1 + dice.Below(400) * dice.Below(50))}};
  for (uint64_t i = dice.Below(12); i > 0; --i) {
    trace.samples.push_back(RandomSample(begin / 1000, dice));
  }
  trace.rows.push_back({"0", "", callers[0].service, "entry", Kind::kHttp, model::Side::kServer,
                        model::Status::kUnset, begin, callers[0].duration, weight});
  for (uint64_t i = dice.Below(14); i > 0; --i) {
    Caller& caller = callers[dice.Below(callers.size())];
    PlainRow row;
    row.id = fmt::format("{}.{}", caller.id, ++caller.callees);
    row.caller = caller.service;
    row.callee = dice.Once(20) ? "" : service();
    row.operation = dice.Once(5) ? "" : fmt::format("op{}", dice.Below(9));
    row.kind = kKinds[dice.Below(kKinds.size())];
    row.side = model::Side::kClient;
    row.status = static_cast<model::Status>(dice.Below(3));
    row.start_ms = caller.start + static_cast<int64_t>(dice.Below(5));
    row.duration_ms = static_cast<int64_t>(dice.Below(100));
    row.weight = weight;
    if (model::IsStateful(row.kind)) row.callee = "db" + row.callee;
    if (!dice.Once(12)) trace.rows.push_back(row);
    if (!model::IsStateful(row.kind)) {
      callers.push_back({row.id, row.callee, row.start_ms, row.duration_ms});
      row.side = model::Side::kServer;
      ++row.start_ms;
      if (!dice.Once(3)) trace.rows.push_back(row);
    }
  }
  return trace;
}

std::vector<PlainTrace> RandomTraces(Dice& dice, uint64_t most) {
  std::vector<PlainTrace> traces;
  for (uint64_t i = 1 + dice.Below(most); i > 0; --i) traces.push_back(RandomTrace(i, dice));
  return traces;
}

// Names of these traces, numbered by their texts, as a run has them when it observes.
class World {
 public:
  explicit World(const std::vector<PlainTrace>& traces) : builder_(names_) {
    for (const PlainTrace& trace : traces) {
      Calls(trace);
      for (const PlainSample& sample : trace.samples) Made(sample);
    }
    names_.Sort();
    facts_.names = &names_;
    facts_.sides_marked = true;
  }

  void Observe(AnyState& state, const PlainTrace& plain) {
    const std::deque<model::Call> calls = Calls(plain);
    std::deque<std::string> paths;
    std::vector<graph::Row> rows;
    for (size_t i = 0; i < calls.size(); ++i) {
      model::EncodePath(plain.rows[i].id, paths.emplace_back());
      rows.push_back({&calls[i], paths.back()});
    }
    model::DamageCounts damage;
    builder_.Load(calls.front().trace, rows, damage);
    graph::CallGraph graph;
    for (const PlainSample& sample : plain.samples) state.Observe(Made(sample), facts_);
    if (!builder_.Build(graph::RepairMode::kRebuild, graph)) return;
    graph.sides_marked = true;
    state.Observe(graph, facts_);
  }
  std::string Conclude(const AnyState& state, bool headline_only) const {
    Facts facts = facts_;
    facts.headline_only = headline_only;
    return document::testing::ReportText::Of(state.Conclude(facts));
  }
  const model::Names& names() const { return names_; }

 private:
  model::Sample Made(const PlainSample& plain) {
    model::Sample sample;
    sample.measure = plain.measure;
    sample.flow = plain.flow;
    sample.service = names_.Service(plain.service);
    sample.instance = names_.Instance(plain.instance);
    sample.host = names_.Instance(plain.host);
    sample.time_ns = plain.time_s * 1'000'000'000;
    sample.value = plain.value;
    return sample;
  }
  std::deque<model::Call> Calls(const PlainTrace& plain) {
    std::deque<model::Call> calls;
    for (const PlainRow& row : plain.rows) {
      model::Call& call = calls.emplace_back();
      call.trace = model::TraceId::Parse(fmt::format("T_{}", plain.id * 0x9E3779B97F4A7C15u));
      call.caller = names_.Service(row.caller);
      call.callee = names_.Service(row.callee);
      call.operation = names_.Operation(row.operation);
      // Two pods a service, the same for both rows of a call.
      call.caller_instance = PodOf(row.caller, plain.id);
      call.callee_instance = PodOf(row.callee, plain.id);
      call.kind = row.kind;
      call.side = row.side;
      call.status = row.status;
      call.start_ns = row.start_ms * 1'000'000;
      call.duration_ns = row.duration_ms * 1'000'000;
      call.weight = row.weight;
    }
    return calls;
  }

  model::InstanceId PodOf(const std::string& service, uint64_t trace) {
    if (service.empty() || service.size() % 3 == 0) return model::kNoInstance;
    return names_.Instance(fmt::format("pod{}", (service.back() + trace) % 6));
  }

  model::Names names_;
  graph::TraceBuilder builder_;
  Facts facts_;
};

// A saved state.
struct Saved {
  std::string fields;
  std::map<std::string, std::vector<std::string>> tables;
  bool operator==(const Saved&) const = default;
};

Saved Save(AnyState& state) {
  state.Freeze();
  Saved saved;
  state.Save(saved.fields);
  std::vector<std::string>* table = nullptr;
  const auto done = state.SaveTables([&](const std::string& name) { table = &saved.tables[name]; },
                                     [&](const std::string& block) -> Result<void> {
                                       table->push_back(block);
                                       return {};
                                     });
  RC_ASSERT(done.has_value());
  return saved;
}

std::unique_ptr<AnyState> Load(const AnyAnalysis& analysis, const Saved& saved,
                               const std::shared_ptr<const statistics::IdMaps>& maps) {
  std::unique_ptr<AnyState> state = analysis.make();
  RC_ASSERT(state->Load(saved.fields, maps));
  state->LoadTables(
      [&](const std::string& name) -> std::shared_ptr<const BlockStore> {
        const auto at = saved.tables.find(name);
        return at == saved.tables.end() ? nullptr : std::make_shared<KeptBlocks>(at->second);
      },
      maps);
  return state;
}

// The numbers in `to` of what is numbered in `from`.
std::shared_ptr<const statistics::IdMaps> Maps(const World& from, const World& to) {
  auto maps = std::make_shared<statistics::IdMaps>();
  const auto fill = [](const model::NameTable& old, const model::NameTable& now,
                       std::vector<uint32_t>& map) {
    for (uint32_t id = 0; id < old.size(); ++id) {
      map.push_back(const_cast<model::NameTable&>(now).Intern(old.Text(id)));
    }
  };
  fill(from.names().services, to.names().services, maps->of[0]);
  fill(from.names().operations, to.names().operations, maps->of[1]);
  fill(from.names().instances, to.names().instances, maps->of[2]);
  fill(from.names().attributes, to.names().attributes, maps->of[3]);
  return maps;
}

class EveryAnalysis : public testing::TestWithParam<const AnyAnalysis*> {};

TEST_P(EveryAnalysis, MergesInAnyOrderToTheSameBytes) {
  const AnyAnalysis& analysis = *GetParam();
  EXPECT_TRUE(rc::check([&](uint64_t seed) {
    Dice dice(seed);
    std::vector<PlainTrace> traces = RandomTraces(dice, 40);
    World world(traces);
    const auto whole = analysis.make();
    for (const PlainTrace& trace : traces) world.Observe(*whole, trace);
    const Saved expected = Save(*whole);

    const auto spill = std::make_shared<SpillFile>();
    std::shuffle(traces.begin(), traces.end(), dice.engine());
    std::vector<std::unique_ptr<AnyState>> parts(1 + dice.Below(6));
    for (auto& part : parts) part = analysis.make();
    for (const PlainTrace& trace : traces) {
      AnyState& part = *parts[dice.Below(parts.size())];
      world.Observe(part, trace);
      if (dice.Once(8)) part.Freeze();
      if (dice.Once(8)) RC_ASSERT(part.Spill(spill).has_value());
    }
    // Any two, until one is left: every order, and every way to put brackets.
    while (parts.size() > 1) {
      std::shuffle(parts.begin(), parts.end(), dice.engine());
      const std::unique_ptr<AnyState> from = std::move(parts.back());
      parts.pop_back();
      if (dice.Once(3)) parts.back()->Freeze();
      parts.back()->Merge(std::move(*(dice.Once(2) ? from->Copy() : from->Copy()->Copy())));
    }
    RC_ASSERT(Save(*parts.front()) == expected);
    // What is not in the list of fields would be missing here.
    const bool headline_only = !dice.Once(20);
    RC_ASSERT(world.Conclude(*parts.front(), headline_only) ==
              world.Conclude(*whole, headline_only));
    // Reading a state leaves it as it is.
    RC_ASSERT(Save(*parts.front()) == expected);
  }));
}

TEST_P(EveryAnalysis, LoadsWhatItSavedUnderOtherNumbersOfNames) {
  const AnyAnalysis& analysis = *GetParam();
  EXPECT_TRUE(rc::check([&](uint64_t seed) {
    Dice dice(seed);
    const std::vector<PlainTrace> here = RandomTraces(dice, 15);
    std::vector<PlainTrace> all = RandomTraces(dice, 15);
    const size_t others = all.size();
    all.insert(all.end(), here.begin(), here.end());
    World small(here), large(all);

    const auto saved_state = analysis.make();
    for (const PlainTrace& trace : here) small.Observe(*saved_state, trace);
    const Saved saved = Save(*saved_state);
    const auto same = Load(analysis, saved, Maps(small, small));
    RC_ASSERT(Save(*same) == saved);

    const auto direct = analysis.make();
    for (const PlainTrace& trace : here) large.Observe(*direct, trace);
    const auto loaded = Load(analysis, saved, Maps(small, large));
    RC_ASSERT(Save(*loaded) == Save(*direct));
    RC_ASSERT(large.Conclude(*loaded, true) == large.Conclude(*direct, true));

    // And it goes on as the original would.
    for (size_t i = 0; i < others; ++i) {
      large.Observe(*direct, all[i]);
      large.Observe(*loaded, all[i]);
    }
    RC_ASSERT(Save(*loaded) == Save(*direct));
  }));
}

TEST_P(EveryAnalysis, RefusesNamesThatAreNotThere) {
  const AnyAnalysis& analysis = *GetParam();
  Dice dice(3);
  const std::vector<PlainTrace> traces = RandomTraces(dice, 40);
  World world(traces);
  const auto state = analysis.make();
  for (const PlainTrace& trace : traces) world.Observe(*state, trace);
  const Saved saved = Save(*state);
  const auto nothing = std::make_shared<statistics::IdMaps>();
  const auto loaded = analysis.make();
  std::vector<std::shared_ptr<KeptBlocks>> stores;
  const bool fields = loaded->Load(saved.fields, nothing);
  loaded->LoadTables(
      [&](const std::string& name) -> std::shared_ptr<const BlockStore> {
        return stores.emplace_back(std::make_shared<KeptBlocks>(saved.tables.at(name)));
      },
      nothing);
  bool empty = true;
  if (fields) Save(*loaded);
  for (const auto& store : stores) {
    if (store->blocks().empty()) continue;
    empty = false;
    if (fields) {
      EXPECT_EQ(store->trouble(), "its records make no sense");
    }
  }
  // What has neither names in its fields nor tables can be loaded anywhere.
  EXPECT_TRUE(!saved.tables.empty() || (fields && empty));
}

TEST_P(EveryAnalysis, RefusesOrLoadsAnyBytes) {
  const AnyAnalysis& analysis = *GetParam();
  EXPECT_TRUE(rc::check([&](uint64_t seed) {
    Dice dice(seed);
    const std::vector<PlainTrace> traces = RandomTraces(dice, 10);
    World world(traces);
    const auto state = analysis.make();
    for (const PlainTrace& trace : traces) world.Observe(*state, trace);
    Saved saved = Save(*state);
    std::vector<std::string*> pieces{&saved.fields};
    for (auto& [name, blocks] : saved.tables) {
      for (std::string& block : blocks) pieces.push_back(&block);
    }
    std::string& piece = *pieces[dice.Below(pieces.size())];
    for (uint64_t flips = dice.Below(4); flips > 0 && !piece.empty(); --flips) {
      piece[dice.Below(piece.size())] = static_cast<char>(dice.Below(256));
    }
    if (dice.Once(4)) piece.resize(dice.Below(piece.size() + 1));
    const auto maps = Maps(world, world);
    const auto loaded = analysis.make();
    if (!loaded->Load(saved.fields, maps)) return;
    std::vector<std::shared_ptr<KeptBlocks>> stores;
    loaded->LoadTables(
        [&](const std::string& name) -> std::shared_ptr<const BlockStore> {
          const auto at = saved.tables.find(name);
          if (at == saved.tables.end()) return nullptr;
          return stores.emplace_back(std::make_shared<KeptBlocks>(at->second));
        },
        maps);
    const Saved again = Save(*loaded);
    // What is taken without a complaint is written as it was read.
    for (const auto& store : stores) {
      if (!store->trouble().empty()) return;
    }
    std::erase_if(saved.tables, [](const auto& table) { return table.second.empty(); });
    Saved written = again;
    std::erase_if(written.tables, [](const auto& table) { return table.second.empty(); });
    RC_ASSERT(written == saved);
  }));
}

std::vector<const AnyAnalysis*> All() {
  std::vector<const AnyAnalysis*> all;
  for (const auto list : {Analyses(), SavedAnalyses()}) {
    for (const AnyAnalysis& analysis : list) all.push_back(&analysis);
  }
  return all;
}

std::string NameOf(const testing::TestParamInfo<const AnyAnalysis*>& one) {
  std::string name = one.param->description->id;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryAnalysis, testing::ValuesIn(All()), NameOf);

}  // namespace
}  // namespace plumbago::analysis
