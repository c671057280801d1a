#include "engine/loose_records.h"

#include <utility>

#include "engine/packed_bytes.h"
#include "engine/translate_name.h"

namespace plumbago::engine {
namespace {

enum What : uint8_t { kSample = 1, kGraph = 2, kPair = 3 };
constexpr size_t kHead = 1 + sizeof(uint32_t);
constexpr size_t kPieceBytes = kMostExtent;

// The fields of a record, one after the other, as `each` takes them: Put and Get cannot differ.
constexpr auto kSampleFields = [](auto& sample, auto&& each) {
  each(sample.time_ns);
  each(sample.value);
  each(sample.service);
  each(sample.instance);
  each(sample.host);
  each(sample.origin);
  each(sample.measure);
  each(sample.flow);
  each(sample.normalised);
};
constexpr auto kGraphFields = [](auto& graph, auto&& each) {
  each(graph.id.hi);
  each(graph.id.lo);
  each(graph.id.form);
  each(graph.entry);
  each(graph.traces);
  each(graph.group);
  each(graph.origin);
  each(graph.nodes);
  each(graph.edges);
};
constexpr auto kNodeFields = [](auto& node, auto&& each) {
  each(node.service);
  each(node.label);
};
constexpr auto kEdgeFields = [](auto& edge, auto&& each) {
  each(edge.caller);
  each(edge.callee);
  each(edge.calls);
  each(edge.kind);
};

constexpr auto kPairFields = [](auto& pair, auto&& each) {
  each(pair.caller_call);
  each(pair.caller);
  each(pair.overlap);
  each(pair.origin);
};

template <class Record, class Fields>
size_t BytesOf(const Record& record, const Fields& fields) {
  size_t bytes = 0;
  fields(record, [&](const auto& field) { bytes += sizeof field; });
  return bytes;
}

}  // namespace

LooseRecords::LooseRecords(size_t most_resident, std::shared_ptr<SpillFile> spill)
    : most_resident_(most_resident), spill_(std::move(spill)) {}

void LooseRecords::Add(const model::CallBatch& batch) {
  const auto begin = [&](What what, size_t bytes) {
    char* out = Room(kHead + bytes);
    Put(out, what);
    Put(out, static_cast<uint32_t>(bytes));
    return out;
  };
  for (const model::Sample& sample : batch.samples) {
    char* out = begin(kSample, BytesOf(sample, kSampleFields));
    kSampleFields(sample, [&](const auto& field) { Put(out, field); });
  }
  samples_ += batch.samples.size();
  for (const model::SiblingPair& pair : batch.pairs) {
    char* out = begin(kPair, BytesOf(pair, kPairFields));
    kPairFields(pair, [&](const auto& field) { Put(out, field); });
  }
  pairs_ += batch.pairs.size();

  static const size_t kNodeBytes = BytesOf(model::WholeNode{}, kNodeFields);
  static const size_t kEdgeBytes = BytesOf(model::WholeEdge{}, kEdgeFields);
  for (const model::WholeGraph& graph : batch.graphs) {
    const size_t bytes =
        BytesOf(graph, kGraphFields) + graph.nodes * kNodeBytes + graph.edges * kEdgeBytes;
    char* out = begin(kGraph, bytes);
    const auto put = [&](const auto& field) { Put(out, field); };
    kGraphFields(graph, put);
    const model::WholeGraphView view = batch.View(graph);
    for (const model::WholeNode& node : view.nodes) kNodeFields(node, put);
    for (const model::WholeEdge& edge : view.edges) kEdgeFields(edge, put);
    ++graphs_;
    traces_ += graph.traces;
  }
}

char* LooseRecords::Room(size_t bytes) {
  if (open_.size() + bytes > kPieceBytes) CloseOpen();
  if (open_.capacity() == 0) open_.reserve(kPieceBytes);
  const size_t at = open_.size();
  open_.resize(at + bytes);
  return open_.data() + at;
}

void LooseRecords::CloseOpen() {
  full_bytes_ += open_.capacity();
  full_.push_back(std::move(open_));
  open_ = {};
  if (spill_ == nullptr || full_bytes_ <= most_resident_ || !status_) return;
  std::vector<std::string_view> parts(full_.begin(), full_.end());
  const Result<uint64_t> written = spill_->Append(parts);
  if (!written) {
    status_ = tl::unexpected(written.error());
    return;
  }
  uint64_t offset = *written;
  for (const std::string_view part : parts) {
    spilled_.push_back({offset, part.size()});
    offset += part.size();
  }
  std::vector<std::string>().swap(full_);
  full_bytes_ = 0;
}

void LooseRecords::Collect(RowPieces& pieces) const {
  for (const std::string& piece : full_) pieces.resident.push_back(piece);
  if (!open_.empty()) pieces.resident.push_back(open_);
  pieces.spilled.insert(pieces.spilled.end(), spilled_.begin(), spilled_.end());
  for (const std::string_view piece : pieces.resident) pieces.bytes += piece.size();
  for (const Extent& extent : spilled_) pieces.bytes += extent.size;
}

void LooseReader::Read(std::string_view piece, LooseVisitor& visitor) {
  const char* in = piece.data();
  const char* const end = in + piece.size();
  const auto get = [&](auto& field) { Get(in, field); };
  const bool translate = !ranks_.services.empty();
  while (in < end) {
    What what{};
    uint32_t bytes = 0;
    Get(in, what);
    Get(in, bytes);
    if (what == kSample) {
      model::Sample sample;
      kSampleFields(sample, get);
      if (translate) {
        TranslateName(ranks_.services, sample.service);
        TranslateName(ranks_.instances, sample.instance);
        TranslateName(ranks_.instances, sample.host);
      }
      visitor.VisitSample(sample);
      continue;
    }
    if (what == kPair) {
      model::SiblingPair pair;
      kPairFields(pair, get);
      if (translate) TranslateName(ranks_.services, pair.caller);
      visitor.VisitPair(pair);
      continue;
    }
    model::WholeGraph graph;
    kGraphFields(graph, get);
    nodes_.resize(graph.nodes);
    edges_.resize(graph.edges);
    for (model::WholeNode& node : nodes_) {
      kNodeFields(node, get);
      if (!translate) continue;
      TranslateName(ranks_.services, node.service);
      TranslateName(ranks_.operations, node.label);
    }
    for (model::WholeEdge& edge : edges_) kEdgeFields(edge, get);
    if (translate) TranslateName(ranks_.operations, graph.entry);
    visitor.VisitGraph({&graph, nodes_, edges_});
  }
}

}  // namespace plumbago::engine
