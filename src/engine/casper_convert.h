// `convert --repair casper-exact`: one Alibaba CSV file through CASPER's own rules, in the order of
// its rows.
//
// Reads cells as pandas 1.5.3 does (a row with too few fields is filled up with missing cells, its
// words for missing are missing in every column), so it has its own small reader: the format's
// decoder is smarter. The file is held in memory, as the original does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/output_file.h"
#include "base/result.h"
#include "formats/format.h"

namespace plumbago::engine {

enum class CasperMode : uint8_t { kAccurate, kRpcid, kPartial, kRebuild };
// "casper-exact", "casper-exact:partial", ...; nothing if it is none of them.
std::optional<CasperMode> ParseCasperMode(std::string_view text);

struct CasperConverted {
  uint64_t rows_read = 0, rows_written = 0, rows_skipped = 0;
  uint64_t traces = 0;
  uint64_t crashed = 0;  // traces at which the original raises an exception: nothing is written
  uint64_t dropped = 0;  // traces that it drops for their rt (2022)
  uint64_t propagation = 0, data_loss = 0, unaffected = 0;
};

// `to`: nullptr for the release that the file is of. Errors: not one file, columns missing.
Result<CasperConverted> ConvertLikeCasper(const std::string& path, CasperMode mode,
                                          const formats::Format* to, OutputFile& out);

}  // namespace plumbago::engine
