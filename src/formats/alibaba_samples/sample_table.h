// The resource and rate tables of both Alibaba releases, described: which columns each has, and
// what its values measure. One decoder and one encoder read and write all six by these.
//
// The releases' own headers differ from their README, so each column has aliases
// (docs/formats/alibaba-samples.md).
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "model/sample.h"

namespace plumbago::formats::alibaba_samples {

enum class Release : uint8_t { k2021, k2022 };

// A value of a table: a column of its own, or, in a long table, the word in the column `metric`.
struct ValueSpec {
  std::initializer_list<std::string_view> names;  // lower case; the release's own first
  model::Measure measure;
  model::Flow flow = model::Flow::kNone;
};

struct SampleTable {
  std::string_view name;  // of the format
  std::string_view help;
  Release release;
  bool of_hosts;   // a row is of a host; else of an instance
  bool long_rows;  // a row is one value: columns `metric` and `value`
  std::span<const ValueSpec> values;
  std::string_view header;  // of the released files, without the index column; ends with \n
  // As `header` has them: columns of the row before, and behind, its values.
  bool time_last = false;

  bool normalised(model::Measure measure) const {
    return release == Release::k2022 && measure != model::Measure::kLatency;
  }
};

extern const SampleTable k2021Resources;  // MSResource
extern const SampleTable k2021Rates;      // MSRTQps
extern const SampleTable k2021Nodes;      // Node
extern const SampleTable k2022Resources;  // MSMetrics
extern const SampleTable k2022Rates;      // MSRTMCR
extern const SampleTable k2022Nodes;      // NodeMetrics

}  // namespace plumbago::formats::alibaba_samples
