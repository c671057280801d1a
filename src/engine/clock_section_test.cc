// The whole way: rows of hosts whose clocks differ give the same answers as those of hosts whose
// clocks agree, and the difference is told.
#include "engine/clock_section.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/characterise.h"
#include "engine/trace_search.h"

namespace plumbago::engine {
namespace {

// 60 requests: gate on one host calls cart on another, 200 us away either way.
class Requests {
 public:
  explicit Requests(int64_t ahead_ns)
      : path_(testing::TempDir() + fmt::format("clocks-{}-{}.csv", getpid(), ahead_ns)) {
    std::ofstream out(path_);
    out << "trace,span,parent,caller,callee,operation,side,start_ns,duration_ns,caller_instance,"
           "callee_instance\n";
    for (int i = 1; i <= 60; ++i) {
      const int64_t start = 1'000'000'000'000 + i * 10'000'000;
      const int64_t work = 1'000'000 + i * 1'000;
      out << fmt::format("{:032x},1,,,gate,GET,server,{},{},,gate-1\n", i, start, work + 900'000);
      out << fmt::format("{:032x},2,1,gate,,get,client,{},{},gate-1,\n", i, start + 300'000,
                         work + 400'000);
      out << fmt::format("{:032x},3,2,,cart,get,server,{},{},,cart-1\n", i,
                         start + 500'000 + ahead_ns, work);
    }
  }
  ~Requests() { std::filesystem::remove(path_); }
  ReadOptions Read() const {
    ReadOptions read;
    read.inputs = {path_};
    read.threads = 2;
    return read;
  }

 private:
  const std::string path_;
};

document::Document Analyse(int64_t ahead_ns, const char* save = "") {
  const Requests requests(ahead_ns);
  CharacteriseOptions options;
  options.read = requests.Read();
  options.save = save;
  auto done = Characterise(options);
  EXPECT_TRUE(done) << done.error().Text();
  return done ? std::move(done->document) : document::Document();
}

uint64_t Shifted(const document::Document& document) {
  for (const document::DamageCount& count : document.input.by_kind) {
    if (count.kind == "clock_skew") return count.count;
  }
  return 0;
}

// All but what is said of clocks.
std::vector<document::Headline> Headlines(const document::Document& document) {
  std::vector<document::Headline> all;
  for (const document::Section& section : document.sections) {
    for (const document::Headline& headline : section.headline) {
      if (!headline.name.starts_with("clock")) all.push_back(headline);
    }
  }
  return all;
}

TEST(Clocks, AnswersAreThoseOfClocksThatAgree) {
  const document::Document agree = Analyse(0);
  EXPECT_EQ(Shifted(agree), 0u);
  const std::vector<document::Headline> expected = Headlines(agree);
  ASSERT_GT(expected.size(), 30u);
  for (const int64_t ahead : {-7'000'000, 40'000'000}) {
    const document::Document differ = Analyse(ahead);
    // Both hosts have as many calls: the first by name is taken to be right, the other moves.
    EXPECT_EQ(Shifted(differ), 120u);
    const std::vector<document::Headline> got = Headlines(differ);
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got[i].value, expected[i].value) << got[i].name;
    }
    const document::Table* clocks = nullptr;
    for (const document::Table& table : differ.sections.front().tables) {
      if (table.id == "clocks") clocks = &table;
    }
    ASSERT_NE(clocks, nullptr);
    ASSERT_EQ(clocks->rows.size(), 1u);
    // Calls there and back take the same time, so both bounds meet at the truth. "cart-1" is first.
    EXPECT_EQ(clocks->rows[0].at(0), document::Cell("cart-1"));
    EXPECT_EQ(clocks->rows[0].at(6), document::Cell(-ahead));
    EXPECT_EQ(clocks->rows[0].at(7), document::Cell("skewed"));
  }
}

TEST(Clocks, ServersLieWithinTheirClients) {
  for (const int64_t ahead : {-7'000'000, 0, 40'000'000}) {
    const Requests requests(ahead);
    TraceSearchOptions options;
    options.read = requests.Read();
    options.show.push_back(model::TraceId::Parse(fmt::format("{:032x}", 7)));
    const auto found = SearchTraces(options);
    ASSERT_TRUE(found && found->shown);
    const auto& spans = found->shown->spans;
    ASSERT_EQ(spans.size(), 3u);
    EXPECT_EQ(spans[2].span.start_ns - spans[1].span.start_ns, 200'000) << ahead;
    EXPECT_EQ(found->damage.Count(model::Damage::kClockSkew), ahead == 0 ? 0u : 120u);
  }
}

// What an open trace's rows would be shifted by may be known otherwise when states are merged.
TEST(Clocks, RunsThatSaveMoveNothing) {
  const std::string state = testing::TempDir() + fmt::format("clocks-{}.plumb", getpid());
  EXPECT_EQ(Shifted(Analyse(40'000'000, state.c_str())), 0u);
  std::filesystem::remove(state);
}

}  // namespace
}  // namespace plumbago::engine
