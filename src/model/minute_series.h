// Counts by minute, packed: how often a function or an application was asked for over days.
// Minutes without a count take no room, others mostly two bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/varint.h"

namespace plumbago::model {

// The pairs of a series that somebody else keeps.
struct MinuteSpan {
  std::string_view bytes;
  uint64_t total = 0;
  uint32_t active = 0, last = 0;
};

// Pairs of varints (LEB128): minutes since the last one (the first: since minute 0), count.
class MinuteSeries {
 public:
  // `minute` must be above the last one, `count` above 0.
  void Append(uint32_t minute, uint64_t count) {
    AppendVarint(bytes_, minute - last_);
    AppendVarint(bytes_, count);
    last_ = minute;
    total_ += count;
    ++active_;
  }
  // `later` begins above the last minute. Its bytes are taken as they are.
  void Append(const MinuteSpan& later);
  void Append(const MinuteSeries& later) { Append(later.span()); }
  void Reserve(size_t bytes) { bytes_.reserve(bytes); }
  // Minutes of both, counts added.
  static MinuteSeries Sum(const MinuteSeries& a, const MinuteSeries& b);

  // f(minute, count) of those with a count, in order.
  template <class F>
  void ForEach(F&& f) const {
    Reader reader(*this);
    while (reader.Next()) f(reader.minute(), reader.count());
  }

  class Reader {
   public:
    explicit Reader(const MinuteSpan& of) : at_(of.bytes.data()), end_(at_ + of.bytes.size()) {}
    explicit Reader(const MinuteSeries& of) : Reader(of.span()) {}
    bool Next() {
      if (at_ == end_) return false;
      minute_ += static_cast<uint32_t>(Varint());
      count_ = Varint();
      return true;
    }
    uint32_t minute() const { return minute_; }
    uint64_t count() const { return count_; }
    // The bytes behind the pair at hand.
    std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }

   private:
    uint64_t Varint() {
      auto byte = static_cast<uint8_t>(*at_++);
      uint64_t value = byte & 0x7F;
      for (int shift = 7; byte >= 0x80; shift += 7) {
        byte = static_cast<uint8_t>(*at_++);
        value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      }
      return value;
    }
    const char* at_;
    const char* end_;
    uint32_t minute_ = 0;
    uint64_t count_ = 0;
  };

  uint64_t total() const { return total_; }
  uint32_t active_minutes() const { return active_; }
  uint32_t last_minute() const { return last_; }
  bool empty() const { return active_ == 0; }
  size_t bytes() const { return bytes_.size(); }
  // Valid until the series changes.
  MinuteSpan span() const { return {bytes_, total_, active_, last_}; }
  friend bool operator==(const MinuteSeries&, const MinuteSeries&) = default;

 private:
  std::string bytes_;
  uint64_t total_ = 0;
  uint32_t active_ = 0, last_ = 0;
};

}  // namespace plumbago::model
