#include "formats/function_minutes/minute_table.h"

#include <fmt/format.h>

#include <charconv>

#include "formats/function_tables/azure_name.h"

namespace plumbago::formats::function_minutes {
namespace {

const char* NameOf(TableKind kind) {
  return kind == TableKind::kAzure2019 ? "azure-functions" : "function-vectors";
}

// The number that the name of a minute's column is; 0: it is none.
uint32_t MinuteOf(std::string_view name) {
  uint32_t minute = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), minute);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  return whole && minute <= kMinutesOfDay ? minute : 0;
}

}  // namespace

Match SniffTable(TableKind kind, std::string_view head) {
  if (csv::BeginsLikeJson(csv::FirstLine(head))) return Match::kNo;
  return ReadLayout(kind, head, "") ? Match::kYes : Match::kNo;
}

Result<Layout> ReadLayout(TableKind kind, std::string_view head, std::string_view path) {
  static const csv::ColumnSpec kOfAzure[] = {
      {{"hashowner"}, true}, {{"hashapp"}, true}, {{"hashfunction"}, true}, {{"trigger"}, true}};
  static const csv::ColumnSpec kOfVectors[] = {{{"vec"}, true}, {{"weight"}, true}};
  const csv::Header header = csv::Header::Parse(head);
  Layout layout;
  if (kind == TableKind::kAzure2019) {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> bound, csv::Bind(header, kOfAzure, NameOf(kind)));
    layout.owner = bound[0];
    layout.app = bound[1];
    layout.function = bound[2];
    layout.trigger = bound[3];
  } else {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> bound,
                     csv::Bind(header, kOfVectors, NameOf(kind)));
    layout.app = layout.function = bound[0];
    layout.weight = bound[1];
  }
  layout.columns = header.columns();
  layout.header = csv::FirstLine(head);
  uint32_t at = layout.columns;
  while (at > 0 && MinuteOf(header.names[at - 1]) != 0) --at;
  layout.first_column = at;
  layout.minutes = layout.columns - at;
  if (layout.minutes == 0) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("{}: no columns of minutes; expected 1 to {} at the end of the header",
                            NameOf(kind), kMinutesOfDay));
  }
  const uint32_t first = MinuteOf(header.names[at]);
  for (uint32_t i = 1; i < layout.minutes; ++i) {
    if (MinuteOf(header.names[at + i]) == first + i) continue;
    return Fail(ErrorKind::kBadInput,
                fmt::format("{}: column {} is '{}', expected minute {}", NameOf(kind), at + i + 1,
                            header.names[at + i], first + i));
  }
  const function_tables::AzureName name = function_tables::ReadAzureName(path);
  layout.first = name.day * kMinutesOfDay + first - 1;
  if (kind == TableKind::kAzure2019 && name.of_release())
    layout.day0 = function_tables::kReleaseDay0;
  return layout;
}

}  // namespace plumbago::formats::function_minutes
