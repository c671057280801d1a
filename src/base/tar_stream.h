// The members of a tar archive, one after the other: ustar, GNU long names, pax path and size. Only
// regular files are members; folders, links and devices are passed over.
//
//   TarStream tar(std::move(bytes), "a.tar");
//   while (true) {
//     ASSIGN_OR_RETURN(const bool more, tar.Next());
//     if (!more) break;
//     tar.Read(...)            // of the member tar.name()
//   }
#pragma once

#include <memory>
#include <optional>

#include "base/byte_stream.h"
#include "base/tar_header.h"

namespace plumbago {

class TarStream final : public ByteStream {
 public:
  TarStream(std::unique_ptr<ByteStream> source, std::string file);

  // Goes to the next member, whatever is left of this one. False at the end. Errors: kBadInput, a
  // damaged header or an archive that ends early (also one without its end mark); the source's own.
  Result<bool> Next();
  const std::string& name() const { return name_; }
  // Of the current member.
  Result<size_t> Read(char* out, size_t size) override;

 private:
  // Reads exactly `size` bytes; false: the stream ended before the first of them.
  Result<bool> ReadWhole(char* out, size_t size);
  Result<void> Skip(uint64_t bytes);
  // Reads the data of a long name or pax header, with its padding.
  Result<std::string> ReadText(uint64_t size);
  Result<bool> FindMember();
  tl::unexpected<Error> Bad(std::string message);

  std::unique_ptr<ByteStream> source_;
  std::string file_;
  std::string name_;
  uint64_t position_ = 0;  // bytes of the archive read
  uint64_t left_ = 0;      // of the member
  uint64_t padding_ = 0;   // after it
  bool finished_ = false;
  std::unique_ptr<Error> error_;
};

}  // namespace plumbago
