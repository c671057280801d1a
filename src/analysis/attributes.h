// Which attributes go with failed or slow spans, and by how much?
//
// Populations: the spans of one operation of one service, so that an attribute that only says which
// operation it is says nothing (there is no span without it). Compared are the spans with one value
// of one key (their own attributes and their resource's) with the other spans of the operation
// (attribute_effect.h): what fails more often, what takes longer, of what more is slow. Values that
// the same spans have, to the last one (a pod, its host, its version), are one. Over all values and
// comparisons of the run the false discovery rate is held at kFalseShare (statistics/many_tests.h).
// As peers: Honeycomb's BubbleUp and Grafana's Traces Drilldown rank attributes by the difference
// of two shares, which small groups and chance win.
//
// Left out, and said so: keys with more than AttributeKeys::kMostValues values in a service (ids),
// values that are long or no text; of failures what tells the failure itself (a status code).
//
// Needs spans with attributes and a status or times. Rows with dotted ids have none.
//
// State: AttributeCell, about 500 bytes and a sketch, for each (service, operation, value).
// Observe: about 20 ns a span whose set of attributes is at hand.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/attribute_cells.h"
#include "analysis/attribute_effect.h"
#include "analysis/fields.h"
#include "analysis/pair_counts.h"

namespace plumbago::analysis {

struct Attributes {
  static const Description kDescription;
  static constexpr bool kSpans = true;
  static constexpr bool kAttributes = true;
  static constexpr double kFalseShare = 0.01;

  struct State {
    AttributeCells cells;
    // Spans of a service with an attribute that was not compared, by what stands for it
    // (model/attribute_text.h); kNoAttribute: all, there are too many keys.
    PairCounts<model::ServiceId, model::AttributeId> left_out;
    uint64_t spans = 0;            // timed ones
    uint64_t with_attributes = 0;  // of them
    uint64_t untimed = 0;

    static constexpr auto Fields() {
      return std::tuple(Field{"cells", &State::cells}, Field{"left_out", &State::left_out},
                        Field{"spans", &State::spans},
                        Field{"with_attributes", &State::with_attributes},
                        Field{"untimed", &State::untimed});
    }
  };

  // What the same spans have, compared with the others of their operation.
  struct Compared {
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    std::vector<model::AttributeId> attributes;
    AttributeEffect effect;
    bool outcome = false;  // all of them tell how the span ended: their failures are no news
    // Adjusted for all that was compared.
    double failed_p = 1, time_p = 1, slow_p = 1;
    bool fails() const { return !outcome && failed_p <= kFalseShare && effect.FailsMore(); }
    bool takes_longer() const { return time_p <= kFalseShare && effect.TakesLonger(); }
    bool slow_more() const { return slow_p <= kFalseShare && effect.IsSlowMore(); }
  };
  struct NotCompared {
    enum class Why : uint8_t { kManyKeys, kManyValues, kLongValues };
    model::ServiceId service = model::kNoService;
    std::string key;  // kManyKeys: ""
    Why why = Why::kManyKeys;
    uint64_t spans = 0;
  };
  struct Result {
    std::vector<Compared> failed;           // by failures in excess
    std::vector<Compared> slow;             // by time in excess
    std::vector<NotCompared> not_compared;  // by service and key
    uint64_t compared = 0;                  // values, those of the same spans counted once
    uint64_t too_small = 0;  // values of which too few spans, or groups of time, were seen
    uint64_t constant = 0;   // values that all spans of their operation have
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static Result Compare(const State& state, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
