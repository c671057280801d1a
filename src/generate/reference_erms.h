// Production call graphs in numbers, published by the group of the SoCC'21 paper with Erms (ASPLOS'23):
// Cloud-and-Distributed-Systems/Erms, folder graphGenerator, commit debd2fa, over 2,395,352,614 nodes.
//
//   depthDistribution.csv      P(number of callees | depth)
//   communicationParadigm.csv  P(way of calling | depth, number of callees)
//   leafDistribution.csv       nodes by depth, and how many of them are stateful
//   nodeDistribution.csv       how many of the stateless ones call further
//
// Here they are summed up by the depth of the callees, 1 to 14; the few deeper ones are like 14.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace plumbago::generate {

struct ErmsDepth {
  double mean_children;                // callees of a caller that has any
  std::array<double, 10> children;     // share of callers with 1, 2, ... 10 callees
  double over_10;                      // share of callers with more
  double mean_over_10;                 // callees of those
  struct Kinds {                       // shares of the callees
    double cache, database, rpc, http, message;
  } kinds;
  double stateful_callers;             // of the nodes one level above, the share that is stateful (never calls)
  double expanding_callers;            // of the stateless nodes one level above, the share that calls
  double callers_per_entry;            // nodes one level above, by nodes of depth 0
};

// Element i is about callees at depth i + 1.
std::span<const ErmsDepth> ErmsByDepth();

}  // namespace plumbago::generate
