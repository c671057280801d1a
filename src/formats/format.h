// The contract of a format. A folder below formats/ holds one (reader, writer, sniffing, tests,
// fuzzer, benchmark, README); the registry lists them all. A new format changes nothing here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input_files.h"
#include "base/output_file.h"
#include "base/result.h"
#include "model/call_batch.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::model {
class AttributeCache;
}

namespace plumbago::formats {

// A piece of one file, cut at the end of a record.
struct Block {
  uint32_t index = 0;  // of BlockInfo; goes into every Origin
  uint32_t file = 0;
  uint32_t piece = 0;     // of Decoder::pieces
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
  bool details = false;  // spans: what a row does not hold is wanted (CallBatch::details)
  model::AttributeCache* attributes = nullptr;  // spans: those of CallBatch are wanted
  uint64_t lines = 0;  // out: lines of the block, blank and malformed ones and the header counted
};

// Where records end.
class Cutter {
 public:
  virtual ~Cutter() = default;
  // Where the last whole record of `text` ends (0: none is whole). `text` begins where a record
  // ended, or the file begins. `end_of_file`: nothing follows.
  virtual size_t Cut(std::string_view text, bool end_of_file) const = 0;
  // True if a record's start can be found from any position (lines).
  virtual bool seekable() const = 0;
};

// Decodes the blocks of one file. Immutable once made: many threads decode blocks of one file at
// once.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void Decode(const Block& block, DecodeContext& context) const = 0;
  // Lines before the first row: a header line is no row.
  virtual uint64_t header_lines() const { return 0; }
  // How the file is cut, where that differs from file to file of a format: JSON in lines, or one
  // document. Used instead of the format's where not nullptr; as long-lived as the decoder.
  virtual const Cutter* cutter() const { return nullptr; }
  // A file that is no stream of records (Parquet): the decoder reads it by itself, in so many
  // pieces, each a block without text. 0: a stream. Such a file must be plain: named, in no
  // archive.
  virtual uint32_t pieces() const { return 0; }
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
  // Stands between what two calls of Encode gave (a comma), and behind the last.
  virtual std::string_view Between() const { return {}; }
  virtual std::string_view Footer() const { return {}; }
  // True if each batch must hold whole traces, each trace's rows side by side.
  virtual bool wants_whole_traces() const { return false; }
  // What makes the file of the texts, in order, where they are not yet its bytes (Parquet);
  // nullptr: they are. For OutputFile::Through.
  virtual Result<std::unique_ptr<FileStage>> Stage() const { return nullptr; }
  // True if it writes CallBatch::details.
  virtual bool wants_details() const { return false; }
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
// Adds one of a room above this one, before the first call of Formats and while there is one
// thread. It lives as long as the program. Tried before those that are here.
void RegisterFormat(const Format* format);

// What a folder's lay-out tells of its files beyond their content: which are old, or there twice.
// Takes all files of a run, sorted; leaves out of `files` what must not be read, with the reason in
// `skipped` ("PATH: merged into another block"), sorted too.
using InputFilter = void (*)(std::vector<InputFile>& files, std::vector<std::string>& skipped);
std::span<const InputFilter> InputFilters();
void RegisterInputFilter(InputFilter filter);
// By name; the error lists what is known, with the nearest name first.
Result<const Format*> FindFormat(std::string_view name);

}  // namespace plumbago::formats
