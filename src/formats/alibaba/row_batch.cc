#include "formats/alibaba/row_batch.h"

#include <fmt/format.h>

#include <cstring>
#include <string>

namespace plumbago::formats::alibaba {
namespace {

// `text` for a message: short, and nothing that a terminal would obey.
std::string Shown(std::string_view text) {
  constexpr size_t kMax = 48;
  std::string shown;
  for (const char c : text.substr(0, kMax)) {
    if (c >= ' ' && c <= '~') {
      shown.push_back(c);
    } else {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > kMax) shown += "...";
  return shown;
}

}  // namespace

void RowBatch::Resolve() {
  for (size_t i = 0; i < name_count_; ++i) names_[i].cache->Approach(names_[i].hash);
  for (size_t i = 0; i < name_count_; ++i) {
    const WaitingName& name = names_[i];
    const uint32_t id = name.cache->Intern(std::string_view(name.text, name.size), name.hash);
    std::memcpy(name.field, &id, sizeof id);
  }
  name_count_ = 0;
}

void RowBatch::Flush() {
  Resolve();
  if (batch_.calls.empty()) return;
  batch_.paths.assign(paths_.data(), path_end_);
  context_.sink.Accept(batch_);
  batch_.Clear();
  path_end_ = 0;
}

void RowBatch::Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                         std::string_view expected) {
  const model::Origin origin{block_.index, row.line};
  if (!context_.damage.WantsExample(model::Damage::kMalformed, origin)) {
    context_.damage.Add(model::Damage::kMalformed);
    return;
  }
  const std::string_view found = row[column];
  context_.damage.Add(
      model::Damage::kMalformed,
      model::Example{
          origin,
          csv::FieldColumn(row.raw, column),
          fmt::format("{} is {}, expected {}", name,
                      found.empty() ? "empty" : fmt::format("'{}'", Shown(found)), expected),
          {}});
}

void RowBatch::Malformed(const csv::BadLine& bad, uint32_t columns) {
  const auto damage = bad.fault == csv::BadLine::Fault::kTooLong ? model::Damage::kTooLong
                                                                 : model::Damage::kMalformed;
  const model::Origin origin{block_.index, bad.line};
  if (!context_.damage.WantsExample(damage, origin)) {
    context_.damage.Add(damage);
    return;
  }
  std::string text;
  switch (bad.fault) {
    case csv::BadLine::Fault::kColumns:
      text = fmt::format("{} fields, expected {} as in the header: {}", bad.found, columns,
                         Shown(bad.raw));
      break;
    case csv::BadLine::Fault::kQuote:
      text =
          fmt::format("a quoted field that is not closed before its comma, expected \" then , : {}",
                      Shown(bad.raw));
      break;
    case csv::BadLine::Fault::kTooLong:
      text = fmt::format("a line of {} bytes, expected at most {}", bad.found, csv::kMaxLineBytes);
      break;
  }
  context_.damage.Add(damage, model::Example{origin, bad.column, std::move(text), {}});
}

}  // namespace plumbago::formats::alibaba
