#include "formats/alibaba_2021/alibaba_2021.h"

#include "formats/alibaba_2021/decoder.h"
#include "formats/alibaba_2021/encoder.h"
#include "formats/alibaba_2021/layout.h"

namespace plumbago::formats::alibaba_2021 {

Match Alibaba2021::Sniff(std::string_view head, std::string_view) const {
  return SniffLayout(head);
}

Result<std::unique_ptr<Decoder>> Alibaba2021::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(head));
  return std::make_unique<Alibaba2021Decoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> Alibaba2021::Write() const {
  return std::make_unique<Alibaba2021Encoder>();
}

}  // namespace plumbago::formats::alibaba_2021
