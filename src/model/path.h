// A dotted call id ("0.1.3.12") as bytes whose order is the order of the calls.
//
// Alibaba's rpcid places a call in its trace: the caller of `a.b.c` is `a.b`. Sorting the text is
// wrong (`0.10` < `0.2`), and parsing it again and again is slow. So each component becomes a
// prefix-free, order-preserving code:
//
//   number 0..0xEF                    1 byte: the number
//   number up to 2^64-1               0xF0 + (k-1), k = 1..8, then the k bytes of the number,
//                                     high byte first
//   anything else (text,              0xFF, then the characters, then 0x00  (a byte 0x00 or 0x01
//   leading zeros, empty)             of the text is written as 0x01, byte+1)
//
// Comparing bytes puts a caller before its callees and siblings in numeric order; `a` is an
// ancestor of `b` iff a's bytes are a proper prefix of b's. "0.1.3.12" is 4 bytes. The text comes
// back exactly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago::model {

// Encoded bytes; a view, owned by whoever holds the batch or the rows.
using PathView = std::string_view;

// Longest encoded path that is kept; a longer one makes the row malformed. Real ids take up to 20
// bytes; repaired ones carry the names of services (64 characters in 2021), nested where errors are
// nested.
inline constexpr size_t kMaxPathBytes = 1000;

// Appends the code of `text` to `out`. Returns the number of bytes, or 0 (and appends nothing) if
// it is empty or would be longer than kMaxPathBytes.
size_t EncodePath(std::string_view text, std::string& out);
// The same into a buffer of at least kMaxPathBytes + 16 bytes; no allocation, for readers.
size_t EncodePath(std::string_view text, char* out);

// The text of a path: EncodePath's inverse.
std::string PathText(PathView path);
void AppendPathText(PathView path, std::string& out);

// The path without its last component; empty for one component.
PathView ParentPath(PathView path);
// Bytes of the first component (0 for an empty path).
size_t FirstComponentSize(PathView path);
// Number of components ("0.1.3" has 3).
uint32_t PathDepth(PathView path);
// Bytes of `a` and `b` that are whole components of both.
size_t CommonPrefix(PathView a, PathView b);

inline bool IsAncestor(PathView ancestor, PathView path) {
  return ancestor.size() < path.size() && path.substr(0, ancestor.size()) == ancestor;
}

}  // namespace plumbago::model
