#include "base/tar_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace plumbago {

namespace {

constexpr uint64_t kMaxText = 1 << 20;
constexpr uint64_t kMaxSize = uint64_t{1} << 60;

uint64_t Padding(uint64_t size) { return (kTarBlock - size % kTarBlock) % kTarBlock; }

// What a pax header says of the member after it.
struct Pax {
  std::optional<std::string> path;
  std::optional<uint64_t> size;
};

// Records of the form "<length> <key>=<value>\n". False: not of that form.
bool ParsePax(std::string_view text, Pax& pax) {
  while (!text.empty() && text[0] != '\0') {
    size_t length = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<size_t>(end - text.data());
    if (code != std::errc() || length > text.size() || length < digits + 3 || text[digits] != ' ' ||
        text[length - 1] != '\n') {
      return false;
    }
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    text.remove_prefix(length);
    const size_t equals = record.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = record.substr(equals + 1);
    if (key == "path") pax.path = std::string(value);
    if (key == "size") {
      uint64_t size = 0;
      const auto [last, error] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (error != std::errc() || last != value.data() + value.size()) return false;
      pax.size = size;
    }
  }
  return true;
}

}  // namespace

TarStream::TarStream(std::unique_ptr<ByteStream> source, std::string file)
    : source_(std::move(source)), file_(std::move(file)) {}

tl::unexpected<Error> TarStream::Bad(std::string message) {
  return Fail(ErrorKind::kBadInput, std::move(message), {file_});
}

Result<bool> TarStream::ReadWhole(char* out, size_t size) {
  size_t done = 0;
  while (done < size) {
    ASSIGN_OR_RETURN(const size_t n, source_->Read(out + done, size - done));
    if (n == 0) {
      if (done == 0) return false;
      return Bad(fmt::format("tar archive ends early: cut after {} bytes", position_ + done));
    }
    done += n;
  }
  position_ += size;
  return true;
}

Result<void> TarStream::Skip(uint64_t bytes) {
  std::string scratch(std::min<uint64_t>(bytes, 256 << 10), '\0');
  while (bytes > 0) {
    const auto n = static_cast<size_t>(std::min<uint64_t>(bytes, scratch.size()));
    ASSIGN_OR_RETURN(const bool some, ReadWhole(scratch.data(), n));
    if (!some) return Bad(fmt::format("tar archive ends early: cut after {} bytes", position_));
    bytes -= n;
  }
  return {};
}

Result<std::string> TarStream::ReadText(uint64_t size) {
  if (size > kMaxText)
    return Bad(fmt::format("damaged tar header at byte {}", position_ - kTarBlock));
  std::string text(static_cast<size_t>(size + Padding(size)), '\0');
  ASSIGN_OR_RETURN(const bool some, ReadWhole(text.data(), text.size()));
  if (!some && size > 0)
    return Bad(fmt::format("tar archive ends early: cut after {} bytes", position_));
  text.resize(size);
  return text;
}

Result<bool> TarStream::FindMember() {
  RETURN_IF_ERROR(Skip(left_ + padding_));
  left_ = padding_ = 0;
  std::optional<std::string> long_name;
  Pax pax;
  while (true) {
    char block[kTarBlock];
    const uint64_t at = position_;
    ASSIGN_OR_RETURN(const bool some, ReadWhole(block, kTarBlock));
    const std::string_view bytes(block, kTarBlock);
    if (!some)
      return Bad(fmt::format("tar archive ends early: no end mark after {} bytes", position_));
    if (bytes.find_first_not_of('\0') == std::string_view::npos) {
      // The end mark. What follows is padding; reading it lets a decompressor verify its checksum.
      std::string rest(64 << 10, '\0');
      while (true) {
        ASSIGN_OR_RETURN(const size_t n, source_->Read(rest.data(), rest.size()));
        if (n == 0) return false;
      }
    }
    std::optional<TarHeader> header = ParseTarHeader(bytes);
    if (!header) return Bad(fmt::format("damaged tar header at byte {}", at));
    if (header->type == 'L') {
      ASSIGN_OR_RETURN(std::string text, ReadText(header->size));
      text.resize(std::min(text.find('\0'), text.size()));
      long_name = std::move(text);
      continue;
    }
    if (header->type == 'x') {
      ASSIGN_OR_RETURN(const std::string text, ReadText(header->size));
      if (!ParsePax(text, pax)) return Bad(fmt::format("damaged tar header at byte {} (pax)", at));
      continue;
    }
    if (header->type == 'S') {
      return Fail(ErrorKind::kUnsupported,
                  "tar archive holds a sparse file, which is not read: " + header->name, {file_});
    }
    const bool has_data = header->type < '1' || header->type > '6';
    const uint64_t size = has_data ? pax.size.value_or(header->size) : 0;
    if (size > kMaxSize) return Bad(fmt::format("damaged tar header at byte {} (size)", at));
    if (header->type == '0' || header->type == '7') {
      name_ = pax.path ? *pax.path : long_name ? *long_name : header->name;
      left_ = size;
      padding_ = Padding(size);
      return true;
    }
    RETURN_IF_ERROR(Skip(size + Padding(size)));
    if (header->type != 'K' && header->type != 'g') {
      long_name.reset();
      pax = {};
    }
  }
}

Result<bool> TarStream::Next() {
  if (error_) return tl::unexpected(*error_);
  if (finished_) return false;
  Result<bool> more = FindMember();
  if (!more) error_ = std::make_unique<Error>(more.error());
  if (more && !*more) finished_ = true;
  return more;
}

Result<size_t> TarStream::Read(char* out, size_t size) {
  if (error_) return tl::unexpected(*error_);
  size_t done = 0;
  while (done < size && left_ > 0) {
    const auto want = static_cast<size_t>(std::min<uint64_t>(size - done, left_));
    Result<size_t> n = source_->Read(out + done, want);
    if (!n) {
      error_ = std::make_unique<Error>(std::move(n.error()));
    } else if (*n == 0) {
      error_ = std::make_unique<Error>(
          Error{ErrorKind::kBadInput,
                fmt::format("tar archive ends early: cut after {} bytes", position_),
                {file_}});
    } else {
      done += *n;
      left_ -= *n;
      position_ += *n;
      continue;
    }
    if (done == 0) return tl::unexpected(*error_);
    break;
  }
  return done;
}

}  // namespace plumbago
