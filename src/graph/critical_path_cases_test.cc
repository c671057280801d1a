// The critical-path cases of Jaeger-UI and of CRISP, with the answers that they carry. Where ours
// differs, docs/design/0015 names the case and says why.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/archive.h"
#include "graph/critical_path.h"
#include "graph/replay.h"
#include "graph/testing/span_trees.h"

namespace plumbago::graph {
namespace {

using nlohmann::json;
using testing::ListedSpan;
using testing::SpanList;

std::string DataFile(const std::string& name) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
}

// Members by name.
std::map<std::string, std::string> ReadAll(const std::string& path) {
  std::map<std::string, std::string> texts;
  auto archive = Archive::Open(path);
  while (archive && (*archive)->Next().value_or(false)) {
    std::string& text = texts[(*archive)->member()];
    for (char block[65536];;) {
      const auto read = (*archive)->Read(block, sizeof(block));
      if (!read || *read == 0) break;
      text.append(block, *read);
    }
  }
  return texts;
}

// As CRISP reads tags and logs (Graph.parseForErrorReturn).
bool HasError(const json& span) {
  for (const json& tag : span.value("tags", json::array())) {
    const std::string key = tag["key"];
    if (key == "error" && (tag["value"].is_string() || tag["value"] == true)) return true;
    if (key == "http.status_code" && tag["value"].get<int>() >= 400) return true;
    if (key == "grpc.status" && tag["value"] != "OK") return true;
  }
  for (const json& log : span.value("logs", json::array())) {
    for (const json& field : log["fields"]) {
      if (field["key"] == "error.object" || field["key"] == "error") return true;
      if (field["key"] == "event" && field["value"] == "error") return true;
    }
  }
  return false;
}

void FromJaeger(const json& trace, SpanList& out) {
  std::vector<ListedSpan> listed;
  for (const json& span : trace["spans"]) {
    ListedSpan one;
    one.id = span["spanID"];
    for (const json& reference : span["references"]) one.parent = reference["spanID"];
    one.service = trace["processes"][span["processID"].get<std::string>()]["serviceName"];
    one.operation = span["operationName"];
    one.start = span["startTime"];
    one.end = one.start + span["duration"].get<int64_t>();
    one.error = HasError(span);
    for (const json& tag : span.value("tags", json::array())) {
      if (tag["key"] != "span.kind") continue;
      const std::string kind = tag["value"];
      if (kind == "producer" || kind == "consumer") one.kind = model::Kind::kMessage;
      one.side =
          kind == "client" || kind == "producer" ? model::Side::kClient : model::Side::kServer;
    }
    listed.push_back(one);
  }
  MakeSpans(listed, out);
}

using Sections = std::vector<std::tuple<std::string, int64_t, int64_t>>;

// In the order of Jaeger-UI: root by root, from its end backwards.
Sections OurSections(const SpanList& list, SpanWindows::Options options) {
  SpanWindows windows;
  windows.Set(list.spans, options);
  CriticalPath found;
  found.Find(windows);
  Sections sections;
  for (const CriticalPath::Path& path : found.paths()) {
    if (path.asynchronous) continue;
    const auto part = found.sections(path);
    for (size_t i = part.size(); i-- > 0;)
      sections.emplace_back(list.ids[part[i].span], part[i].start_ns, part[i].end_ns);
  }
  return sections;
}

Sections Expected(const json& answer) {
  Sections sections;
  for (const json& one : answer)
    sections.emplace_back(one["spanID"], one["section_start"], one["section_end"]);
  return sections;
}

#define NEED_DATA(texts, path)                                   \
  if ((texts).empty()) {                                         \
    if (std::getenv("CI") != nullptr) FAIL() << "no " << (path); \
    GTEST_SKIP() << "no " << (path) << ": set PLUMBAGO_DATA";    \
  }

TEST(CriticalPathCases, JaegerUi) {
  const std::string path = DataFile("jaegerui-critical-path.json");
  const auto texts = ReadAll(path);
  NEED_DATA(texts, path);
  // Jaeger-UI compares ends by `<`: touching siblings.
  const std::set<std::string> strict{"made-back-to-back", "made-millisecond-clock"};
  // A child outlives its parent: Jaeger-UI has the parent wait for it (T9).
  const std::map<std::string, Sections> outliving{
      {"jaeger-ui-test6", {{"00000000000000c0", 1, 30}}},
      {"jaeger-ui-test7", {{"00000000000000c0", 1, 30}}},
      {"jaeger-ui-test8", {{"00000000000000c0", 10, 30}}}};
  size_t cases = 0;
  for (const json& one : json::parse(texts.begin()->second)) {
    const std::string name = one["name"];
    SCOPED_TRACE(name);
    SpanList list;
    FromJaeger(one["trace"], list);
    ++cases;
    const Sections expected = Expected(one["expected"]);
    const Sections as_peers = OurSections(list, {.clip_outliving = true});
    if (one["expected_inclusive"].is_array()) {
      EXPECT_EQ(as_peers, Expected(one["expected_inclusive"]));
    }
    if (strict.contains(name)) {
      EXPECT_NE(as_peers, expected);
    } else {
      EXPECT_EQ(as_peers, expected);
    }
    const Sections ours = OurSections(list, {});
    EXPECT_EQ(ours, outliving.contains(name) ? outliving.at(name) : as_peers);
  }
  EXPECT_EQ(cases, 15u);
}

using Times = std::map<std::string, int64_t>;

struct Crisp {
  SpanList list;
  SpanWindows windows;
  CriticalPath path;

