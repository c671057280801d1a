#include "render/speedscope_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "base/json_writer.h"
#include "render/span_lanes.h"

namespace plumbago::render {
namespace {

constexpr const char* kSchema = "https://www.speedscope.app/file-format-schema.json";

std::string Quoted(std::string_view text) {
  std::string json;
  JsonWriter(&json).String(text);
  return json;
}

template <class... T>
void Print(Pieces& out, fmt::format_string<T...> format, T&&... values) {
  fmt::format_to(std::back_inserter(out.text()), format, std::forward<T>(values)...);
  (void)out.Next();  // an error stays until the end
}

void Begin(Pieces& out, const SpeedscopeOptions& options) {
  Print(out, "{{\"$schema\":\"{}\",\"exporter\":{},\"name\":{},\"activeProfileIndex\":0,", kSchema,
        Quoted(options.exporter), Quoted(options.name));
}

void Frame(Pieces& out, bool first, const std::string& name, std::string_view service) {
  Print(out, "{}\n{{\"name\":{}", first ? "" : ",", Quoted(name));
  if (!service.empty()) Print(out, ",\"file\":{}", Quoted(service));
  Print(out, "}}");
}

// A node that stands for no more than it says: own time, or calls that took none.
bool Weighs(const CallTreeNode& node) { return node.time_ns > 0; }

struct Entry {
  uint32_t begin, end;  // nodes
  int64_t time_ns;      // with all that is below
};

std::vector<Entry> EntriesOf(const CallTree& tree) {
  std::vector<Entry> entries;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].parent == kNoNode) entries.push_back({i, i, 0});
    entries.back().end = i + 1;
    if (Weighs(tree.nodes[i])) entries.back().time_ns += tree.nodes[i].time_ns;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(b.time_ns, a.begin) < std::tie(a.time_ns, b.begin);
  });
  return entries;
}

void Sampled(Pieces& out, const CallTree& tree, const FrameList& frames, const std::string& name,
             std::span<const Entry> entries) {
  int64_t total = 0;
  for (const Entry& entry : entries) total += entry.time_ns;
  Print(out,
        "{{\"type\":\"sampled\",\"name\":{},\"unit\":\"microseconds\",\"startValue\":0,"
        "\"endValue\":{},\"samples\":[",
        Quoted(name), Microseconds(total));
  bool first = true;
  std::vector<uint32_t> stack;
  for (const Entry& entry : entries) {
    for (uint32_t i = entry.begin; i < entry.end; ++i) {
      while (!stack.empty() && stack.back() != tree.nodes[i].parent) stack.pop_back();
      stack.push_back(i);
      if (!Weighs(tree.nodes[i])) continue;
      Print(out, "{}[", first ? "" : ",");
      first = false;
      for (size_t k = 0; k < stack.size(); ++k)
        Print(out, "{}{}", k == 0 ? "" : ",", frames.of_node[stack[k]]);
      Print(out, "]");
    }
  }
  Print(out, "],\"weights\":[");
  first = true;
  for (const Entry& entry : entries) {
    for (uint32_t i = entry.begin; i < entry.end; ++i) {
      if (!Weighs(tree.nodes[i])) continue;
      Print(out, "{}{}", first ? "" : ",", Microseconds(tree.nodes[i].time_ns));
      first = false;
    }
  }
  Print(out, "]}}");
}

void Evented(Pieces& out, const ProfileTrace& trace, std::span<const uint32_t> spans,
             std::span<const LanedSpan> laned, std::span<const uint32_t> frames,
             const std::string& name) {
  Print(out,
        "{{\"type\":\"evented\",\"name\":{},\"unit\":\"microseconds\",\"startValue\":0,"
        "\"endValue\":",
        Quoted(name));
  int64_t end = trace.duration_ns;
  for (const LanedSpan& one : laned)
    end = std::max(end, trace.spans[spans[one.span]].window_end_ns);
  Print(out, "{},\"events\":[", Microseconds(end));
  bool first = true;
  std::vector<uint32_t> open;
  const auto event = [&](char type, uint32_t span, int64_t at) {
    Print(out, "{}{{\"type\":\"{}\",\"frame\":{},\"at\":{}}}", first ? "" : ",", type, frames[span],
          Microseconds(at));
    first = false;
  };
  const auto close_to = [&](size_t levels) {
    while (open.size() > levels) {
      event('C', open.back(), trace.spans[open.back()].window_end_ns);
      open.pop_back();
    }
  };
  for (const LanedSpan& one : laned) {
    const uint32_t span = spans[one.span];
    close_to(one.levels);
    event('O', span, trace.spans[span].window_start_ns);
    open.push_back(span);
  }
  close_to(0);
  Print(out, "]}}");
}

}  // namespace

