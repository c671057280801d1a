#include "formats/alibaba_samples/layout.h"

#include <algorithm>

#include "formats/alibaba/first_row.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_samples {
namespace {

const csv::ColumnSpec kTime{{"timestamp", "ts"}, true};
const csv::ColumnSpec kService{{"msname"}, false};
const csv::ColumnSpec kInstance{{"msinstanceid", "ms_instance_id"}, true};
const csv::ColumnSpec kHost{{"nodeid", "node_id"}, false};
const csv::ColumnSpec kHostNeeded{{"nodeid", "node_id"}, true};
const csv::ColumnSpec kMetric{{"metric", "metrics"}, true};
const csv::ColumnSpec kValue{{"value"}, true};

std::vector<csv::ColumnSpec> SpecsOf(const SampleTable& table) {
  std::vector<csv::ColumnSpec> specs{kTime};
  if (table.of_hosts) {
    specs.push_back(kHostNeeded);
  } else {
    specs.insert(specs.end(), {kService, kInstance, kHost});
  }
  if (table.long_rows) {
    specs.insert(specs.end(), {kMetric, kValue});
  } else {
    // One is enough; if none is there, the first is the one that is missed.
    for (const ValueSpec& value : table.values) specs.push_back({value.names, false});
  }
  return specs;
}

// The names of values that only one of the releases uses.
bool OwnNames(const SampleTable& table, const csv::Header& header) {
  if (table.long_rows) return true;
  return std::any_of(table.values.begin(), table.values.end(),
                     [&](const ValueSpec& value) { return header.Has(*value.names.begin()); });
}

bool LooksHashed(std::string_view id) {
  return id.size() >= 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<Layout> ReadLayout(const SampleTable& table, std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  std::vector<csv::ColumnSpec> specs = SpecsOf(table);
  ASSIGN_OR_RETURN(std::vector<uint32_t> bound, csv::Bind(header, specs, table.name));
  const size_t names = table.of_hosts ? 2 : 4;
  if (!table.long_rows && std::all_of(bound.begin() + static_cast<ptrdiff_t>(names), bound.end(),
                                      [](uint32_t c) { return c == csv::kNoColumn; })) {
    for (size_t i = names; i < specs.size(); ++i) specs[i].needed = true;
    RETURN_IF_ERROR(csv::Bind(header, specs, table.name));
  }
  Layout layout;
  layout.columns = header.columns();
  layout.header = csv::FirstLine(head);
  layout.time = bound[0];
  if (table.of_hosts) {
    layout.host = bound[1];
  } else {
    layout.service = bound[1];
    layout.instance = bound[2];
    layout.host = bound[3];
  }
  if (table.long_rows) {
    layout.metric = bound[names];
    layout.value = bound[names + 1];
  } else {
    for (size_t i = 0; i < table.values.size(); ++i) {
      const ValueSpec& value = table.values[i];
      if (bound[names + i] == csv::kNoColumn) continue;
      layout.values.push_back({bound[names + i], value.measure, value.flow});
    }
  }
  return layout;
}

Match SniffLayout(const SampleTable& table, std::string_view head) {
  const csv::Header header = csv::Header::Parse(head);
  // Rows of calls are no rows of samples, and those of instances none of hosts.
  if (header.Has("traceid") || (table.of_hosts && header.Has("msinstanceid"))) return Match::kNo;
  const auto layout = ReadLayout(table, head);
  if (!layout) return Match::kNo;
  if (table.long_rows) return Match::kYes;
  if (!OwnNames(table, header)) {
    if (table.release == Release::k2022) return Match::kNo;  // names that only 2021 uses
  } else if (table.release == Release::k2021 || table.values.size() > 2) {
    return Match::kYes;
  }
  // The README's names of 2021 are those of 2022.
  const size_t end =
      head.find('\n', static_cast<size_t>(csv::FirstLine(head).data() - head.data()));
  const std::vector<std::string> row =
      alibaba::FirstRow(end == head.npos ? std::string_view() : head.substr(end));
  const uint32_t id = table.of_hosts ? layout->host : layout->instance;
  const bool hashed = id < row.size() && LooksHashed(row[id]);
  if (table.release == Release::k2021) return hashed ? Match::kYes : Match::kNo;
  return hashed ? Match::kMaybe : Match::kYes;
}

}  // namespace plumbago::formats::alibaba_samples
