#include "formats/csv/malformed.h"

#include <fmt/format.h>

namespace plumbago::formats::csv {

std::string Shown(std::string_view text, size_t most) {
  std::string shown;
  for (const char c : text.substr(0, most)) {
    if (c >= ' ' && c <= '~') {
      shown.push_back(c);
    } else {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > most) shown += "...";
  return shown;
}

void CountMalformed(const Block& block, DecodeContext& context, const Row& row, uint32_t column,
                    std::string_view name, std::string_view expected) {
  const model::Origin origin{block.index, row.line};
  if (!context.damage.WantsExample(model::Damage::kMalformed, origin)) {
    context.damage.Add(model::Damage::kMalformed);
    return;
  }
  const std::string_view found = row[column];
  context.damage.Add(
      model::Damage::kMalformed,
      model::Example{
          origin,
          FieldColumn(row.raw, column),
          fmt::format("{} is {}, expected {}", name,
                      found.empty() ? "empty" : fmt::format("'{}'", Shown(found)), expected),
          {}});
}

void CountMalformed(const Block& block, DecodeContext& context, const BadLine& bad,
                    uint32_t columns) {
  const auto damage =
      bad.fault == BadLine::Fault::kTooLong ? model::Damage::kTooLong : model::Damage::kMalformed;
  const model::Origin origin{block.index, bad.line};
  if (!context.damage.WantsExample(damage, origin)) {
    context.damage.Add(damage);
    return;
  }
  std::string text;
  switch (bad.fault) {
    case BadLine::Fault::kColumns:
      text = fmt::format("{} fields, expected {} as in the header: {}", bad.found, columns,
                         Shown(bad.raw));
      break;
    case BadLine::Fault::kQuote:
      text =
          fmt::format("a quoted field that is not closed before its comma, expected \" then , : {}",
                      Shown(bad.raw));
      break;
    case BadLine::Fault::kTooLong:
      text = fmt::format("a line of {} bytes, expected at most {}", bad.found, kMaxLineBytes);
      break;
  }
  context.damage.Add(damage, model::Example{origin, bad.column, std::move(text), {}});
}

}  // namespace plumbago::formats::csv
