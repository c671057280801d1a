#include "formats/file_reader.h"

#include <fmt/format.h>

#include "base/file_kind.h"
#include "base/progress.h"
#include "formats/csv/header.h"

namespace plumbago::formats {

void CountTooLong(const ReaderSettings& settings, uint32_t index, const std::string& file,
                  model::DamageCounts& damage) {
  damage.Add(model::Damage::kTooLong,
             model::Example{{index, 0},
                            0,
                            fmt::format("a record of more than {} was left out",
                                        BytesText(settings.max_record)),
                            file});
}

std::string KnownFormats(const ReaderSettings& settings) {
  std::string known;
  for (const Format* format : settings.formats) {
    known += known.empty() ? "" : ", ";
    known += format->name();
  }
  return known;
}

Result<const Format*> Recognise(const ReaderSettings& settings, std::string_view head,
                                const std::string& name) {
  if (settings.forced != nullptr) return settings.forced;
  const Format* maybe = nullptr;
  for (const Format* format : settings.formats) {
    const Match match = format->Sniff(head, name);
    if (match == Match::kYes) return format;
    if (match == Match::kMaybe && maybe == nullptr) maybe = format;
  }
  if (maybe != nullptr) return maybe;
  const std::string known = KnownFormats(settings);
  const std::string_view foreign = ForeignKind(head);
  if (!foreign.empty()) {
    return Fail(ErrorKind::kUnsupported,
                fmt::format("unknown format: this is {}, which is not read; known formats: {}",
                            foreign, known),
                {name});
  }
  return Fail(
      ErrorKind::kBadInput,
      fmt::format(
          "unknown format{}; known formats: {} (--format NAME forces one); it begins with {}",
          csv::HeaderFault(head), known, DescribeHead(head)),
      {name});
}

bool IsSeekable(const Format& format, const Decoder& decoder) {
  const Cutter* const cutter = decoder.cutter();
  return cutter != nullptr ? cutter->seekable() : format.seekable();
}

size_t CutRecords(const Format& format, const Decoder& decoder, std::string_view text,
                  bool end_of_file) {
  const Cutter* const cutter = decoder.cutter();
  return cutter != nullptr ? cutter->Cut(text, end_of_file) : format.Cut(text, end_of_file);
}

Error MustBePlain(const Format& format, const std::string& name) {
  return {ErrorKind::kBadInput,
          fmt::format("{} can only be read as a plain file: unpack it first", format.name()),
          {name}};
}

}  // namespace plumbago::formats
