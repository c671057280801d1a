#include "base/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/tar_header.h"

namespace plumbago {

namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kForeign = {
    Magic{"BZh"sv, "bzip2 data"},
    Magic{"\xFD"
          "7zXZ\0"sv,
          "xz data"},
    Magic{"\x04\x22\x4D\x18"sv, "LZ4 data"},
    Magic{"\xFF\x06\0\0sNaPpY"sv, "Snappy data"},
    Magic{"PK\x03\x04"sv, "a zip archive"},
    Magic{"7z\xBC\xAF\x27\x1C"sv, "a 7z archive"},
    Magic{"Rar!"sv, "a rar archive"},
    Magic{"PAR1"sv, "a Parquet file"},
    Magic{"ORC"sv, "an ORC file"},
    Magic{"ARROW1"sv, "an Arrow file"},
    Magic{"Obj\x01"sv, "an Avro file"},
    Magic{"SQLite format 3\0"sv, "an SQLite database"},
    Magic{"%PDF"sv, "a PDF"},
    Magic{"\x7F"
          "ELF"sv,
          "a program (ELF)"},
    Magic{"\xFF\xFE"sv, "text in UTF-16"},
    Magic{"\xFE\xFF"sv, "text in UTF-16"},
};

bool IsText(unsigned char c) { return c >= 0x20 || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

FileKind DetectKind(std::string_view head) {
  if (head.starts_with("\x1F\x8B\x08"sv)) return FileKind::kGzip;
  if (head.starts_with("\x28\xB5\x2F\xFD"sv)) return FileKind::kZstd;
  if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
      head.substr(1, 3) == "\x2A\x4D\x18"sv) {
    return FileKind::kZstd;  // a skippable frame
  }
  if (head.size() >= kTarBlock && IsTarHeader(head.substr(0, kTarBlock))) return FileKind::kTar;
  return FileKind::kPlain;
}

std::string_view ForeignKind(std::string_view head) {
  const auto* found = std::find_if(kForeign.begin(), kForeign.end(),
                                   [&](const Magic& m) { return head.starts_with(m.bytes); });
  return found == kForeign.end() ? std::string_view() : found->name;
}

std::string DescribeHead(std::string_view head) {
  if (head.empty()) return "an empty file";
  if (const std::string_view foreign = ForeignKind(head); !foreign.empty())
    return std::string(foreign);
  const std::string_view sample = head.substr(0, 4096);
  const auto odd = std::count_if(sample.begin(), sample.end(),
                                 [](char c) { return !IsText(static_cast<unsigned char>(c)); });
  std::string out;
  if (static_cast<size_t>(odd) * 50 > sample.size()) {
    for (const char c : head.substr(0, 12)) {
      fmt::format_to(std::back_inserter(out), " {:02x}", static_cast<unsigned char>(c));
    }
    return fmt::format("binary data ({}{})", out.substr(1), head.size() > 12 ? " .." : "");
  }
  const std::string_view line = head.substr(0, std::min(head.find_first_of("\r\n"), head.size()));
  for (const char c : line.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte >= 0x20 && byte < 0x7F ? c : '?';
  }
  return fmt::format("text \"{}{}\"", out, line.size() > 60 ? ".." : "");
}

}  // namespace plumbago
