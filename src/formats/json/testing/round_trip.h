// For tests: spans to text and back must be the same spans. Not part of the program.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "formats/spans/testing/decoded_spans.h"
#include "formats/spans/testing/random_spans.h"

namespace plumbago::formats::json::testing {

using spans::testing::DecodedSpans;
using spans::testing::DecodeSpans;

inline std::string WriteSpans(const Format& format, const std::vector<model::CallBatch>& batches,
                              const model::Names& names) {
  const auto encoder = format.Write();
  std::string text;
  (*encoder)->Header(text);
  bool first = true;
  for (const model::CallBatch& batch : batches) {
    if (!first) text += (*encoder)->Between();
    first = false;
    (*encoder)->Encode(batch, names, text);
  }
  text += (*encoder)->Footer();
  return text;
}

// Traces of up to 20 spans, ids made so that no two spans are alike.
inline std::vector<spans::Span> RandomTraces(spans::testing::RandomSpans& random, size_t count) {
  std::vector<spans::Span> all;
  for (size_t i = 0; i < count; ++i) {
    spans::Span span = random.Next();
    if (i % 20 != 0) span.trace = all.back().trace;
    all.push_back(span);
  }
  return all;
}

inline void ExpectRoundTrip(const Format& format) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    spans::testing::RandomSpans random(seed);
    const std::vector<spans::Span> written = RandomTraces(random, 200);
    model::Names names;
    std::vector<std::string> expected;
    const auto batches = spans::testing::MakeBatches(written, names);
    for (const spans::Span& span : written) expected.push_back(spans::testing::SpanText(span));
    std::sort(expected.begin(), expected.end());
    const std::string text = WriteSpans(format, batches, names);
    for (const size_t block_bytes : {text.size() + 1, size_t{1000}, size_t{20'000}}) {
      DecodedSpans read = DecodeSpans(format, text, block_bytes, names);
      EXPECT_EQ(read.malformed, 0u) << read.example << " at " << read.example_line;
      std::sort(read.spans.begin(), read.spans.end());
      ASSERT_EQ(read.spans.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(read.spans[i], expected[i]) << "seed " << seed << " in blocks of " << block_bytes;
      }
    }
  }
}

}  // namespace plumbago::formats::json::testing
