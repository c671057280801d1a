// What a release of traces looks like: the figures that the generator's system and walks are drawn
// from. docs/design/0005-generator.md says where each comes from and what comes out.
#pragma once

#include <cstdint>
#include <string_view>

#include "generate/trace_options.h"

namespace plumbago::generate {

struct Shape {
  // The time line.
  double traces_per_second = 400;    // born, on average
  int64_t epoch_ms = 0;              // of time 0 in the data, since 1970
  uint32_t traces_per_block = 1024;  // the unit of work
  double rows_per_trace = 42;        // about

  // The system.
  uint64_t salt = 0;  // another number, another system of the same shape
  double edges_per_service = 2.9;
  double stateless_share = 0.66;  // of services; the rest are caches and databases
  double cache_share = 0.26;
  double extra_entries = 0;  // share of entries that are made again, with another operation
  double hot_share = 0.05;   // of services of each role: the ones that everybody shares
  double hot_sites = 0.42;   // of call sites that lead to a hot service
  double hot_first_sites =
      0.75;  // ... of those of entries: sessions, configuration, users are asked for first
  double reuse_interface =
      0.30;  // of stateless call sites that lead to an interface that others call too

  // Size: log-normal number of call sites below an entry, and how wide the tree is.
  double size_median = 17.5;
  double size_sigma = 1.55;
  double size_cap = 1000;
  uint32_t giant_sites = 0;  // one more entry of this size ...
  double giant_share = 0;    // ... and this share of the traces
  double width_exponent =
      0.37;  // a caller of a subtree of s sites has about s^width_exponent callees or more

  double popularity = 1;  // of entries: weights fall as (rank + 10)^-popularity

  double cache_base =
      0.40;  // weight of caches among callees: Erms' by depth, times base + growth * log2(1 + sites
  double cache_growth = 0.22;  // of the graph)

  double database_factor = 1;  // weight of databases: times Erms'

  // Behaviour.
  double sites_always =
      0.6;  // of call sites that every run of the interface uses; the others 20 to 95 %
  double expands =
      0.93;  // of runs of an interface with call sites that call at all (else: answered early)
  double loop_cache = 0.38;  // of sites that may be called again and again in one run
  double loop_database = 0.22;
  double loop_stateless = 0.12;
  double loop_heavy = 0.5;  // of loops: Pareto, the others 2 to 4
  double loop_alpha = 1.4;
  double message_factor = 1.3;  // Erms' share of messages, corrected to the SoCC'21 paper's 23 %
  double in_process = 0.01;     // of calls between stateless services
  double lanes = 0.25;          // of interfaces with two sites or more: the sites run side by side
  double scatter = 0.02;        // of them: all calls at once

  // Planted on purpose (trace_options.h).
  bool planted = false;    // of the kinds below there is nothing but what they say
  double independent = 0;  // of interfaces that are not lanes
  double n_plus_1 = 0;     // of call sites that lead to a leaf
  double retry = 0;        // of call sites
  double cycles = 0;       // of interfaces below an entry
  double cpu = 0;          // own work takes so much longer for a point of the host's CPU
  uint32_t clusters = 0;   // that instances lie in; 0: no matter
  bool placed = false;     // instances have hosts, whose load is told beside the traces

  uint32_t max_calls = 60'000;         // a trace that loops within loops ends here
  uint32_t max_services = 0xFFFFFFFF;  // or here

  // Time, in microseconds.
  double work_median = 2000;  // own work of an interface between and around its calls
  double work_sigma = 1.7;
  double cache_median = 330;
  double database_median = 900;
  double network_none = 0.36;    // of remote calls with no network time worth a millisecond
  double network_median = 1200;  // both ways together, the others
  double queue_median = 4000;    // of a message

  // Ways of writing.
  double root_is_zero =
      0.5;  // of traces whose entry call is recorded as "0"; else "0.1" or "0.1.1"
  double root_is_second = 0.7;  // of the others: "0.1"
  bool instances = false;       // rows name containers and the online service (2022)
};

// MSCallGraph of the 2021 release: 6.1 M rows and 145,000 traces in 5 minutes.
Shape Shape2021();
// CallGraph of the 2022 release: 13.3 M rows and 786,614 traces in 3 minutes, smaller graphs.
Shape Shape2022();
// By the format's name; a format that is not Alibaba's gets the 2021 shape.
Shape ShapeOf(std::string_view format);
// The shape in which these are planted, and nothing of the kind beside.
Shape WithPlants(Shape shape, const Plants& plants);
// What is asked for: the format's shape, planted; where instances matter they are named, if the
// format can, and the traces are spread over an hour.
Shape ShapeFor(const TraceOptions& options);

}  // namespace plumbago::generate
