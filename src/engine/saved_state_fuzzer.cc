// Any bytes as a saved state, behind checksums that match: no crash, no large allocation; what is
// refused is refused with a reason, and what is taken can be reported and saved again.
//
// An input is the content of a state without the container, which is put around it here, so that a
// mutation of it is a mutation of what lies behind the checksums:
//
//   \n@@SECTION\n content \n@@SECTION\n content ...
//
// One name twice: another block of it. An input that begins as a state does is taken as it is.
// (section_file_fuzzer takes the container apart.)
#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "engine/saved_state.h"
#include "engine/trace_window.h"
#include "statistics/state_bytes.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace {

using plumbago::Result;
using plumbago::engine::Analyses;
using plumbago::engine::ClosedRecord;
using plumbago::engine::ClosedTraces;
using plumbago::engine::kStateMagic;
using plumbago::engine::Learnt;
using plumbago::engine::SavedState;
using plumbago::engine::States;

template <class T>
void Put(std::string& out, T value) {
  for (size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

std::string Block(std::string_view content) {
  std::string sizes;
  Put(sizes, static_cast<uint32_t>(content.size()));
  Put(sizes, static_cast<uint32_t>(content.size()));  // as it is, not compressed
  const uint64_t seed = uint64_t{content.size()} | uint64_t{content.size()} << 32;
  Put(sizes, XXH64(content.data(), content.size(), seed));
  return sizes.append(content);
}

// The container around sections (docs/formats/state-file.md).
std::string Pack(std::string_view input) {
  constexpr std::string_view kMark = "\n@@";
  struct Section {
    std::string_view name;
    std::string blocks;
    uint64_t raw = 0, count = 0;
  };
  std::vector<Section> sections;
  for (size_t at = input.find(kMark); at != input.npos;) {
    const size_t name = at + kMark.size();
    const size_t end = input.find('\n', name);
    if (end == input.npos) break;
    at = input.find(kMark, end);
    const std::string_view content =
        input.substr(end + 1, at == input.npos ? input.npos : at - end - 1);
    const std::string_view called = input.substr(name, std::min<size_t>(end - name, 255));
    auto section = std::find_if(sections.begin(), sections.end(),
                                [&](const Section& s) { return s.name == called; });
    if (section == sections.end()) section = sections.insert(section, {called, {}, 0, 0});
    if (called.empty() || content.empty()) continue;
    section->blocks += Block(content.substr(0, plumbago::kMostBlock));
    section->raw += std::min(content.size(), plumbago::kMostBlock);
    ++section->count;
  }
  std::string bytes(kStateMagic);
  Put<uint32_t>(bytes, plumbago::engine::kStateVersion);
  Put<uint32_t>(bytes, 0);
  Put<uint64_t>(bytes, XXH64(bytes.data(), bytes.size(), 0));
  std::string contents;
  for (const Section& section : sections) {
    contents += static_cast<char>(section.name.size());
    contents += section.name;
    Put<uint64_t>(contents, bytes.size());
    Put<uint64_t>(contents, section.blocks.size());
    Put<uint64_t>(contents, section.raw);
    Put<uint64_t>(contents, section.count);
    bytes += section.blocks;
  }
  const uint64_t at = bytes.size();
  bytes += Block(contents);
  Put<uint64_t>(bytes, at);
  return bytes.append(kStateMagic);
}

class CheckingSink final : public plumbago::formats::BatchSink {
 public:
  explicit CheckingSink(const plumbago::model::Names& names) : names_(names) {}
  void Accept(plumbago::model::CallBatch& batch) override {
    std::vector<plumbago::graph::Row> rows;
    for (const plumbago::model::Call& call : batch.calls) {
      CHECK(plumbago::Index(call.caller) < names_.services.size());
      CHECK(plumbago::Index(call.callee) < names_.services.size());
      CHECK(plumbago::Index(call.operation) < names_.operations.size());
      CHECK(plumbago::Index(call.entry) < names_.operations.size());
      CHECK(plumbago::Index(call.caller_instance) < names_.instances.size());
      CHECK(plumbago::Index(call.callee_instance) < names_.instances.size());
      CHECK(call.duration_ns >= 0 || call.duration_ns == plumbago::model::kNoTime);
      rows.push_back({&call, batch.Path(call)});
    }
    const auto window = plumbago::engine::WindowOf(rows);
    plumbago::engine::WindowCounts counts;
    plumbago::engine::ObserveWindow(counts, batch.calls.front().trace, window, 0, 1'000'000);
    CHECK(plumbago::engine::DamageOf(counts, 0).cut_right <= 1);
  }

 private:
  const plumbago::model::Names& names_;
};

// A state must not be larger than it pretends: names are told by what they share with the one
// before, so a small file may hold large ones.
constexpr size_t kMostInput = 1 << 16;

Result<void> Use(SavedState& state) {
  using namespace plumbago;
  engine::SavedHead again;
  std::string head;
  state.head().Save(head);
  statistics::StateReader in(head);
  CHECK(again.Load(in));

  // Kept in other order: other numbers for the names.
  model::Names names;
  for (const char* first : {"zzz", "m", "a"}) {
    names.Service(first);
    names.Operation(first);
    names.Instance(first);
  }
  RETURN_IF_ERROR(state.LoadNames(names));
  std::vector<uint32_t> files(state.head().files.size());
  std::iota(files.begin(), files.end(), 3u);
  CheckingSink sink(names);
  RETURN_IF_ERROR(state.LoadOpenRows(files, sink));
  ASSIGN_OR_RETURN(const auto progress, state.LoadProgress());
  const model::NameRanks ranks = names.Sort();

  Analyses analyses;
  for (const auto list : {analysis::Analyses(), analysis::SavedAnalyses()}) {
    for (const analysis::AnyAnalysis& a : list) analyses.push_back(&a);
  }
  Learnt learnt(analyses);
  ClosedTraces closed;
  RETURN_IF_ERROR(state.LoadClosed(ranks, analyses, learnt, closed));
  learnt.Freeze();
  analysis::Facts facts;
  facts.names = &names;
  facts.headline_only = true;  // fits take long
  learnt.ForEachVariant([&](const char*, States& states) {
    for (const auto& one : states) {
      std::string fields;
      one->Save(fields);
      const auto saved = one->SaveTables([](const std::string&) {},
                                         [](const std::string&) -> Result<void> { return {}; });
      CHECK(saved.has_value());
      one->Conclude(facts);
    }
  });
  uint64_t last = 0;
  closed.runs().ForEach([&](const ClosedRecord& record) {
    CHECK(record.hash >= last && record.times > 0);
    last = record.hash;
  });
  return state.status();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), std::min(size, kMostInput));
  const std::string bytes = input.starts_with(kStateMagic) ? std::string(input) : Pack(input);
  const auto state = SavedState::FromBytes(bytes);
  const Result<void> used = state ? Use(**state) : tl::unexpected(state.error());
  CHECK(used || !used.error().message.empty());
  return 0;
}