Result<SpeedscopeWritten> WriteSpeedscope(const CallTree& tree, const SpeedscopeOptions& options,
                                          const PutText& put) {
  Pieces out(put);
  const FrameList frames = FramesOf(tree);
  Begin(out, options);
  Print(out, "\"shared\":{{\"frames\":[");
  for (size_t i = 0; i < frames.first.size(); ++i) {
    const CallTreeNode& node = tree.nodes[frames.first[i]];
    Frame(out, i == 0, FrameName(node), node.service);
  }
  Print(out, "]}},\"profiles\":[");
  const std::vector<Entry> entries = EntriesOf(tree);
  SpeedscopeWritten written;
  const bool rest = entries.size() > kSpeedscopeProfiles;
  const size_t alone = rest ? kSpeedscopeProfiles - 1 : entries.size();
  for (size_t i = 0; i < alone; ++i) {
    Print(out, "{}\n", i == 0 ? "" : ",");
    const std::string name =
        fmt::format("{}: {}", FrameName(tree.nodes[entries[i].begin]), tree.time_name);
    Sampled(out, tree, frames, name, std::span(entries).subspan(i, 1));
  }
  if (rest) {
    Print(out, ",\n");
    written.left_out = entries.size() - alone;
    Sampled(out, tree, frames,
            fmt::format("({} other entries): {}", written.left_out, tree.time_name),
            std::span(entries).subspan(alone));
  }
  written.profiles = alone + (rest ? 1 : 0);
  Print(out, "]}}\n");
  RETURN_IF_ERROR(out.End());
  return written;
}

Result<SpeedscopeWritten> WriteSpeedscope(const ProfileTrace& trace,
                                          const SpeedscopeOptions& options, const PutText& put) {
  Pieces out(put);
  Begin(out, options);
  Print(out, "\"shared\":{{\"frames\":[");
  std::vector<uint32_t> frames(trace.spans.size());
  std::unordered_map<std::string, uint32_t> known;
  std::vector<uint32_t> spans;     // those with times
  std::vector<LaneSpan> to_place;  // the same
  std::vector<uint32_t> placed(trace.spans.size(), kNoNode);
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    const ProfileSpan& span = trace.spans[i];
    if (!span.timed) continue;
    CallTreeNode node;
    node.service = span.service;
    node.operation = span.operation;
    const std::string name = FrameName(node);
    const auto [at, fresh] = known.try_emplace(name, static_cast<uint32_t>(known.size()));
    frames[i] = at->second;
    if (fresh) Frame(out, at->second == 0, name, span.service);
    placed[i] = static_cast<uint32_t>(spans.size());
    spans.push_back(i);
    to_place.push_back({span.parent == kNoNode ? kNoNode : placed[span.parent], 0,
                        span.window_start_ns, span.window_end_ns});
  }
  Print(out, "]}},\"profiles\":[");
  // By lane; on each in the order of time.
  const std::vector<LanedSpan> in_time = PutOnLanes(to_place, 1);
  uint32_t lanes = 0;
  for (const LanedSpan& one : in_time) lanes = std::max(lanes, one.lane + 1);
  std::vector<size_t> next(size_t{lanes} + 1, 0);
  for (const LanedSpan& one : in_time) ++next[one.lane + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<LanedSpan> laned(in_time.size());
  for (const LanedSpan& one : in_time) laned[next[one.lane]++] = one;
  SpeedscopeWritten written;
  for (size_t begin = 0; begin < laned.size();) {
    if (written.profiles == kSpeedscopeProfiles) {
      written.left_out = laned.size() - begin;
      break;
    }
    size_t end = begin;
    while (end < laned.size() && laned[end].lane == laned[begin].lane) ++end;
    Print(out, "{}\n", begin == 0 ? "" : ",");
    const std::string name = laned[begin].lane == 0 ? fmt::format("trace {}", trace.id)
                                                    : fmt::format("beside {}", laned[begin].lane);
    Evented(out, trace, spans, std::span(laned).subspan(begin, end - begin), frames, name);
    ++written.profiles;
    begin = end;
  }
  Print(out, "]}}\n");
  RETURN_IF_ERROR(out.End());
  return written;
}

}  // namespace plumbago::render
