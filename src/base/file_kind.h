// What a file is by its first bytes; its name says nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago {

enum class FileKind : uint8_t { kPlain, kGzip, kZstd, kTar };

// Bytes that DetectKind needs to see.
inline constexpr size_t kKindBytes = 512;

FileKind DetectKind(std::string_view head);

// Names a well-known kind that is not read here ("a zip archive", "a Parquet file"), or "".
std::string_view ForeignKind(std::string_view head);

// What stands at the start, for an error message: `text "a,b,c"`, `binary data (8f 03 ..)`, "an
// empty file".
std::string DescribeHead(std::string_view head);

}  // namespace plumbago
