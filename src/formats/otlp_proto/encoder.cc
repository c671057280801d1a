#include "formats/otlp_proto/encoder.h"

#include <tsl/robin_map.h>

#include <vector>

#include "base/check.h"
#include "formats/otlp_proto/fields.h"
#include "formats/otlp_proto/span_writer.h"
#include "formats/protobuf/wire_writer.h"
#include "formats/spans/span_details.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireWriter;

// The spans of a batch by what wrote them.
class Groups {
 public:
  void Add(const spans::Span& span) {
    key_.clear();
    WireWriter key(&key_);
    const size_t resource = key.Begin(of_resource_spans::kResource);
    WriteResource(*span.resource, key_);
    key.End(resource);
    const size_t scope_begin = key_.size();
    if (span.scope != nullptr) {
      const size_t scope = key.Begin(of_scope_spans::kScope);
      WriteScope(*span.scope, key_);
      key.End(scope);
    }
    // Spans of one writer often stand side by side.
    if (last_ == scopes_.size() || scopes_[last_].key != key_) last_ = Find(scope_begin);
    std::string& text = scopes_[last_].spans;
    WireWriter out(&text);
    const size_t begin = out.Begin(of_scope_spans::kSpans);
    WriteSpan(span, text);
    out.End(begin);
  }

  void Write(std::string& out) const {
    WireWriter wire(&out);
    for (const Resource& resource : resources_) {
      const size_t record = wire.Begin(of_request::kResourceSpans);
      out += resource.text;
      for (const size_t scope : resource.scopes) {
        const size_t begin = wire.Begin(of_resource_spans::kScopeSpans);
        out += scopes_[scope].text();
        out += scopes_[scope].spans;
        wire.End(begin);
      }
      wire.End(record);
    }
  }

 private:
  struct Scope {
    std::string key;  // field of the resource, then that of the scope
    size_t scope_begin = 0;
    std::string spans;
    std::string_view text() const { return std::string_view(key).substr(scope_begin); }
  };
  struct Resource {
    std::string text;
    std::vector<size_t> scopes;
  };

  size_t Find(size_t scope_begin) {
    const auto [found, is_new] = by_key_.try_emplace(key_, scopes_.size());
    if (!is_new) return found->second;
    const std::string resource = key_.substr(0, scope_begin);
    const auto [of, new_resource] = by_resource_.try_emplace(resource, resources_.size());
    if (new_resource) resources_.push_back({resource, {}});
    resources_[of->second].scopes.push_back(scopes_.size());
    scopes_.push_back({key_, scope_begin, {}});
    return scopes_.size() - 1;
  }

  std::string key_;
  size_t last_ = 0;
  std::vector<Scope> scopes_;
  std::vector<Resource> resources_;
  tsl::robin_map<std::string, size_t> by_key_;
  tsl::robin_map<std::string, size_t> by_resource_;
};

}  // namespace

void OtlpProtoEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                              std::string& out) const {
  Groups groups;
  spans::RestoredSpan restored;
  for (const model::Call& call : batch.calls) {
    // Details are made by this process; those of spill files are checked when they are read.
    CHECK(restored.Restore(call, batch.Details(call), names));
    groups.Add(restored.span());
  }
  groups.Write(out);
}

}  // namespace plumbago::formats::otlp_proto
