#include <charconv>
#include <cmath>
#include <string_view>

#include "base/strong_id.h"
#include "formats/alibaba/row_batch.h"
#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/csv_mapped/mapped_rows.h"

namespace plumbago::formats {
namespace {

bool ParseNumber(std::string_view text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

// Decodes the rows of one block. A cell that is no number costs that cell, a wrong time the line.
class SampleRows {
 public:
  SampleRows(const TableLayout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), table_(layout.table), block_(block), context_(context) {}

  void operator()(const csv::Row& row) {
    model::Sample sample;
    if (table_.time.bound() && !ReadTime(row[table_.time.column], sample.time_ns))
      return Malformed(row, table_.time, ExpectedTime(table_.time));
    sample.origin = {block_.index, row.line};
    named_ = false;
    if (table_.cluster.given()) AddPlace(row, sample);
    for (const ValueField& field : table_.values) {
      if (!field.bound()) continue;
      const std::string_view text = row[field.column];
      if (layout_.IsMissing(text)) continue;
      if (!ParseNumber(text, sample.value)) {
        Malformed(row, field, "a number");
        continue;
      }
      if (field.zero_is_none && sample.value == 0) continue;
      sample.value *= field.scale;
      if (!Divide(row, field, sample.value)) continue;
      if (!named_) SetNames(row, sample);
      model::Sample& added = batch_.samples.emplace_back(sample);
      added.measure = field.measure;
      added.flow = field.flow;
      added.normalised = field.normalised;
      if (field.of_host) added.instance = model::kNoInstance;
    }
    if (batch_.samples.size() >= alibaba::RowBatch::kRows) Flush();
  }

  void operator()(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }
  void Flush() {
    if (batch_.samples.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  bool ReadTime(std::string_view text, int64_t& ns) const {
    return table_.time.date ? ParseDateTime(text, table_.time.zone_s, ns)
                            : ParseScaled(text, table_.time.power, ns);
  }
  // Where the instance lies, or the host if the row names no instance.
  void AddPlace(const csv::Row& row, model::Sample sample) {
    SetNames(row, sample);
    if (sample.instance == model::kNoInstance) sample.instance = sample.host;
    sample.host = model::kNoInstance;
    SetName(row, context_.names.instances, table_.cluster, sample.host);
    named_ = false;
    if (sample.instance == model::kNoInstance || sample.host == model::kNoInstance) return;
    sample.measure = model::Measure::kCluster;
    batch_.samples.push_back(sample);
  }
  // By the limit, if the field has one. False: there is none in this row.
  bool Divide(const csv::Row& row, const ValueField& field, double& value) {
    double limit = field.limit_value;
    if (field.limit) {
      if (!field.limit->bound() || layout_.IsMissing(row[field.limit->column])) return false;
      if (!ParseNumber(row[field.limit->column], limit) || limit <= 0) {
        Malformed(row, *field.limit, "a number above 0");
        return false;
      }
    }
    if (limit > 0) value /= limit;
    return std::isfinite(value);
  }
  template <class E>
  void SetName(const csv::Row& row, model::NameCache& cache, const NameField& field, E& id) {
    const std::string_view text = layout_.Text(row, field);
    if (layout_.IsMissing(text)) return;
    const std::string_view name = field.rule.Apply(text, matcher_);
    if (!name.empty()) id = Id<E>(cache.Intern(name));
  }
  void SetNames(const csv::Row& row, model::Sample& sample) {
    SetName(row, context_.names.services, table_.service, sample.service);
    SetName(row, context_.names.instances, table_.instance, sample.instance);
    SetName(row, context_.names.instances, table_.host, sample.host);
    named_ = true;
  }
  [[gnu::noinline]] void Malformed(const csv::Row& row, const FieldSource& field,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    csv::CountMalformed(block_, context_, row, field.column, layout_.names[field.column], expected);
  }

  const TableLayout& layout_;
  const TableMap& table_;
  const Block& block_;
  DecodeContext& context_;
  bool named_ = false;  // the row's sample has its names
  Pattern::Matcher matcher_;
  model::CallBatch batch_;
};

}  // namespace

std::string_view ExpectedTime(const TimeField& field) {
  if (field.date) {
    return field.zone_s ? "a date and time (2023-01-30 11:39:52)"
                        : "a date and time with a zone (2023-01-30T11:39:52Z), since the map "
                          "states none";
  }
  switch (field.power) {
    case 0:
      return "nanoseconds";
    case 3:
      return "microseconds";
    case 6:
      return "milliseconds";
    default:
      return "seconds";
  }
}

void DecodeSamples(const TableLayout& layout, const Block& block, DecodeContext& context) {
  alibaba::DecodeBlock<SampleRows>(layout, block, context);
}

}  // namespace plumbago::formats
