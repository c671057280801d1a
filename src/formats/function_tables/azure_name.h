// What the names of the Azure release's files tell: which day, and which files belong together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago::formats::function_tables {

// 2019-07-15, d01 of the release, as days since 1970.
inline constexpr int32_t kReleaseDay0 = 18'092;

enum class ReleaseTable : uint8_t { kNone, kInvocations, kDurations, kMemory };

struct AzureName {
  // From ".dNN" in the name: d05 is 4. Without one: 0.
  uint32_t day = 0;
  bool has_day = false;
  // By one of the three names of the release, with ".dNN": d01 is 2019-07-15.
  ReleaseTable table = ReleaseTable::kNone;
  bool of_release() const { return table != ReleaseTable::kNone; }
  // The name without folder, ending, day and the table's word: what files of one set have in
  // common ("azure2019_invitro500_durations.csv.zst": "azure2019_invitro500").
  std::string set;
};

// `path` as in FileInfo::name: of a member of an archive its own name counts.
AzureName ReadAzureName(std::string_view path);

}  // namespace plumbago::formats::function_tables
