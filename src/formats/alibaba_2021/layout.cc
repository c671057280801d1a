#include "formats/alibaba_2021/layout.h"

#include <vector>

#include "formats/alibaba/first_row.h"
#include "formats/csv/header.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_2021 {
namespace {

const csv::ColumnSpec kSpecs[] = {
    {{"traceid", "trace_id"}, true},
    {{"timestamp", "ts"}, false},
    {{"rpcid", "rpc_id"}, true},
    {{"um"}, true},
    {{"dm"}, true},
    {{"rpctype", "rpc_type"}, false},
    {{"interface"}, false},
    {{"rt"}, false},
};

Layout FromColumns(const std::vector<uint32_t>& c, uint32_t columns, std::string_view header) {
  return {columns, std::string(header), c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]};
}

// A first row that is data, in the order of the release's files or of its README, with or without
// an index column. Which of the two orders it is shows in the first columns, the time or the trace
// id.
std::optional<Layout> GuessLayout(std::string_view head) {
  const std::vector<std::string> row = alibaba::FirstRow(head);
  if (row.size() != 8 && row.size() != 9) return std::nullopt;
  const auto shift = static_cast<uint32_t>(row.size() - 8);
  if (shift == 1 && !alibaba::LooksLikeTime(row[0])) return std::nullopt;
  const auto at = [&](uint32_t column) { return std::string_view(row[column + shift]); };
  if (!alibaba::LooksLikePath(at(2)) || !alibaba::LooksLikeKind(at(4))) return std::nullopt;
  if (!alibaba::LooksLikeTime(at(7)) && !at(7).empty()) return std::nullopt;
  std::vector<uint32_t> columns;
  if (alibaba::LooksLikeTrace(at(0)) && !alibaba::LooksLikeTime(at(0)) &&
      alibaba::LooksLikeTime(at(1))) {
    columns = {0, 1, 2, 3, 5, 4, 6, 7};
  } else if (alibaba::LooksLikeTime(at(0)) && alibaba::LooksLikeTrace(at(1)) &&
             !alibaba::LooksLikeTime(at(1))) {
    columns = {1, 0, 2, 3, 6, 4, 5, 7};
  } else {
    return std::nullopt;
  }
  for (uint32_t& column : columns) column += shift;
  return FromColumns(columns, static_cast<uint32_t>(row.size()), "");
}

}  // namespace

Match SniffLayout(std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  if (header.Has("service") || header.Has("uminstanceid") || header.Has("dminstanceid"))
    return Match::kNo;
  int known = 0;
  for (const csv::ColumnSpec& spec : kSpecs) {
    known += header.Find(std::span(spec.names.begin(), spec.names.size())) != csv::kNoColumn;
  }
  const bool calls = header.Has("um") || header.Has("dm");
  if (calls && known >= 6 && csv::Bind(header, kSpecs, "").has_value()) return Match::kYes;
  // Some columns are missing: Open says which.
  if (calls && known >= 3) return Match::kMaybe;
  return GuessLayout(head) ? Match::kMaybe : Match::kNo;
}

Result<Layout> ReadLayout(std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  auto bound = csv::Bind(header, kSpecs, "alibaba-2021");
  if (bound) return FromColumns(*bound, header.columns(), csv::FirstLine(head));
  if (const auto guess = GuessLayout(head)) return *guess;
  return tl::unexpected(std::move(bound.error()));
}

}  // namespace plumbago::formats::alibaba_2021
