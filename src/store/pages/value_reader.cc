#include "store/pages/value_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "store/pages/padded_bytes.h"

namespace plumbago::store {
namespace {

using duckdb::StringValue;

constexpr size_t kAtOnce = 256;

// `text` is padded: of a short one as many bytes are copied as there is room for.
StringValue Cell(const char* text, uint32_t length) {
  static_assert(duckdb::kInlineBytes <= kPadding);
  StringValue value{length, {}, text};
  if (length <= duckdb::kInlineBytes) {
    std::memcpy(reinterpret_cast<char*>(&value) + offsetof(StringValue, prefix), text,
                duckdb::kInlineBytes);
  }
  return value;
}

bool ReadText(const char*& at, const char* end, StringValue& value) {
  uint32_t length = 0;
  if (static_cast<size_t>(end - at) < sizeof length) return false;
  std::memcpy(&length, at, sizeof length);
  at += sizeof length;
  if (length > static_cast<size_t>(end - at)) return false;
  value = Cell(at, length);
  at += length;
  return true;
}

template <class T>
bool Numbers(std::string_view body, uint32_t count, std::vector<T>& numbers) {
  if (count > body.size() / sizeof(T)) return false;
  numbers.resize(count);
  if (count > 0) std::memcpy(numbers.data(), body.data(), count * sizeof(T));
  return true;
}

}  // namespace

size_t SizeOf(Cells cells) {
  switch (cells) {
    case Cells::kNone:
      return 0;
    case Cells::kBit:
      return 1;
    case Cells::kFour:
      return 4;
    case Cells::kEight:
      return 8;
    case Cells::kText:
      return sizeof(StringValue);
  }
  return 0;
}

bool Dictionary::Read(const SchemaNode& leaf, std::string_view body, uint32_t values) {
  texts.clear();
  eights.clear();
  fours.clear();
  switch (leaf.cells) {
    case Cells::kFour:
      return Numbers(body, values, fours);
    case Cells::kEight:
      return Numbers(body, values, eights);
    case Cells::kText: {
      const bool fixed = leaf.physical == Physical::kFixedBytes;
      const uint64_t least = fixed ? leaf.width : sizeof(uint32_t);
      if (values > body.size() / least) return false;
      texts.resize(values);
      const char* at = body.data();
      for (StringValue& text : texts) {
        if (fixed) {
          text = Cell(at, leaf.width);
          at += leaf.width;
        } else if (!ReadText(at, body.data() + body.size(), text)) {
          return false;
        }
      }
      return true;
    }
    case Cells::kNone:
    case Cells::kBit:
      return false;
  }
  return false;
}

bool CanRead(const SchemaNode& leaf, Encoding encoding) {
  switch (encoding) {
    case Encoding::kPlain:
      return true;
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      return leaf.cells != Cells::kBit;
    case Encoding::kRle:
      return leaf.cells == Cells::kBit;
    case Encoding::kDeltaBinaryPacked:
      return leaf.physical == Physical::kInt32 || leaf.physical == Physical::kInt64;
    case Encoding::kDeltaLengthByteArray:
      return leaf.physical == Physical::kByteArray;
    case Encoding::kByteStreamSplit:
      return leaf.cells == Cells::kFour || leaf.cells == Cells::kEight;
    case Encoding::kBitPacked:
    case Encoding::kDeltaByteArray:
      return false;
  }
  return false;
}

bool ValueReader::Begin(const SchemaNode& leaf, Encoding encoding, std::string_view body,
                        const Dictionary& dictionary) {
  way_ = Way::kNothing;
  cells_ = leaf.cells;
  width_ = leaf.width;
  at_ = body.data();
  end_ = at_ + body.size();
  bit_ = 0;
  taken_ = 0;
  runs_ = {};
  delta_ = {};
  dictionary_ = &dictionary;
  if (cells_ == Cells::kNone || !CanRead(leaf, encoding)) return false;
  switch (encoding) {
    case Encoding::kPlain:
      way_ = cells_ == Cells::kBit                    ? Way::kPackedBits
             : cells_ != Cells::kText                 ? Way::kNumbers
             : leaf.physical == Physical::kFixedBytes ? Way::kFixedTexts
                                                      : Way::kTexts;
      return true;
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary: {
      way_ = Way::kDictionary;
      if (body.empty()) return true;  // a page of nulls alone
      const auto width = static_cast<uint8_t>(body[0]);
      if (width > 32) return false;
      runs_ = BitRuns(body.substr(1), width);
      return true;
    }
    case Encoding::kRle: {
      uint32_t size = 0;
      if (body.size() < sizeof size) return false;
      std::memcpy(&size, body.data(), sizeof size);
      if (size > body.size() - sizeof size) return false;
      way_ = Way::kRuns;
      runs_ = BitRuns(body.substr(sizeof size, size), 1);
      return true;
    }
    case Encoding::kDeltaBinaryPacked:
      way_ = Way::kDelta;
      return body.empty() || delta_.Begin(body);
    case Encoding::kDeltaLengthByteArray: {
      way_ = Way::kLengths;
      if (body.empty()) return true;
      std::string_view texts;
      if (!delta_.Begin(body) || !delta_.Behind(texts)) return false;
      at_ = texts.data();
      return true;
    }
    case Encoding::kByteStreamSplit:
      way_ = Way::kSplit;
      return body.size() % SizeOf(cells_) == 0;
    case Encoding::kBitPacked:
    case Encoding::kDeltaByteArray:
      break;
  }
  return false;
}

bool ValueReader::ReadTexts(StringValue* out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!ReadText(at_, end_, out[i])) return false;
  }
  return true;
}