  explicit Crisp(const json& trace) {
    FromJaeger(trace, list);
    Find();
  }
  void Find(SpanWindows::Options options = {.clip_outliving = true}) {
    windows.Set(list.spans, options);
    path.Find(windows);
  }
  bool error(uint32_t span) const { return list.spans[span].status == model::Status::kError; }
  std::string Name(uint32_t span) const {
    return "[" + std::string(list.names.Text(list.spans[span].service)) + "] " +
           std::string(list.names.Text(list.spans[span].operation));
  }
  std::string CallPath(uint32_t span) const {
    const uint32_t parent = list.spans[span].parent;
    return parent == kNone ? Name(span) : CallPath(parent) + "->" + Name(span);
  }
  template <class Key, class Wanted>
  Times Own(Key&& key, Wanted&& wanted) const {
    Times times;
    for (const CriticalPath::Path& one : path.paths()) {
      if (one.asynchronous) continue;
      for (const PathSection& section : path.sections(one)) {
        if (wanted(section.span)) times[key(section.span)] += section.length();
      }
    }
    return times;
  }
  // On the path, and in error or above such.
  std::vector<uint8_t> ErrorPath() const {
    std::vector<uint8_t> on(list.spans.size());
    for (uint32_t i = static_cast<uint32_t>(on.size()); i-- > 0;) {
      if (path.visited(i) && error(i)) on[i] = 1;
      if (on[i] != 0 && list.spans[i].parent != kNone) on[list.spans[i].parent] = 1;
    }
    return on;
  }
};

// Errors of its own, passed on, stopped: by call path.
std::map<std::string, std::array<int, 3>> ErrorCounts(const Crisp& crisp) {
  const std::vector<uint8_t> on = crisp.ErrorPath();
  std::vector<uint8_t> child_failed(on.size());
  for (uint32_t i = 1; i < on.size(); ++i) {
    if (on[i] != 0 && crisp.error(i)) child_failed[crisp.list.spans[i].parent] = 1;
  }
  std::map<std::string, std::array<int, 3>> counts;
  for (uint32_t i = 0; i < on.size(); ++i) {
    if (on[i] == 0 || (!crisp.error(i) && child_failed[i] == 0)) continue;
    ++counts[crisp.CallPath(i)][!crisp.error(i) ? 2 : child_failed[i]];
  }
  return counts;
}

// CRISP's root of error paths, and a bracket too many in 11.json.
std::string PlainPath(std::string path) {
  const std::string root = "errorCriticalPathSyntheticRoot->";
  if (path.starts_with(root)) path.erase(0, root.size());
  for (size_t at; (at = path.find("[[")) != std::string::npos;) path.erase(at, 1);
  return path;
}

Times TimesOf(const json& answer) {
  Times times;
  for (const auto& [key, value] : answer.items()) {
    if (value != 0) times[PlainPath(key)] = value;
  }
  return times;
}

Times WithoutZeros(Times times) {
  std::erase_if(times, [](const auto& one) { return one.second == 0; });
  return times;
}

// Of the four cases in which CRISP takes siblings that overlap by less than 1 % of their parent's
// time for one after the other, and then counts the overlap twice: ours.
struct Own {
  Times exclusive;
  std::optional<int64_t> saved;
  bool same_errors;
};
const std::map<std::string, Own> kOverlapping{
    {"10", {{{"[S1] O1", 500}, {"[S2] O2", 200}, {"[S4] O4", 300}}, {}, true}},
    {"19", {{{"[S1] O1", 100}, {"[S2] O2", 200}, {"[S4] O4", 300}}, 395, false}},
    {"20", {{{"[S1] O1", 100}, {"[S2] O2", 200}, {"[S4] O4", 300}}, 295, true}},
    {"21", {{{"[S1] O1", 100}, {"[S2] O2", 200}, {"[S4] O4", 300}}, 300, false}}};

void Compare(const std::string& name, const json& document) {
  SCOPED_TRACE(name);
  const json& stated = document["testing"];
  const json answer = stated.is_array() ? json{{"opTimeExclusive", stated[0]}} : stated;
  Crisp crisp(document["data"][0]);
  const auto own = kOverlapping.find(name);
  const auto all = [](uint32_t) { return true; };
  const auto failed = [&](uint32_t i) { return crisp.error(i); };
  const auto op = [&](uint32_t i) { return crisp.Name(i); };
  const auto call_path = [&](uint32_t i) { return crisp.CallPath(i); };

  const Times exclusive = WithoutZeros(crisp.Own(op, all));
  const Times stated_exclusive = TimesOf(answer["opTimeExclusive"]);
  if (own == kOverlapping.end()) {
    EXPECT_EQ(exclusive, stated_exclusive);
  } else {
    EXPECT_EQ(exclusive, own->second.exclusive);
    EXPECT_NE(exclusive, stated_exclusive);
  }
  // As we read a child that outlives its parent.
  crisp.Find({});
  EXPECT_EQ(WithoutZeros(crisp.Own(op, all)),
            name == "8" ? (Times{{"[S1] O1", 40}, {"[S2] O2", 60}}) : exclusive);
  crisp.Find();
  if (own == kOverlapping.end() || own->second.same_errors) {
    for (const char* key : {"errCPCallpathTimeExclusive", "errCallpathTimeExclusive"}) {
      if (!answer.contains(key)) continue;
      EXPECT_EQ(WithoutZeros(crisp.Own(call_path, failed)), TimesOf(answer[key])) << key;
    }
    for (const char* key : {"errCPErrCounts", "errCounts"}) {
      if (!answer.contains(key)) continue;
      std::map<std::string, std::array<int, 3>> counts;
      for (const auto& [where, three] : answer[key].items()) counts[PlainPath(where)] = three;
      EXPECT_EQ(ErrorCounts(crisp), counts) << key;
    }
    if (answer.contains("errOpTimeExclusive")) {
      EXPECT_EQ(WithoutZeros(crisp.Own(op, failed)), TimesOf(answer["errOpTimeExclusive"]));
    }
  }
  if (!answer.contains("totalWork")) return;

  // Work: all durations, those of spans in error, and what the path loses without them.
  int64_t work = 0, saved_work = 0;
  std::vector<uint32_t> left(crisp.list.spans.size(), kAll);
  for (uint32_t i = 0; i < left.size(); ++i) {
    if (!crisp.windows.timed(i)) continue;
    work += crisp.windows.window(i).length();
    if (crisp.error(i)) saved_work += crisp.windows.window(i).length();
    const uint32_t parent = crisp.list.spans[i].parent;
    if (crisp.error(i) || (parent != kNone && left[parent] == 0)) left[i] = 0;
  }
  EXPECT_EQ(work, answer["totalWork"]);
  EXPECT_EQ(saved_work, answer["timeSavedOnWork"]);
  Replay replay;
  replay.Run(crisp.windows, left);
  const int64_t saved = crisp.windows.window(0).length() - replay.duration_ns(0);
  if (own == kOverlapping.end()) {
    EXPECT_EQ(saved, answer["timeSavedOnCP"]);
  } else {
    EXPECT_EQ(saved, own->second.saved);
    EXPECT_NE(saved, answer["timeSavedOnCP"]);
  }
  if (!answer.contains("noErrCP")) return;
  for (uint32_t i = 0; i < left.size(); ++i) {
    if (!crisp.windows.timed(i)) continue;
    crisp.list.spans[i].start_ns = replay.window(i).start_ns;
    crisp.list.spans[i].duration_ns = replay.duration_ns(i);
  }
  crisp.Find();
  EXPECT_EQ(WithoutZeros(crisp.Own(op, all)), TimesOf(answer["noErrCP"]));
}

TEST(CriticalPathCases, Crisp) {
  const std::string path = DataFile("crisp-test_cases.tar.zst");
  const auto texts = ReadAll(path);
  NEED_DATA(texts, path);
  size_t cases = 0;
  for (const auto& [member, text] : texts) {
    if (!member.ends_with(".json")) continue;
    const size_t begin = member.find("test_cases/") + 11;
    Compare(member.substr(begin, member.size() - begin - 5), json::parse(text));
    ++cases;
  }
  EXPECT_EQ(cases, 33u);
}

}  // namespace
}  // namespace plumbago::graph
