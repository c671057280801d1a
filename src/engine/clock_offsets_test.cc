#include "engine/clock_offsets.h"

#include <gtest/gtest.h>

#include <random>

#include "base/strong_id.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::InstanceId;
using model::Kind;
using model::Side;
using State = ClockPair::State;

InstanceId Host(uint32_t number) { return Id<InstanceId>(number); }

// Calls between hosts whose clocks are ahead by so much.
class Network {
 public:
  explicit Network(std::vector<int64_t> ahead) : ahead_(std::move(ahead)) {}

  // A call: the request takes `there` ns, the work 1 ms, the answer `back`; the server ends its
  // span `flush` ns after it has answered.
  void Send(uint32_t from, uint32_t to, int64_t there, int64_t back, int64_t flush = 0,
            Kind kind = Kind::kRpc) {
    const int64_t work = 1'000'000;
    now_ += 10'000'000;
    Call client;
    client.span = ++span_;
    client.side = Side::kClient;
    client.kind = kind;
    client.caller_instance = Host(from);
    client.start_ns = now_ + ahead_[from];
    client.duration_ns = there + work + back;
    Call server;
    server.span = ++span_;
    server.parent_span = client.span;
    server.side = Side::kServer;
    server.kind = kind;
    server.callee_instance = Host(to);
    server.start_ns = now_ + there + ahead_[to];
    server.duration_ns = work + flush;
    const std::vector<Call> calls{client, server};
    const std::vector<graph::Row> rows{{&calls[0], {}}, {&calls[1], {}}};
    learner_.Visit({}, rows);
  }
  ClockOffsets Solve() const { return learner_.Solve(ahead_.size()); }
  int64_t Random(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low));
  }
  ClockLearner& learner() { return learner_; }

 private:
  std::vector<int64_t> ahead_;
  ClockLearner learner_;
  int64_t now_ = 1'000'000'000'000;
  uint64_t span_ = 0;
  std::mt19937_64 random_{1};
};

