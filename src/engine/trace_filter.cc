#include "engine/trace_filter.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbago::engine {
namespace {

using formats::spans::Attribute;
using formats::spans::Value;

bool Says(const Value& value, const std::string& text) {
  switch (value.type) {
    case Value::Type::kBool:
      return text == (value.integer != 0 ? "true" : "false");
    case Value::Type::kInt:
      return text == fmt::format("{}", value.integer);
    case Value::Type::kDouble:
      return text == fmt::format("{}", value.number);
    case Value::Type::kText:
    case Value::Type::kBytes:
    case Value::Type::kJson:
      break;
  }
  return value.text == text;
}

bool Has(std::span<const Attribute> attributes, const AttributeFilter& wanted) {
  return std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& one) {
    return one.key == wanted.key && (!wanted.value || Says(one.value, *wanted.value));
  });
}

}  // namespace

AttributeFilter AttributeFilter::Of(const std::string& text) {
  const size_t at = text.find('=');
  if (at == text.npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
}

RowMatcher::RowMatcher(const TraceFilter& filter, const model::Names& names,
                       const DetailsStore* details)
    : filter_(filter), names_(names), details_(details) {}

bool RowMatcher::Any(std::span<const graph::Row> rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [this](const graph::Row& row) { return Matches(*row.call); });
}

bool RowMatcher::Matches(const model::Call& call) {
  if (filter_.error && call.status != model::Status::kError) return false;
  if (filter_.service && names_.Text(call.callee) != *filter_.service &&
      names_.Text(call.caller) != *filter_.service) {
    return false;
  }
  if (filter_.operation && names_.Text(call.operation) != *filter_.operation) return false;
  return filter_.attributes.empty() || HasAttributes(call);
}

bool RowMatcher::HasAttributes(const model::Call& call) {
  if (call.details_size == 0 || details_ == nullptr) return false;
  const auto bytes = details_->Read(call.details_offset, call.details_size, scratch_);
  if (!bytes) {
    if (status_) status_ = tl::unexpected(bytes.error());
    return false;
  }
  if (!restored_.Restore(call, *bytes, names_)) return false;
  const formats::spans::Span& span = restored_.span();
  return std::all_of(
      filter_.attributes.begin(), filter_.attributes.end(), [&](const AttributeFilter& wanted) {
        return Has(span.attributes, wanted) || Has(span.resource->attributes, wanted);
      });
}

}  // namespace plumbago::engine
