#include "formats/alibaba_2022/alibaba_2022.h"

#include "formats/alibaba_2022/decoder.h"
#include "formats/alibaba_2022/encoder.h"
#include "formats/alibaba_2022/layout.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_2022 {

Match Alibaba2022::Sniff(std::string_view head, std::string_view) const {
  return SniffLayout(head);
}

size_t Alibaba2022::Cut(std::string_view text, bool end_of_file) const {
  return csv::CutLines(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> Alibaba2022::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(head));
  return std::make_unique<Alibaba2022Decoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> Alibaba2022::Write() const {
  return std::make_unique<Alibaba2022Encoder>();
}

}  // namespace plumbago::formats::alibaba_2022
