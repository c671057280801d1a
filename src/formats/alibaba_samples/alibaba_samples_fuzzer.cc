// Any text as a table of each kind: it is read without a fault, the same whole and in small blocks,
// and what is written of it reads as the same samples.
#include <cstdint>

#include "base/check.h"
#include "formats/alibaba_samples/sample_format.h"
#include "formats/testing/plain_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  plumbago::model::Names names;
  for (const auto* table : {&alibaba_samples::k2021Resources, &alibaba_samples::k2021Rates,
                            &alibaba_samples::k2021Nodes, &alibaba_samples::k2022Resources,
                            &alibaba_samples::k2022Rates, &alibaba_samples::k2022Nodes}) {
    const alibaba_samples::SampleFormat format(*table);
    format.Sniff(text.substr(0, 1u << 16), "");
    const auto decoder = format.Open(text.substr(0, 1u << 16), "");
    if (!decoder) continue;
    std::string written;
    testing::DecodedSamples whole =
        testing::DecodeSamples(format, **decoder, text, size + 1, &written, nullptr, &names);
    const testing::DecodedSamples pieces =
        testing::DecodeSamples(format, **decoder, text, size / 4 + 1, nullptr, nullptr, &names);
    CHECK(whole.samples == pieces.samples && whole.lines == pieces.lines &&
          whole.malformed == pieces.malformed);
    CHECK(whole.example == pieces.example && whole.example_line == pieces.example_line);
    // Times of 2022 from the epoch of 2021 on are written since that epoch: the second time, they
    // come back as they are.
    std::string second;
    testing::DecodedSamples again =
        testing::DecodeSamples(format, *format.Open(written, "").value(), written,
                               written.size() + 1, &second, nullptr, &names);
    CHECK(again.malformed == 0 && again.samples.size() == whole.samples.size());
    for (size_t i = 0; i < again.samples.size(); ++i) {
      testing::PlainSample before = whole.samples[i];
      before.line = again.samples[i].line;
      if (table->release == alibaba_samples::Release::k2022) {
        before.time_ns = again.samples[i].time_ns;
      }
      CHECK(before == again.samples[i]);
    }
    if (table->release == alibaba_samples::Release::k2021) CHECK(second == written);
  }
  return 0;
}
