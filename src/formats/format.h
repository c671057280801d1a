// The contract of a format. A folder below formats/ holds one (reader, writer, sniffing, tests,
// fuzzer, benchmark, README); the registry lists them all. A new format changes nothing here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/call_batch.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::formats {

// A piece of one file, cut at the end of a record.
struct Block {
  uint32_t index = 0;  // of BlockInfo; goes into every Origin
  uint32_t file = 0;
  bool first = false;     // begins the file: holds the header, if the format has one
  std::string_view text;  // at least 64 readable bytes follow its end
  const class Decoder* decoder = nullptr;  // of the file
};

// Takes rows as they are decoded. Called with up to a few hundred rows; may keep nothing of the
// batch, which is cleared and used again.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual void Accept(model::CallBatch& batch) = 0;
};

// A thread's tools while decoding.
struct DecodeContext {
  model::NameCaches& names;
  model::DamageCounts& damage;
  BatchSink& sink;
  uint64_t lines = 0;  // out: lines of the block, blank and malformed ones and the header counted
};

// Decodes the blocks of one file. Immutable once made: many threads decode blocks of one file at
// once.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void Decode(const Block& block, DecodeContext& context) const = 0;
  // Lines before the first row: a header line is no row.
  virtual uint64_t header_lines() const { return 0; }
};

// How sure a format is that a file is its own.
enum class Match : uint8_t { kNo, kMaybe, kYes };

// Turns rows into text. Encode may run on several threads at once, each with its own `out`; the
// parts are written in order by one.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void Header(std::string& out) const = 0;
  // Appends all rows of `batch`. `first_row` is the number of rows before it (2021's index column
  // is not written).
  virtual void Encode(const model::CallBatch& batch, const model::Names& names,
                      std::string& out) const = 0;
};

class Format {
 public:
  virtual ~Format() = default;
  virtual std::string_view name() const = 0;  // "alibaba-2021"
  virtual std::string_view help() const = 0;  // one line: what it is and who writes it
  // Looks at the first bytes (up to 64 KiB, decompressed) and the path.
  virtual Match Sniff(std::string_view head, std::string_view path) const = 0;
  // Where the last whole record of `text` ends (0: none is whole). `end_of_file`: nothing follows.
  virtual size_t Cut(std::string_view text, bool end_of_file) const = 0;
  // True if a record's start can be found from any position (lines): a big file is then read in
  // parallel.
  virtual bool seekable() const = 0;
  // Reads what the head of a file tells (a header line). Errors: columns that are needed and
  // missing.
  virtual Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                                std::string_view path) const = 0;
  // True if what it writes are whole call graphs, and no rows of traces.
  virtual bool writes_graphs() const { return false; }
  // True if calls are linked by dotted ids and nothing else.
  virtual bool links_by_path() const { return false; }
  // kUnsupported where the format is only read.
  virtual Result<std::unique_ptr<Encoder>> Write() const = 0;
};

// All formats, in the order in which they are tried.
std::span<const Format* const> Formats();
// By name; the error lists what is known, with the nearest name first.
Result<const Format*> FindFormat(std::string_view name);

}  // namespace plumbago::formats
