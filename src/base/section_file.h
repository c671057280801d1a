// A file of named sections, each a row of compressed, checksummed blocks: what saved states are
// kept in.
//
//   ASSIGN_OR_RETURN(const auto out, SectionFileWriter::Create("a.plumb", kMagic, kVersion));
//   out->Begin("names.services");
//   RETURN_IF_ERROR(out->WriteBlock(bytes));      // comes back as one block
//   RETURN_IF_ERROR(out->Commit());
//
//   ASSIGN_OR_RETURN(const auto in, SectionFile::Open("a.plumb", kMagic, kVersion));
//   SectionCursor cursor = in->Cursor("names.services");
//   while (true) { ASSIGN_OR_RETURN(const bool more, cursor.NextBlock(bytes)); ... }
//
// A core of an AMD EPYC, blocks of 1 MB of packed rows: sealed at 380 MB/s to 0.60 of their size,
// read at 1.2 GB/s (section_file_benchmark). zstd level 3 would give 0.54 at 170 MB/s; blocks of 64
// KB 0.63, of 1 KB 0.85 at a third of the speed.
//
// The table of contents stands at the end, so that the file is written in one go. Blocks are zstd
// (level 1), at most kMostBlock bytes raw. Every byte of the file is under a checksum (XXH64).
// Layout: docs/formats/state-file.md.
//
// Reading never trusts the file: sizes are bounded before anything is allocated, and every
// disagreement is an Error (kBadInput) that names the file, the section and what was expected. But
// a block of 50 bytes may stand for a megabyte of zeros: reserve nothing by raw_bytes alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_stream.h"
#include "base/output_file.h"
#include "base/result.h"

namespace plumbago {

inline constexpr size_t kMostBlock = 1u << 20;

class SectionFileWriter {
 public:
  // `magic`: exactly 8 bytes; `version`: from 1. Errors: those of OutputFile; kUsage: the name ends
  // in .gz or .zst.
  static Result<std::unique_ptr<SectionFileWriter>> Create(const std::string& path,
                                                           std::string_view magic,
                                                           uint32_t version);
  ~SectionFileWriter();

  // Starts a section; the one before it is done. A name is given once, 1 to 255 bytes. Some
  // thousand sections at most: the table of contents is one block.
  void Begin(std::string_view name);
  Result<void> WriteBlock(std::string_view raw);
  // The same in two steps, so that threads can compress: Seal may run on any thread (each keeps
  // about 2 MB of its own). The same bytes for the same content, whatever was sealed before.
  static std::string Seal(std::string_view raw);
  Result<void> WriteSealed(std::string_view sealed);
  // Writes the table of contents and puts the file in its place.
  Result<void> Commit();
  uint64_t bytes() const;  // written so far

 private:
  SectionFileWriter();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class SectionFile;

// Reads one section from its begin. `file` must outlive it. Not thread-safe; several cursors of one
// file may be used at once.
class SectionCursor {
 public:
  SectionCursor(const SectionFile& file, size_t section) : file_(&file), section_(section) {}
  // The next block's content; false: the section has ended. An error stays.
  Result<bool> NextBlock(std::string& raw);

 private:
  Result<void> Want(size_t size);

  const SectionFile* file_;
  size_t section_;
  uint64_t at_ = 0;  // bytes of the section that were given out, as they are stored
  uint64_t raw_bytes_ = 0;
  uint64_t blocks_ = 0;
  std::string sealed_;  // read ahead; from taken_ on not given out yet
  size_t taken_ = 0;
};

class SectionFile {
 public:
  struct Section {
    std::string name;
    uint64_t offset = 0;
    uint64_t bytes = 0;      // sealed blocks
    uint64_t raw_bytes = 0;  // content
    uint64_t blocks = 0;
  };
  // Errors: kNotFound, kPermission; kBadInput: another kind of file, cut, damaged, or a version
  // above `newest` (says which version it is and which one this program knows).
  static Result<std::unique_ptr<SectionFile>> Open(const std::string& path, std::string_view magic,
                                                   uint32_t newest);
  // From memory that outlives it, for fuzzers and tests.
  static Result<std::unique_ptr<SectionFile>> FromBytes(std::string_view bytes, std::string name,
                                                        std::string_view magic, uint32_t newest);
  ~SectionFile();

  const std::string& path() const { return path_; }
  uint32_t version() const { return version_; }
  uint64_t bytes() const { return size_; }
  const std::vector<Section>& sections() const { return sections_; }
  bool Has(std::string_view name) const;
  // A section that is not there is an empty one.
  SectionCursor Cursor(std::string_view name) const;

 private:
  friend class SectionCursor;
  SectionFile() = default;
  Result<void> ReadContents(std::string_view magic, uint32_t newest);
  size_t Find(std::string_view name) const;
  Result<void> ReadAt(uint64_t offset, char* out, size_t size) const;

  std::string path_;
  std::unique_ptr<FileStream> file_;
  std::string_view memory_;
  uint64_t size_ = 0;
  uint32_t version_ = 0;
  std::vector<Section> sections_;
};

}  // namespace plumbago
