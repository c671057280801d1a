// All of a span that its row does not hold, as bytes that travel with the row: attributes with
// their types, events, links, resource, scope, kind as written.
//
// Within one run only: the layout has no version. Reading it back checks every length, since spill
// files are files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/spans/span.h"
#include "model/names.h"

namespace plumbago::formats::spans {

// What a row of another kind of format tells and a span has no place for: attributes that SpanBatch
// takes back.
inline constexpr std::string_view kOwnPrefix = "plumbago.";
inline constexpr std::string_view kKindKey = "plumbago.kind";   // text: KindName
inline constexpr std::string_view kOtherKey = "plumbago.peer";  // the service at the other end
inline constexpr std::string_view kOtherInstanceKey = "plumbago.peer.instance";
inline constexpr std::string_view kEntryKey = "plumbago.entry";         // the online service
inline constexpr std::string_view kFromUserKey = "plumbago.from_user";  // true
inline constexpr std::string_view kWeightKey = "plumbago.weight";       // double

inline bool IsOwnKey(std::string_view key) {
  // The second letter first: others begin with p, too.
  return key.size() > 1 && key[1] == kOwnPrefix[1] && key.starts_with(kOwnPrefix);
}

// Appends the details of `span`.
void AppendDetails(const Span& span, std::string& out);

// A span with what its views point to. Reused from span to span; Span::resource and scope point
// into it, so it does not move.
class RestoredSpan {
 public:
  RestoredSpan() = default;
  RestoredSpan(const RestoredSpan&) = delete;
  RestoredSpan& operator=(const RestoredSpan&) = delete;

  // From a row and its details, whose bytes must stay. Without details (a row of another kind of
  // format): what the row tells, the service that wrote it as the resource. False: damaged bytes.
  bool Restore(const model::Call& call, std::string_view details, const model::Names& names);
  const Span& span() const { return span_; }

 private:
  void FromRow(const model::Call& call, const model::Names& names);

  Span span_;
  Resource resource_;
  Scope scope_;
  std::vector<Attribute> attributes_;  // of all
  std::vector<Event> events_;
  std::vector<Link> links_;
  std::vector<size_t> counts_;  // attributes of each event and link
};

}  // namespace plumbago::formats::spans
