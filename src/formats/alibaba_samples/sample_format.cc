#include "formats/alibaba_samples/sample_format.h"

#include <utility>

#include "formats/alibaba_samples/decoder.h"
#include "formats/alibaba_samples/encoder.h"
#include "formats/alibaba_samples/layout.h"

namespace plumbago::formats::alibaba_samples {

Match SampleFormat::Sniff(std::string_view head, std::string_view) const {
  return SniffLayout(table_, head);
}

Result<std::unique_ptr<Decoder>> SampleFormat::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(table_, head));
  return std::make_unique<SampleDecoder>(table_, std::move(layout));
}

Result<std::unique_ptr<Encoder>> SampleFormat::Write() const {
  return std::make_unique<SampleEncoder>(table_);
}

}  // namespace plumbago::formats::alibaba_samples
