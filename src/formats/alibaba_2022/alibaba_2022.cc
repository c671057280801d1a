#include "formats/alibaba_2022/alibaba_2022.h"

#include "formats/alibaba_2022/decoder.h"
#include "formats/alibaba_2022/encoder.h"
#include "formats/alibaba_2022/layout.h"

namespace plumbago::formats::alibaba_2022 {

Match Alibaba2022::Sniff(std::string_view head, std::string_view) const {
  return SniffLayout(head);
}

Result<std::unique_ptr<Decoder>> Alibaba2022::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(head));
  return std::make_unique<Alibaba2022Decoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> Alibaba2022::Write() const {
  return std::make_unique<Alibaba2022Encoder>();
}

}  // namespace plumbago::formats::alibaba_2022
