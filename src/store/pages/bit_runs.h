// Small numbers as runs of one value and stretches of packed bits: levels, places in a dictionary,
// booleans. Source: parquet-format, Encodings.md (RLE/bit-packing hybrid).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plumbago::store {

class BitRuns {
 public:
  BitRuns() = default;
  // `bytes` outlive it, padded (padded_bytes.h). `width`: bits a number, up to 32; 0: all are 0 and
  // there need be no bytes.
  BitRuns(std::string_view bytes, unsigned width);

  // The next `size` numbers. False: the bytes end before, or say what cannot be; then nothing more
  // can be read. For bytes `width` is at most 8.
  bool Read(uint8_t* out, size_t size) { return ReadAs(out, size); }
  bool Read(uint32_t* out, size_t size) { return ReadAs(out, size); }

 private:
  template <class T>
  bool ReadAs(T* out, size_t size);
  template <class T>
  void Unpack(T* out, size_t size);
  bool NextRun();

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  unsigned width_ = 0;
  uint64_t repeats_ = 0;  // left of a run
  uint32_t value_ = 0;    // of the run
  uint64_t packed_ = 0;   // numbers left of a stretch
  uint64_t bit_ = 0;      // from at_ on, where it goes on
};

}  // namespace plumbago::store
