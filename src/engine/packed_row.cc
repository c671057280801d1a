#include "engine/packed_row.h"

#include "engine/packed_bytes.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::PathView;

enum Optional : uint8_t {
  kHasInstances = 1 << 2,  // entry, caller_instance, callee_instance
  kHasSpans = 1 << 3,      // span, parent_span
  kHasWeight = 1 << 4,
  kHasDetails = 1 << 5,     // where they lie, their size
  kFromStore = 1 << 6,      // no part: the bit itself
  kHasAttributes = 1 << 7,  // how many, then their ids
};

}  // namespace

size_t PackRow(const Call& call, PathView path, char* out, const model::AttributeId* attributes) {
  char* const begin = out;
  uint8_t parts = static_cast<uint8_t>(call.trace.form);
  if (Index(call.entry) | Index(call.caller_instance) | Index(call.callee_instance)) {
    parts |= kHasInstances;
  }
  if (call.span | call.parent_span) parts |= kHasSpans;
  if (call.weight != 1.0f) parts |= kHasWeight;
  if (call.details_size != 0) parts |= kHasDetails;
  if (call.from_store) parts |= kFromStore;
  if (call.attributes != 0) parts |= kHasAttributes;

  Put(out, call.trace.hi);
  Put(out, call.trace.lo);
  Put(out, call.start_ns);
  Put(out, call.duration_ns);
  Put(out, call.caller);
  Put(out, call.callee);
  Put(out, call.operation);
  Put(out, call.origin);
  Put(out, static_cast<uint8_t>(
               static_cast<uint8_t>(call.kind) | static_cast<uint8_t>(call.side) << 3 |
               static_cast<uint8_t>(call.status) << 5 | static_cast<uint8_t>(call.from_user) << 7));
  Put(out, parts);
  Put(out, static_cast<uint16_t>(path.size()));
  std::memcpy(out, path.data(), path.size());
  out += path.size();
  if (parts & kHasInstances) {
    Put(out, call.entry);
    Put(out, call.caller_instance);
    Put(out, call.callee_instance);
  }
  if (parts & kHasSpans) {
    Put(out, call.span);
    Put(out, call.parent_span);
  }
  if (parts & kHasWeight) Put(out, call.weight);
  if (parts & kHasDetails) {
    Put(out, call.details_offset);
    Put(out, call.details_size);
  }
  if (parts & kHasAttributes) {
    Put(out, call.attributes);
    const size_t bytes = call.attributes * sizeof(model::AttributeId);
    std::memcpy(out, attributes, bytes);
    out += bytes;
  }
  return static_cast<size_t>(out - begin);
}

size_t UnpackRow(const char* in, Call& call, PathView& path) {
  const char* const begin = in;
  uint8_t bits = 0;
  uint8_t parts = 0;
  uint16_t path_size = 0;
  Get(in, call.trace.hi);
  Get(in, call.trace.lo);
  Get(in, call.start_ns);
  Get(in, call.duration_ns);
  Get(in, call.caller);
  Get(in, call.callee);
  Get(in, call.operation);
  Get(in, call.origin);
  Get(in, bits);
  Get(in, parts);
  Get(in, path_size);
  call.trace.form = static_cast<model::TraceForm>(parts & 3);
  call.kind = static_cast<model::Kind>(bits & 7);
  call.side = static_cast<model::Side>(bits >> 3 & 3);
  call.status = static_cast<model::Status>(bits >> 5 & 3);
  call.from_user = (bits >> 7) != 0;
  call.from_store = (parts & kFromStore) != 0;
  path = PathView(in, path_size);
  call.path_offset = 0;
  call.path_size = path_size;
  in += path_size;
  call.entry = model::kNoOperation;
  call.caller_instance = call.callee_instance = model::kNoInstance;
  call.span = call.parent_span = 0;
  call.weight = 1;
  call.details_offset = 0;
  call.details_size = 0;
  call.attributes = 0;
  if (parts & kHasInstances) {
    Get(in, call.entry);
    Get(in, call.caller_instance);
    Get(in, call.callee_instance);
  }
  if (parts & kHasSpans) {
    Get(in, call.span);
    Get(in, call.parent_span);
  }
  if (parts & kHasWeight) Get(in, call.weight);
  if (parts & kHasDetails) {
    Get(in, call.details_offset);
    Get(in, call.details_size);
  }
  if (parts & kHasAttributes) {
    Get(in, call.attributes);
    in += call.attributes * sizeof(model::AttributeId);
  }
  return static_cast<size_t>(in - begin);
}

size_t PackedSize(const char* in) {
  const auto parts = static_cast<uint8_t>(in[53]);
  uint16_t path_size = 0;
  std::memcpy(&path_size, in + 54, sizeof path_size);
  const size_t size = kPackedFixed + path_size + ((parts & kHasInstances) ? 12u : 0u) +
                      ((parts & kHasSpans) ? 16u : 0u) + ((parts & kHasWeight) ? 4u : 0u) +
                      ((parts & kHasDetails) ? 12u : 0u);
  if ((parts & kHasAttributes) == 0) return size;
  return size + 1 + static_cast<uint8_t>(in[size]) * sizeof(model::AttributeId);
}

model::TraceId PackedTrace(const char* in) {
  model::TraceId id;
  std::memcpy(&id.hi, in, 8);
  std::memcpy(&id.lo, in + 8, 8);
  id.form = static_cast<model::TraceForm>(static_cast<uint8_t>(in[53]) & 3);
  return id;
}

model::Origin PackedOrigin(const char* in) {
  model::Origin origin;
  std::memcpy(&origin, in + 44, sizeof origin);
  return origin;
}

}  // namespace plumbago::engine
