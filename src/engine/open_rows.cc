#include "engine/open_rows.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <vector>

#include "engine/link_rows.h"
#include "engine/places.h"
#include "engine/saved_text.h"
#include "formats/csv/number.h"

namespace plumbago::engine {
namespace {

using graph::Row;
using model::Call;
using statistics::AppendSigned;
using statistics::AppendVarint;
using statistics::KeyPart;
using statistics::StateReader;

constexpr int64_t kMillisecond = 1'000'000;
// No reader gives times beyond; twice that can be added without a care.
constexpr int64_t kFurthest = formats::csv::kMaxMilliseconds * kMillisecond;

enum Part : uint8_t {
  kHasStart = 1 << 0,
  kHasDuration = 1 << 1,
  kInMilliseconds = 1 << 2,  // start (and the one before it) and duration
  kHasOnline = 1 << 3,       // entry, caller_instance, callee_instance
  kHasSpans = 1 << 4,
  kHasWeight = 1 << 5,
  kLast = 1 << 6,  // of the unit
  kFromStore = 1 << 7,
};

uint8_t Bits(const Call& call) {
  return static_cast<uint8_t>(
      static_cast<uint8_t>(call.kind) | static_cast<uint8_t>(call.side) << 3 |
      static_cast<uint8_t>(call.status) << 5 | static_cast<uint8_t>(call.from_user) << 7);
}

auto Content(const Row& row) {
  const Call& c = *row.call;
  return std::tuple(c.start_ns, c.duration_ns, Bits(c), c.caller, c.callee, c.operation, row.path,
                    c.entry, c.caller_instance, c.callee_instance, c.span, c.parent_span, c.weight,
                    c.from_store);
}

bool WholeMilliseconds(int64_t ns) { return ns == model::kNoTime || ns % kMillisecond == 0; }

void AppendTrace(const model::TraceId& trace, std::string& out) {
  out.push_back(static_cast<char>(trace.form));
  if (trace.form == model::TraceForm::kHashed) {
    AppendText(out, trace.Text());
    return;
  }
  char bytes[16];
  std::memcpy(bytes, &trace.hi, 8);
  std::memcpy(bytes + 8, &trace.lo, 8);
  out.append(bytes, sizeof bytes);
}

bool ReadTrace(StateReader& in, model::TraceId& trace) {
  const std::string_view form = in.Bytes(1);
  if (form.empty() || static_cast<uint8_t>(form[0]) > 3) return false;
  trace.form = static_cast<model::TraceForm>(form[0]);
  if (trace.form == model::TraceForm::kHashed) {
    const std::string_view text = ReadText(in);
    if (!in.ok()) return false;
    trace = model::TraceId::Parse(text);
    return trace.form == model::TraceForm::kHashed;
  }
  const std::string_view bytes = in.Bytes(16);
  if (bytes.empty()) return false;
  std::memcpy(&trace.hi, bytes.data(), 8);
  std::memcpy(&trace.lo, bytes.data() + 8, 8);
  return true;
}

// What one row is told apart from.
struct Last {
  int64_t start_ns = 0;
  int64_t line = 0;
};

// Returns where the byte of its parts stands.
size_t AppendRow(const Row& row, const SavedPlace& place, Last& last, std::string& out) {
  const Call& call = *row.call;
  uint8_t parts = 0;
  if (call.start_ns != model::kNoTime) parts |= kHasStart;
  if (call.duration_ns != model::kNoTime) parts |= kHasDuration;
  if (WholeMilliseconds(call.start_ns) && WholeMilliseconds(call.duration_ns) &&
      last.start_ns % kMillisecond == 0) {
    parts |= kInMilliseconds;
  }
  if (Index(call.entry) | Index(call.caller_instance) | Index(call.callee_instance)) {
    parts |= kHasOnline;
  }
  if (call.span | call.parent_span) parts |= kHasSpans;
  if (call.weight != 1.0f) parts |= kHasWeight;
  if (call.from_store) parts |= kFromStore;
  out.push_back(static_cast<char>(Bits(call)));
  const size_t at = out.size();
  out.push_back(static_cast<char>(parts));
  const int64_t unit = (parts & kInMilliseconds) ? kMillisecond : 1;
  if (parts & kHasStart) {
    AppendSigned(out, call.start_ns / unit - last.start_ns / unit);
    last.start_ns = call.start_ns;
  }
  if (parts & kHasDuration) AppendVarint(out, static_cast<uint64_t>(call.duration_ns / unit));
  AppendVarint(out, Index(call.caller));
  AppendVarint(out, Index(call.callee));
  AppendVarint(out, Index(call.operation));
  AppendVarint(out, place.file);
  AppendSigned(out, static_cast<int64_t>(place.line) - last.line);
  last.line = place.line;
  AppendVarint(out, row.path.size());
  out.append(row.path);
  if (parts & kHasOnline) {
    AppendVarint(out, Index(call.entry));
    AppendVarint(out, Index(call.caller_instance));
    AppendVarint(out, Index(call.callee_instance));
  }
  if (parts & kHasSpans) {
    AppendVarint(out, call.span);
    AppendVarint(out, call.parent_span);
    AppendVarint(out, row.attributes.size());
    for (const model::AttributeId id : row.attributes) AppendVarint(out, Index(id));
  }
  if (parts & kHasWeight) {
    char bytes[4];
    std::memcpy(bytes, &call.weight, 4);
    out.append(bytes, 4);
  }
  return at;
}

template <class T>
bool ReadId(StateReader& in, const statistics::IdMaps& maps, KeyPart part, T& id) {
  const uint64_t saved = in.Varint();
  auto number = static_cast<uint32_t>(saved);
  if (number != saved || !maps.Map(part, number)) return false;
  id = Id<T>(number);
  return true;
}

bool ReadBits(StateReader& in, Call& call, uint8_t& parts) {
  const std::string_view bytes = in.Bytes(2);
  if (bytes.empty()) return false;
  const auto bits = static_cast<uint8_t>(bytes[0]);
  parts = static_cast<uint8_t>(bytes[1]);
  if ((bits >> 5 & 3) > 2) return false;
  call.kind = static_cast<model::Kind>(bits & 7);
  call.side = static_cast<model::Side>(bits >> 3 & 3);
  call.status = static_cast<model::Status>(bits >> 5 & 3);
  call.from_user = (bits >> 7) != 0;
  call.from_store = (parts & kFromStore) != 0;
  return true;
}

bool ReadTimes(StateReader& in, uint8_t parts, Last& last, Call& call) {
  const int64_t unit = (parts & kInMilliseconds) ? kMillisecond : 1;
  if (parts & kHasStart) {
    int64_t start = 0;
    if (__builtin_add_overflow(in.Signed(), last.start_ns / unit, &start) ||
        __builtin_mul_overflow(start, unit, &start) || start > kFurthest || start < -kFurthest) {
      return false;
    }
    call.start_ns = last.start_ns = start;
  }
  if (parts & kHasDuration) {
    const uint64_t duration = in.Varint();
    if (duration > static_cast<uint64_t>(kFurthest / unit)) return false;
    call.duration_ns = static_cast<int64_t>(duration) * unit;
  }
  return true;
}

bool ReadRow(StateReader& in, const statistics::IdMaps& maps, std::span<const uint32_t> files,
             Last& last, model::CallBatch& batch, Call& call, uint8_t& parts) {
  if (!ReadBits(in, call, parts) || !ReadTimes(in, parts, last, call)) return false;
  if (!ReadId(in, maps, KeyPart::kService, call.caller) ||
      !ReadId(in, maps, KeyPart::kService, call.callee) ||
      !ReadId(in, maps, KeyPart::kOperation, call.operation)) {
    return false;
  }
  const uint64_t file = in.Varint();
  if (file >= files.size() || __builtin_add_overflow(last.line, in.Signed(), &last.line) ||
      last.line < 0 || last.line > UINT32_MAX) {
    return false;
  }
  call.origin = {kSavedOrigin | files[file], static_cast<uint32_t>(last.line)};
  const uint64_t path_size = in.Varint();
  const std::string_view path = in.Bytes(path_size);
  if (!in.ok() || path_size > model::kMaxPathBytes) return false;
  batch.SetEncodedPath(call, path);
  if (parts & kHasOnline) {
    if (!ReadId(in, maps, KeyPart::kOperation, call.entry) ||
        !ReadId(in, maps, KeyPart::kInstance, call.caller_instance) ||
        !ReadId(in, maps, KeyPart::kInstance, call.callee_instance)) {
      return false;
    }
  }
  if (parts & kHasSpans) {
    call.span = in.Varint();
    call.parent_span = in.Varint();
    const uint64_t attributes = in.Varint();
    if (attributes > model::kMostAttributes) return false;
    call.attributes = static_cast<uint8_t>(attributes);
    for (uint64_t i = 0; i < attributes; ++i) {
      if (!ReadId(in, maps, KeyPart::kAttribute, batch.attributes.emplace_back())) return false;
    }
  }
  if (parts & kHasWeight) {
    const std::string_view bytes = in.Bytes(4);
    if (bytes.empty()) return false;
    std::memcpy(&call.weight, bytes.data(), 4);
    if (!(call.weight >= 1)) return false;
  }
  return in.ok();
}

}  // namespace

void AppendOpenTrace(const model::TraceId& trace, std::span<const Row> rows,
                     const PlaceOf& place_of, std::vector<uint32_t>& scratch, std::string& out,
                     std::vector<size_t>& ends) {
  scratch.resize(rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) scratch[i] = i;
  std::sort(scratch.begin(), scratch.end(), [&](uint32_t a, uint32_t b) {
    const Call &x = *rows[a].call, &y = *rows[b].call;
    if (x.start_ns != y.start_ns) return x.start_ns < y.start_ns;
    const auto content_x = Content(rows[a]), content_y = Content(rows[b]);
    if (content_x != content_y) return content_x < content_y;
    const auto ids_x = rows[a].attributes, ids_y = rows[b].attributes;
    if (!std::equal(ids_x.begin(), ids_x.end(), ids_y.begin(), ids_y.end())) {
      return std::lexicographical_compare(ids_x.begin(), ids_x.end(), ids_y.begin(), ids_y.end());
    }
    const SavedPlace at_x = place_of(x.origin), at_y = place_of(y.origin);
    return std::tie(at_x.file, at_x.line) < std::tie(at_y.file, at_y.line);
  });
  Last last;
  size_t begin = out.size();
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (out.size() == begin) {
      AppendTrace(trace, out);
      last = {};
    }
    const Row& row = rows[scratch[i]];
    const size_t parts = AppendRow(row, place_of(row.call->origin), last, out);
    if (i + 1 < rows.size() && out.size() - begin < kMostUnit) continue;
    out[parts] = static_cast<char>(out[parts] | kLast);
    begin = out.size();
    ends.push_back(begin);
  }
}

bool ReadOpenRows(std::string_view piece, const statistics::IdMaps& maps,
                  std::span<const uint32_t> files, formats::BatchSink& sink) {
  constexpr size_t kBatch = 256;
  StateReader in(piece);
  model::CallBatch batch;
  const auto hand_out = [&](bool ok) {
    if (!batch.calls.empty() || !batch.links.empty()) sink.Accept(batch);
    batch.Clear();
    return ok;
  };
  while (in.remaining() > 0) {
    model::TraceId trace;
    if (!ReadTrace(in, trace)) return hand_out(false);
    Last last;
    for (uint8_t parts = 0; (parts & kLast) == 0;) {
      Call call;
      call.trace = trace;
      if (!ReadRow(in, maps, files, last, batch, call, parts)) return hand_out(false);
      if (call.side != kLinkSide) {
        batch.calls.push_back(call);
      } else if (call.attributes != 0) {
        return hand_out(false);
      } else if (!RowToLink(call, batch.Path(call), batch.links.emplace_back())) {
        batch.links.pop_back();
        return hand_out(false);
      }
      if (batch.calls.size() + batch.links.size() == kBatch) hand_out(true);
    }
  }
  return hand_out(in.ok());
}

}  // namespace plumbago::engine