TEST(ClockOffsets, EqualClocksFit) {
  Network network({0, 0, 0});
  for (int i = 0; i < 200; ++i) network.Send(1, 2, network.Random(100'000, 900'000), 300'000);
  const ClockOffsets offsets = network.Solve();
  EXPECT_FALSE(offsets.found());
  ASSERT_EQ(offsets.pairs.size(), 1u);
  EXPECT_EQ(offsets.pairs[0].state, State::kFits);
  EXPECT_EQ(offsets.pairs[0].calls_ab, 200u);
}

TEST(ClockOffsets, ServersThatFlushLateAreNoSkew) {
  Network network({0, 0, 0});
  for (int i = 0; i < 200; ++i) {
    network.Send(1, 2, network.Random(100'000, 900'000), 100'000,
                 network.Random(1'000'000, 3'000'000));
  }
  EXPECT_FALSE(network.Solve().found());
  EXPECT_EQ(network.Solve().pairs[0].state, State::kFits);
}

// The interval holds the truth, the taken middle is within the least travel times.
TEST(ClockOffsets, ASkewedClockIsPutRight) {
  for (const int64_t skew : {-40'000'000, -3'000'000, 3'000'000, 40'000'000}) {
    for (const bool both : {false, true}) {
      Network network({0, 0, skew});
      for (int i = 0; i < 300; ++i) {
        network.Send(1, 2, network.Random(100'000, 2'000'000), network.Random(100'000, 2'000'000));
        if (both && i % 3 == 0) {
          network.Send(2, 1, network.Random(100'000, 2'000'000),
                       network.Random(100'000, 2'000'000));
        }
      }
      const ClockOffsets offsets = network.Solve();
      ASSERT_TRUE(offsets.found()) << skew;
      const ClockPair& pair = offsets.pairs[0];
      EXPECT_EQ(pair.state, State::kSkewed);
      EXPECT_LE(pair.low_ns, skew);
      EXPECT_GE(pair.high_ns, skew);
      EXPECT_NEAR(static_cast<double>(offsets.ahead_ns[2] - offsets.ahead_ns[1]),
                  static_cast<double>(skew), 150'000);
      EXPECT_EQ(offsets.hosts_shifted, 1u);
      EXPECT_EQ(offsets.remaining, 0u);
    }
  }
}

// Servers that end late leave no interval; beginnings alone say that it is skewed.
TEST(ClockOffsets, TheLeastThatPutsCausesFirst) {
  Network network({0, 0, -5'000'000});
  for (int i = 0; i < 300; ++i) {
    network.Send(1, 2, network.Random(200'000, 900'000), 100'000,
                 network.Random(8'000'000, 9'000'000));
  }
  const ClockOffsets offsets = network.Solve();
  ASSERT_TRUE(offsets.found());
  EXPECT_NEAR(static_cast<double>(offsets.ahead_ns[2]), -4'800'000, 20'000);
}

TEST(ClockOffsets, AClockThatDriftsIsToldAndNotMoved) {
  Network early({0, 0, 20'000'000});
  Network late({0, 0, -20'000'000});
  for (int i = 0; i < 100; ++i) {
    for (Network* network : {&early, &late}) {
      network->Send(1, 2, 200'000, 200'000);
      network->Send(2, 1, 200'000, 200'000);
    }
  }
  early.learner().Merge(std::move(late.learner()));
  const ClockOffsets offsets = early.Solve();
  EXPECT_EQ(offsets.pairs[0].state, State::kDrifts);
  EXPECT_FALSE(offsets.found());
  EXPECT_EQ(offsets.remaining, 1u);  // it is told all the same
}

// The same where calls go one way only: half of the servers do not begin too early.
TEST(ClockOffsets, AClockThatWasSetRightMeanwhileIsNotMoved) {
  Network before({0, 0, -5'000'000});
  Network after({0, 0, 0});
  for (int i = 0; i < 200; ++i) {
    for (Network* network : {&before, &after}) {
      network->Send(1, 2, network->Random(100'000, 900'000), network->Random(100'000, 900'000));
    }
  }
  before.learner().Merge(std::move(after.learner()));
  const ClockOffsets offsets = before.Solve();
  EXPECT_EQ(offsets.pairs[0].state, State::kDrifts);
  EXPECT_FALSE(offsets.found());
}

TEST(ClockOffsets, MessagesHostsOfTheirOwnAndFewCallsTellNothing) {
  Network network({0, 0, 50'000'000, 50'000'000});
  for (int i = 0; i < 100; ++i) {
    network.Send(1, 2, 100'000, 100'000, 0, Kind::kMessage);
    network.Send(2, 2, 100'000, 100'000);
  }
  for (int i = 0; i < 9; ++i) network.Send(1, 3, 100'000, 100'000);
  const ClockOffsets offsets = network.Solve();
  EXPECT_FALSE(offsets.found());
  ASSERT_EQ(offsets.pairs.size(), 1u);
  EXPECT_EQ(offsets.pairs[0].state, State::kFew);
}

TEST(ClockOffsets, AFewWrongRowsMoveNothing) {
  Network network({0, 0, 0});
  for (int i = 0; i < 5000; ++i) {
    network.Send(1, 2, i % 600 == 0 ? -9'000'000 : network.Random(100'000, 900'000), 300'000);
  }
  EXPECT_FALSE(network.Solve().found());
}

// Hosts that call in a chain are put right one after the other, whoever is right.
TEST(ClockOffsets, AChainOfHosts) {
  const std::vector<int64_t> ahead{0, 0, 7'000'000, -9'000'000, 7'000'000, 0};
  Network network(ahead);
  for (int i = 0; i < 300; ++i) {
    for (uint32_t host = 1; host < 5; ++host) {
      network.Send(host, host + 1, network.Random(100'000, 500'000),
                   network.Random(100'000, 500'000));
    }
  }
  const ClockOffsets offsets = network.Solve();
  ASSERT_TRUE(offsets.found());
  for (uint32_t host = 1; host <= 5; ++host) {
    EXPECT_NEAR(static_cast<double>(offsets.ahead_ns[host] - offsets.ahead_ns[1]),
                static_cast<double>(ahead[host]), 150'000 * static_cast<double>(host))
        << host;
  }
  EXPECT_EQ(offsets.remaining, 0u);
}

TEST(ClockOffsets, TheSameInAnyOrderOfMerging) {
  Network a({0, 0, 9'000'000}), b({0, 0, 9'000'000}), c({0, 0, 9'000'000}), d({0, 0, 9'000'000});
  for (int i = 0; i < 40; ++i) {
    const int64_t there = a.Random(100'000, 900'000);
    (i % 2 == 0 ? a : b).Send(1, 2, there, 100'000);
    (i % 2 == 0 ? c : d).Send(1, 2, there, 100'000);
  }
  a.learner().Merge(std::move(b.learner()));
  d.learner().Merge(std::move(c.learner()));
  EXPECT_EQ(a.Solve().ahead_ns, d.Solve().ahead_ns);
  EXPECT_EQ(a.Solve().pairs[0].low_ns, d.Solve().pairs[0].low_ns);
}

}  // namespace
}  // namespace plumbago::engine
