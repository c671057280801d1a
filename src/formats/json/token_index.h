// Where the tokens of a JSON text begin: { } [ ] : , and the first byte of each text, number and
// word. What Cursor reads with.
//
// simdjson's first stage (3 GB/s, vector code chosen at run time); its header is included by
// token_index.cc alone. One thread; memory is kept from text to text, four bytes for each byte of
// the longest one, touched as far as there are tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace plumbago::formats::json {

class TokenIndex {
 public:
  TokenIndex();
  ~TokenIndex();
  TokenIndex(const TokenIndex&) = delete;
  TokenIndex& operator=(const TokenIndex&) = delete;

  // Below 4 GiB. False: bytes that are no UTF-8, a control character within a text, or a text that
  // does not end; FindFault says where.
  bool Index(std::string_view text);
  // Byte by byte, and whatever stands within texts; a text that does not end is no token. To find
  // where records end in a text that has a fault somewhere.
  void IndexLoosely(std::string_view text);

  // size() positions, ascending, and behind them the size of the text.
  const uint32_t* at() const { return at_; }
  size_t size() const { return size_; }

 private:
  void Reserve(size_t bytes);

  struct Stage;
  std::unique_ptr<Stage> stage_;
  std::unique_ptr<uint32_t[]> loose_;
  size_t loose_capacity_ = 0;
  const uint32_t* at_ = nullptr;
  size_t size_ = 0;
};

// Why Index returned false.
struct TextFault {
  size_t at = 0;
  const char* expected = "";
};
TextFault FindFault(std::string_view text);

}  // namespace plumbago::formats::json
