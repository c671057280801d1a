#include "engine/loose_records.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace plumbago::engine {
namespace {

enum What : uint8_t { kSample = 1, kGraph = 2 };
constexpr size_t kHead = 1 + sizeof(uint32_t);
constexpr size_t kPieceBytes = kMostExtent;

template <class T>
void Put(char*& out, const T& value) {
  std::memcpy(out, &value, sizeof value);
  out += sizeof value;
}

template <class T>
void Get(const char*& in, T& value) {
  std::memcpy(&value, in, sizeof value);
  in += sizeof value;
}

// The fields of a record, one after the other, as `each` takes them: Put and Get cannot differ.
template <class Sample, class Each>
void SampleFields(Sample& sample, Each&& each) {
  each(sample.time_ns);
  each(sample.value);
  each(sample.service);
  each(sample.instance);
  each(sample.host);
  each(sample.origin);
  each(sample.measure);
  each(sample.flow);
  each(sample.normalised);
}

template <class Graph, class Each>
void GraphFields(Graph& graph, Each&& each) {
  each(graph.id.hi);
  each(graph.id.lo);
  each(graph.id.form);
  each(graph.entry);
  each(graph.traces);
  each(graph.group);
  each(graph.origin);
  each(graph.nodes);
  each(graph.edges);
}

template <class Node, class Each>
void NodeFields(Node& node, Each&& each) {
  each(node.service);
  each(node.label);
}

template <class Edge, class Each>
void EdgeFields(Edge& edge, Each&& each) {
  each(edge.caller);
  each(edge.callee);
  each(edge.calls);
  each(edge.kind);
}

template <class Record, class Fields>
size_t BytesOf(const Record& record, Fields&& fields) {
  size_t bytes = 0;
  fields(record, [&](const auto& field) { bytes += sizeof field; });
  return bytes;
}

constexpr auto kSampleFields = [](auto& record, auto&& each) { SampleFields(record, each); };
constexpr auto kGraphFields = [](auto& record, auto&& each) { GraphFields(record, each); };
constexpr auto kNodeFields = [](auto& record, auto&& each) { NodeFields(record, each); };
constexpr auto kEdgeFields = [](auto& record, auto&& each) { EdgeFields(record, each); };

template <class T>
void Translate(const std::vector<uint32_t>& ranks, T& id) {
  if (!ranks.empty()) id = Id<T>(ranks[Index(id)]);
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
    SampleFields(sample, [&](const auto& field) { Put(out, field); });
  }
  samples_ += batch.samples.size();

  static const size_t kNodeBytes = BytesOf(model::WholeNode{}, kNodeFields);
  static const size_t kEdgeBytes = BytesOf(model::WholeEdge{}, kEdgeFields);
  for (const model::WholeGraph& graph : batch.graphs) {
    const size_t bytes =
        BytesOf(graph, kGraphFields) + graph.nodes * kNodeBytes + graph.edges * kEdgeBytes;
    char* out = begin(kGraph, bytes);
    const auto put = [&](const auto& field) { Put(out, field); };
    GraphFields(graph, put);
    const model::WholeGraphView view = batch.View(graph);
    for (const model::WholeNode& node : view.nodes) NodeFields(node, put);
    for (const model::WholeEdge& edge : view.edges) EdgeFields(edge, put);
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
  while (in < end) {
    What what{};
    uint32_t bytes = 0;
    Get(in, what);
    Get(in, bytes);
    if (what == kSample) {
      model::Sample sample;
      SampleFields(sample, get);
      Translate(ranks_.services, sample.service);
      Translate(ranks_.instances, sample.instance);
      Translate(ranks_.instances, sample.host);
      visitor.VisitSample(sample);
      continue;
    }
    model::WholeGraph graph;
    GraphFields(graph, get);
    nodes_.resize(graph.nodes);
    edges_.resize(graph.edges);
    for (model::WholeNode& node : nodes_) {
      NodeFields(node, get);
      Translate(ranks_.services, node.service);
      Translate(ranks_.operations, node.label);
    }
    for (model::WholeEdge& edge : edges_) EdgeFields(edge, get);
    Translate(ranks_.operations, graph.entry);
    visitor.VisitGraph({&graph, nodes_, edges_});
  }
}

}  // namespace plumbago::engine
