#include "formats/function_logs/huawei_starts.h"

#include <charconv>

#include "base/strong_id.h"
#include "formats/csv/header.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/function_logs/row_decoder.h"

namespace plumbago::formats::function_logs {
namespace {

constexpr uint8_t kSeconds = 9;
constexpr int64_t kDayNs = 86'400'000'000'000;

struct Layout {
  uint32_t columns = 0;
  std::string header;
  std::vector<uint32_t> at;
};

enum Column : uint8_t { kDay, kTime, kFunction, kUser, kTotal, kPod, kParts };

struct PartColumn {
  model::ColdStart::Part part;
  const char* name;
};
constexpr PartColumn kPartColumns[] = {{model::ColdStart::kPod, "podAllocationCost"},
                                       {model::ColdStart::kCode, "deployCodeCost"},
                                       {model::ColdStart::kDependencies, "deployDependencyCost"},
                                       {model::ColdStart::kScheduling, "schedulingCost"}};

Result<Layout> ReadLayout(std::string_view head) {
  static const csv::ColumnSpec kColumns[] = {{{"day"}, true},
                                             {{"time"}, true},
                                             {{"funcname"}, true},
                                             {{"userid"}, true},
                                             {{"totalcost_cold_start"}, true},
                                             {{"podid"}, false},
                                             {{"podallocationcost"}, false},
                                             {{"deploycodecost"}, false},
                                             {{"deploydependencycost"}, false},
                                             {{"schedulingcost"}, false}};
  const csv::Header header = csv::Header::Parse(head);
  ASSIGN_OR_RETURN(std::vector<uint32_t> bound, csv::Bind(header, kColumns, "huawei-cold-starts"));
  return Layout{header.columns(), std::string(csv::FirstLine(head)), std::move(bound)};
}

class Reader {
 public:
  Reader(const Layout& layout, FunctionRowBatch<Layout>& batch) : layout_(layout), batch_(batch) {}

  void Read(const csv::Row& row) {
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    int64_t day_ns = 0, time_ns = 0;
    if (!ParseScaled(row[At(kDay)], 0, day_ns) || day_ns < 0 || day_ns > 100'000)
      return batch_.Malformed(row, At(kDay), "day", "a day, from 0");
    if (!ParseScaled(row[At(kTime)], kSeconds, time_ns) || time_ns < 0)
      return batch_.Malformed(row, At(kTime), "time", "seconds since day 0");
    // Seconds count from day 0, not from the row's day; a clock may be a little off at midnight.
    const int64_t days = time_ns / kDayNs;
    if (days < day_ns - 1 || days > day_ns + 1)
      return batch_.Malformed(row, At(kTime), "time", "seconds since day 0, on the row's day");
    const std::string_view function = row[At(kFunction)], user = row[At(kUser)];
    if (function.empty()) return batch_.Malformed(row, At(kFunction), "funcName", "a name");
    model::ColdStart start;
    if (!Cost(row, At(kTotal), start.total_us))
      return batch_.Malformed(row, At(kTotal), "totalCost_cold_start", "seconds, not negative");
    for (size_t i = 0; i < std::size(kPartColumns); ++i) {
      const uint32_t column = layout_.at[kParts + i];
      if (column == csv::kNoColumn) continue;
      if (!Cost(row, column, start.parts_us[kPartColumns[i].part]))
        return batch_.Malformed(row, column, kPartColumns[i].name, "seconds, not negative");
    }
    const Pool pool = At(kPod) == csv::kNoColumn ? Pool() : PoolOf(row[At(kPod)]);
    start.memory_mb = static_cast<float>(pool.memory_mb);
    start.cpu_millis = static_cast<float>(pool.cpu_millis);
    // A function is one of a user in a pool (the release's funcID).
    id_.assign(function).append("---").append(user);
    if (!pool.name.empty()) id_.append("---").append(pool.name);
    model::NameCaches& names = batch_.names();
    start.owner = Id<model::InstanceId>(names.instances.Intern(user));
    start.app = Id<model::ServiceId>(names.services.Intern(id_));
    start.function = Id<model::OperationId>(names.operations.Intern(function));
    start.at_us = MicrosOf(time_ns);
    start.origin = batch_.OriginOf(row);
    batch_.rows().cold_starts.push_back(start);
    batch_.Done();
  }

 private:
  uint32_t At(Column column) const { return layout_.at[column]; }
  // Blank: not said.
  static bool Cost(const csv::Row& row, uint32_t column, int64_t& us) {
    const std::string_view text = row[column];
    if (text.empty() || text == "nan" || text == "NaN") return true;
    int64_t ns = 0;
    if (!ParseScaled(text, kSeconds, ns) || ns < 0) return false;
    us = MicrosOf(ns);
    return true;
  }

  const Layout& layout_;
  FunctionRowBatch<Layout>& batch_;
  std::string id_;
};

bool TakeNumber(std::string_view& text, uint32_t& number) {
  if (!text.starts_with('-')) return false;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > 100'000'000) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

Pool PoolOf(std::string_view pod) {
  Pool pool;
  if (!pod.starts_with("pool")) return pool;
  std::string_view rest = pod;
  rest.remove_prefix(std::min(pod.find('-'), pod.size()));
  if (!TakeNumber(rest, pool.cpu_millis) || !TakeNumber(rest, pool.memory_mb)) return {};
  if (!rest.empty() && rest[0] != '-') return {};
  pool.name = pod.substr(0, pod.size() - rest.size());
  return pool;
}

Match HuaweiStarts::Sniff(std::string_view head, std::string_view) const {
  if (csv::BeginsLikeJson(csv::FirstLine(head))) return Match::kNo;
  return ReadLayout(head) ? Match::kYes : Match::kNo;
}

Result<std::unique_ptr<Decoder>> HuaweiStarts::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(head));
  return std::make_unique<TableDecoder<Reader, Layout>>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> HuaweiStarts::Write() const {
  return Fail(ErrorKind::kUnsupported, "logs of functions are read only");
}

}  // namespace plumbago::formats::function_logs