bool ValueReader::ReadFixedTexts(StringValue* out, size_t count) {
  if (count > static_cast<size_t>(end_ - at_) / width_) return false;
  for (size_t i = 0; i < count; ++i, at_ += width_) out[i] = Cell(at_, width_);
  return true;
}

bool ValueReader::ReadLengths(StringValue* out, size_t count) {
  std::array<uint32_t, kAtOnce> lengths;
  for (size_t done = 0; done < count;) {
    const size_t n = std::min(kAtOnce, count - done);
    if (!delta_.Read(lengths.data(), n)) return false;
    for (size_t i = 0; i < n; ++i) {
      if (lengths[i] > static_cast<size_t>(end_ - at_)) return false;
      out[done + i] = Cell(at_, lengths[i]);
      at_ += lengths[i];
    }
    done += n;
  }
  return true;
}

bool ValueReader::ReadBits(char* out, size_t count) {
  if (count > static_cast<size_t>(end_ - at_) * 8 - bit_) return false;
  for (size_t i = 0; i < count; ++i, ++bit_)
    out[i] = static_cast<char>(static_cast<uint8_t>(at_[bit_ / 8]) >> (bit_ % 8) & 1);
  return true;
}

// First bytes of all, second bytes of all, ...
bool ValueReader::ReadSplit(char* out, size_t count) {
  const size_t width = SizeOf(cells_);
  if (width == 0) return false;
  const size_t stride = static_cast<size_t>(end_ - at_) / width;
  if (count > stride - taken_) return false;
  for (size_t b = 0; b < width; ++b) {
    const char* const from = at_ + b * stride + taken_;
    for (size_t i = 0; i < count; ++i) out[i * width + b] = from[i];
  }
  taken_ += count;
  return true;
}

template <class T>
bool ValueReader::Look(const std::vector<T>& dictionary, char* out, size_t count) {
  std::array<uint32_t, kAtOnce> places;
  const size_t size = dictionary.size();
  for (size_t done = 0; done < count;) {
    const size_t n = std::min(kAtOnce, count - done);
    if (!runs_.Read(places.data(), n)) return false;
    uint32_t most = 0;
    for (size_t i = 0; i < n; ++i) most = std::max(most, places[i]);
    if (most >= size) return false;
    char* to = out + done * sizeof(T);
    for (size_t i = 0; i < n; ++i, to += sizeof(T))
      std::memcpy(to, &dictionary[places[i]], sizeof(T));
    done += n;
  }
  return true;
}

bool ValueReader::Read(char* out, size_t count) {
  if (count == 0) return true;
  auto* const texts = reinterpret_cast<StringValue*>(out);
  switch (way_) {
    case Way::kNothing:
      return false;
    case Way::kNumbers: {
      const size_t bytes = count * SizeOf(cells_);
      if (bytes > static_cast<size_t>(end_ - at_)) return false;
      std::memcpy(out, at_, bytes);
      at_ += bytes;
      return true;
    }
    case Way::kPackedBits:
      return ReadBits(out, count);
    case Way::kTexts:
      return ReadTexts(texts, count);
    case Way::kFixedTexts:
      return ReadFixedTexts(texts, count);
    case Way::kDictionary:
      if (cells_ == Cells::kText) return Look(dictionary_->texts, out, count);
      return cells_ == Cells::kEight ? Look(dictionary_->eights, out, count)
                                     : Look(dictionary_->fours, out, count);
    case Way::kRuns:
      return runs_.Read(reinterpret_cast<uint8_t*>(out), count);
    case Way::kDelta:
      return cells_ == Cells::kEight ? delta_.Read(reinterpret_cast<int64_t*>(out), count)
                                     : delta_.Read(reinterpret_cast<int32_t*>(out), count);
    case Way::kLengths:
      return ReadLengths(texts, count);
    case Way::kSplit:
      return ReadSplit(out, count);
  }
  return false;
}

}  // namespace plumbago::store
