#include "store/parquet/tempo_meta.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "store/query.h"

namespace plumbago::store {

// The names of dedicated columns are filled in order, per scope and type: the first text of a scope
// is String01, the first number Int01.
Result<TempoMeta> ReadTempoMeta(const std::filesystem::path& file) {
  TempoMeta meta;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return meta;
  const std::string from = fmt::format("FROM read_text({})", QuotedPath(file.string()));
  const auto unreadable = [&](const Error& why) {
    return Fail(
        ErrorKind::kBadInput,
        "names the dedicated columns of the block beside it, but is no JSON: " + why.message,
        {file.string()});
  };
  const auto total = Query::Run(
      "SELECT TRY_CAST(json_extract_string(content, '$.totalObjects') AS BIGINT) " + from);
  if (!total) return unreadable(total.error());
  const auto some = (*total)->Next();
  if (!some) return unreadable(some.error());
  if (*some && !(*total)->columns()[0].IsNull(0)) meta.traces = (*total)->columns()[0].Integer(0);
  const auto columns = Query::Run(
      "SELECT coalesce(c.s, 'span') AS s, coalesce(c.n, '') AS n, coalesce(c.t, 'string') AS t "
      "FROM (SELECT unnest(from_json(json_extract(content, '$.dedicatedColumns'), "
      "'[{\"s\":\"VARCHAR\",\"n\":\"VARCHAR\",\"t\":\"VARCHAR\"}]')) AS c " +
      from + ")");
  if (!columns) return unreadable(columns.error());
  std::map<std::pair<std::string, bool>, unsigned> counts;  // per scope and type
  while (true) {
    const auto more = (*columns)->Next();
    if (!more) return unreadable(more.error());
    if (!*more) return meta;
    for (uint64_t i = 0; i < (*columns)->rows(); ++i) {
      const std::vector<Column>& c = (*columns)->columns();
      const std::string scope(c[0].Text(i));
      const bool number = c[2].Text(i) == "int";
      const unsigned place = ++counts[{scope, number}];
      meta.dedicated.push_back({scope, fmt::format("{}{:02}", number ? "Int" : "String", place),
                                std::string(c[1].Text(i))});
    }
  }
}

}  // namespace plumbago::store
