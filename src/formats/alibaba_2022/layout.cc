#include "formats/alibaba_2022/layout.h"

#include <vector>

#include "formats/alibaba/first_row.h"
#include "formats/csv/header.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_2022 {
namespace {

const csv::ColumnSpec kSpecs[] = {
    {{"timestamp", "ts"}, false},
    {{"traceid", "trace_id"}, true},
    {{"service"}, false},
    {{"rpc_id", "rpcid"}, true},
    {{"rpctype", "rpc_type"}, false},
    {{"um"}, true},
    {{"uminstanceid", "um_instance_id", "uminstance"}, false},
    {{"interface"}, false},
    {{"dm"}, true},
    {{"dminstanceid", "dm_instance_id", "dminstance"}, false},
    {{"rt"}, false},
};
constexpr uint32_t kColumns = 11;

Layout FromColumns(const std::vector<uint32_t>& c, uint32_t columns, std::string_view header) {
  return {columns, std::string(header), c[1], c[0], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9],
          c[10]};
}

// A first row that is data, in the order of the release, with or without an index column.
std::optional<Layout> GuessLayout(std::string_view head) {
  const std::vector<std::string> row = alibaba::FirstRow(head);
  if (row.size() != kColumns && row.size() != kColumns + 1) return std::nullopt;
  const auto shift = static_cast<uint32_t>(row.size() - kColumns);
  if (shift == 1 && !alibaba::LooksLikeTime(row[0])) return std::nullopt;
  const auto at = [&](uint32_t column) { return std::string_view(row[column + shift]); };
  if (!alibaba::LooksLikeTime(at(0)) || !alibaba::LooksLikeTrace(at(1)) ||
      alibaba::LooksLikeTime(at(1)) || !alibaba::LooksLikePath(at(3)) ||
      !alibaba::LooksLikeKind(at(4))) {
    return std::nullopt;
  }
  if (!alibaba::LooksLikeTime(at(10)) && !at(10).empty()) return std::nullopt;
  std::vector<uint32_t> columns;
  columns.reserve(kColumns);
  for (uint32_t c = 0; c < kColumns; ++c) columns.push_back(c + shift);
  return FromColumns(columns, static_cast<uint32_t>(row.size()), "");
}

}  // namespace

Match SniffLayout(std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  const bool release =
      header.Has("service") || header.Has("uminstanceid") || header.Has("dminstanceid");
  const bool calls = header.Has("um") || header.Has("dm");
  if (release && calls) {
    // Columns that are needed and missing: Open says which.
    return csv::Bind(header, kSpecs, "").has_value() ? Match::kYes : Match::kMaybe;
  }
  return GuessLayout(head) ? Match::kMaybe : Match::kNo;
}

Result<Layout> ReadLayout(std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  auto bound = csv::Bind(header, kSpecs, "alibaba-2022");
  if (bound) return FromColumns(*bound, header.columns(), csv::FirstLine(head));
  if (const auto guess = GuessLayout(head)) return *guess;
  return tl::unexpected(std::move(bound.error()));
}

}  // namespace plumbago::formats::alibaba_2022
