// Span links through whole runs: planted over many traces, counted by a twin that looks at all
// spans, and the same bytes for any threads, files, budget and states.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/test_files.h"
#include "document/testing/report_text.h"
#include "engine/characterise.h"
#include "engine/link_ends.h"
#include "engine/trace_walk.h"
#include "statistics/nearest_rank.h"

namespace plumbago::engine {
namespace {

using document::testing::ReportText;

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kFirst = 1'700'000'000'000 * kMs;

struct PlainLink {
  uint64_t trace, span;
};
struct PlainSpan {
  uint64_t trace, id, parent;
  std::string service, operation;
  int64_t start, duration;
  std::vector<PlainLink> links;

  std::string Line() const {
    std::string text = fmt::format(
        R"({{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{}"}}}}]}},)"
        R"("scopeSpans":[{{"spans":[{{"traceId":"{:032x}","spanId":"{:016x}","parentSpanId":"{}","name":"{}",)"
        R"("startTimeUnixNano":"{}","endTimeUnixNano":"{}","links":[)",
        service, trace, id, parent == 0 ? "" : fmt::format("{:016x}", parent), operation, start,
        start + duration);
    for (size_t i = 0; i < links.size(); ++i) {
      text += fmt::format(R"({}{{"traceId":"{:032x}","spanId":"{:016x}"}})", i > 0 ? "," : "",
                          links[i].trace, links[i].span);
    }
    return text + "]}]}]}]}\n";
  }
};

// Traces within `span_ms`; links to what there is, to the span's own trace and parent, and to what
// is not there.
std::vector<PlainSpan> RandomSpans(std::mt19937_64& random, uint64_t traces, int64_t span_ms) {
  const auto below = [&](uint64_t n) { return random() % n; };
  std::vector<PlainSpan> spans;
  for (uint64_t t = 1; t <= traces; ++t) {
    const int64_t start =
        kFirst + static_cast<int64_t>(below(static_cast<uint64_t>(span_ms))) * kMs;
    const uint64_t count = 1 + below(5);
    for (uint64_t i = 1; i <= count; ++i) {
      PlainSpan span{t,
                     i,
                     i == 1 ? 0 : 1 + below(i - 1),
                     fmt::format("S{}", below(4)),
                     fmt::format("op{}", below(2)),
                     start + static_cast<int64_t>(below(50)) * kMs,
                     static_cast<int64_t>(below(40)) * kMs,
                     {}};
      spans.push_back(span);
    }
  }
  const size_t all = spans.size();
  for (PlainSpan& span : spans) {
    if (below(2) == 0) continue;
    for (uint64_t i = 0; i <= below(3); ++i) {
      const PlainSpan& other = spans[below(all)];
      switch (below(8)) {
        case 0:
          span.links.push_back({traces + 1 + below(3), 1});  // no such trace
          break;
        case 1:
          span.links.push_back({other.trace, 99});  // no such span
          break;
        case 2:
          span.links.push_back({span.trace, span.parent});
          break;
        case 3:
          span.links.push_back({span.trace, 1 + below(3)});
          break;
        default:
          span.links.push_back({other.trace, other.id});
      }
    }
  }
  return spans;
}

struct Way {
  uint64_t links = 0, before_end = 0, before_start = 0;
  std::set<uint64_t> producer_traces, consumer_traces;
  std::vector<int64_t> after;
};
struct Twin {
  std::map<std::array<std::string, 4>, Way> ways;
  uint64_t across = 0, no_trace = 0, no_span = 0, within = 0, repeat = 0;

  explicit Twin(const std::vector<PlainSpan>& spans) {
    std::set<std::array<uint64_t, 4>> seen;
    for (const PlainSpan& span : spans) {
      for (const PlainLink& link : span.links) {
        if (!seen.insert({span.trace, span.id, link.trace, link.span}).second) continue;
        if (link.trace == span.trace) {
          ++(link.span == span.parent ? repeat : within);
          continue;
        }
        ++across;
        bool trace_here = false;
        const PlainSpan* target = nullptr;
        for (const PlainSpan& other : spans) {
          if (other.trace != link.trace) continue;
          trace_here = true;
          if (other.id == link.span) target = &other;
        }
        if (target == nullptr) {
          ++(trace_here ? no_span : no_trace);
          continue;
        }
        Way& way = ways[{target->service, target->operation, span.service, span.operation}];
        ++way.links;
        way.producer_traces.insert(target->trace);
        way.consumer_traces.insert(span.trace);
        const int64_t after = span.start - (target->start + target->duration);
        way.after.push_back(after);
        way.before_end += after < 0 ? 1 : 0;
        way.before_start += span.start < target->start ? 1 : 0;
      }
    }
  }
};

class LinksRun : public ::testing::Test {
 protected:
  std::string Write(const std::vector<PlainSpan>& spans) {
    std::string text;
    for (const PlainSpan& span : spans) text += span.Line();
    return folder_.Write(std::to_string(++names_) + ".json", text);
  }
  template <class F>
  document::Document Run(std::vector<std::string> inputs, F&& set) {
    CharacteriseOptions options;
    options.read.inputs = std::move(inputs);
    options.read.threads = 2;
    options.read.memory = 64u << 20;
    set(options);
    auto done = Characterise(options);
    EXPECT_TRUE(done) << done.error().Text();
    return done ? std::move(done->document) : document::Document();
  }
  document::Document Report(std::vector<std::string> inputs, unsigned threads = 2,
                            uint64_t memory = 64u << 20) {
    return Run(std::move(inputs), [&](CharacteriseOptions& options) {
      options.read.threads = threads;
      options.read.memory = memory;
    });
  }
  std::string Save(std::vector<std::string> inputs, Closing::Policy closing, int64_t window_ns) {
    const std::string path = folder_.Path(std::to_string(++names_) + ".plumb");
    Run(std::move(inputs), [&](CharacteriseOptions& options) {
      options.save = path;
      options.closing = closing;
      options.open_window_ns = window_ns;
    });
    return path;
  }

  TemporaryFolder folder_;
  int names_ = 0;
};

const document::Section& Links(const document::Document& document) {
  for (const document::Section& section : document.sections) {
    if (section.id == "links") return section;
  }
  static const document::Section kNone;
  ADD_FAILURE() << "no section";
  return kNone;
}

int64_t Whole(const document::Cell& cell) { return std::get<int64_t>(cell); }

TEST_F(LinksRun, CountsAreThoseOfATwin) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<PlainSpan> spans = RandomSpans(random, 40, 10'000);
    const Twin twin(spans);
    for (uint64_t i = 0; i < 20; ++i) spans.push_back(spans[random() % spans.size()]);  // again
    std::shuffle(spans.begin(), spans.end(), random);
    const document::Document document = Report({Write(spans)});
    EXPECT_EQ(document.completeness.span_links, twin.across) << seed;
    EXPECT_EQ(document.completeness.span_links_not_here, twin.no_trace + twin.no_span) << seed;
    const document::Section& section = Links(document);
    EXPECT_EQ(section.headline[0].value, static_cast<double>(twin.across));
    EXPECT_EQ(section.headline[3].value, static_cast<double>(twin.within + twin.repeat));
    EXPECT_NE(
        section.computed.find(fmt::format("({} to traces that are not, {} to traces that are)",
                                          twin.no_trace, twin.no_span)),
        std::string::npos)
        << section.computed;
    ASSERT_EQ(section.tables[1].id, "linked_operations");
    ASSERT_EQ(section.tables[1].rows.size(), twin.ways.size()) << seed;
    for (const auto& row : section.tables[1].rows) {
      std::array<std::string, 4> key;
      for (size_t i = 0; i < 4; ++i) key[i] = std::get<std::string>(row[i]);
      ASSERT_TRUE(twin.ways.contains(key)) << seed << " " << fmt::format("{}", fmt::join(key, " "));
      Way way = twin.ways.at(key);
      EXPECT_EQ(Whole(row[4]), static_cast<int64_t>(way.links)) << seed;
      EXPECT_EQ(Whole(row[5]), static_cast<int64_t>(way.producer_traces.size())) << seed;
      EXPECT_EQ(Whole(row[6]), static_cast<int64_t>(way.consumer_traces.size())) << seed;
      EXPECT_EQ(Whole(row[10]), static_cast<int64_t>(way.before_end)) << seed;
      EXPECT_EQ(Whole(row[11]), static_cast<int64_t>(way.before_start)) << seed;
      std::sort(way.after.begin(), way.after.end());
      const auto median =
          static_cast<double>(way.after[statistics::NearestRank(0.5, way.after.size())]);
      EXPECT_NEAR(static_cast<double>(Whole(row[7])), median, std::abs(median) * 0.01 + kMs)
          << seed;
    }
  }
}

// Nothing else is changed by links: they are no calls.
TEST_F(LinksRun, OtherSectionsAreAsWithoutLinks) {
  std::mt19937_64 random(3);
  std::vector<PlainSpan> spans = RandomSpans(random, 40, 10'000);
  const document::Document with = Report({Write(spans)});
  for (PlainSpan& span : spans) span.links.clear();
  const document::Document without = Report({Write(spans)});
  EXPECT_EQ(with.traces.read, without.traces.read);
  EXPECT_EQ(with.input.rows, without.input.rows);
  ASSERT_EQ(with.sections.size(), without.sections.size());
  for (size_t i = 0; i < with.sections.size(); ++i) {
    if (with.sections[i].id == "links" || with.sections[i].id == "completeness") continue;
    EXPECT_EQ(ReportText::Of(with.sections[i]), ReportText::Of(without.sections[i]));
  }
}

TEST_F(LinksRun, TheSameBytesForAnyFilesOrderThreadsAndBudget) {
  std::mt19937_64 random(5);
  std::vector<PlainSpan> spans = RandomSpans(random, 300, 10'000);
  const std::string one = ReportText::Of(Report({Write(spans)}));
  for (unsigned round = 0; round < 6; ++round) {
    std::shuffle(spans.begin(), spans.end(), random);
    std::vector<std::string> files;
    for (size_t begin = 0; begin < spans.size();) {
      const size_t end = std::min(spans.size(), begin + 1 + random() % 400);
      files.push_back(Write({spans.begin() + static_cast<std::ptrdiff_t>(begin),
                             spans.begin() + static_cast<std::ptrdiff_t>(end)}));
      begin = end;
    }
    EXPECT_EQ(ReportText::Of(Report(files, 1 + round % 4, (64u << 20) << (round % 3))), one);
  }
}

TEST_F(LinksRun, StatesSayWhatOneRunSays) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<PlainSpan> spans = RandomSpans(random, 30, 10'000);
    const std::string one = ReportText::Of(Report({Write(spans)}));
    EXPECT_EQ(ReportText::Of(Report({Save({Write(spans)}, Closing::kAll, 0)})), one) << seed;
    std::vector<std::vector<PlainSpan>> parts(3);
    for (const PlainSpan& span : spans) parts[random() % 3].push_back(span);
    std::vector<std::string> states;
    for (const auto& part : parts) states.push_back(Save({Write(part)}, Closing::kNone, 0));
    EXPECT_EQ(ReportText::Of(Report(states)), one) << seed;
    const std::string merged = Save({states[2], states[0]}, Closing::kNone, 0);
    EXPECT_EQ(ReportText::Of(Report({states[1], merged})), one) << seed;
  }
}

// A trace that a state has closed before a later one links to it is a trace that was closed too
// early: counted, never silently wrong.
TEST_F(LinksRun, CutsInTimeAreExactOrCounted) {
  int exact = 0, counted = 0;
  for (uint64_t seed = 0; seed < 16; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<PlainSpan> spans = RandomSpans(random, 12, seed % 2 == 0 ? 20'000 : 400);
    if (seed % 4 == 0) {
      for (PlainSpan& span : spans) span.links.clear();
      spans[0].links.push_back({spans[1].trace, spans[1].id});
    }
    std::sort(spans.begin(), spans.end(),
              [](const PlainSpan& a, const PlainSpan& b) { return a.start < b.start; });
    const std::string one = ReportText::Of(Report({Write(spans)}));
    const auto middle = spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2);
    const std::vector<std::string> states = {
        Save({Write({spans.begin(), middle})}, Closing::kWindow, 500 * kMs),
        Save({Write({middle, spans.end()})}, Closing::kWindow, 500 * kMs)};
    const document::Document report = Report(states);
    ++(report.completeness.exact ? exact : counted);
    if (report.completeness.exact) {
      EXPECT_EQ(ReportText::Of(report), one) << seed;
    }
  }
  EXPECT_GT(exact, 0);
  EXPECT_GT(counted, 0);
}

// What each trace is shown, as text.
class Recorder final : public TraceVisitor {
 public:
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override {
    text.push_back(fmt::format("{} {} rows\n", trace.Text(), rows.size()));
  }
  void VisitLinked(const model::TraceId& trace, std::span<const graph::Row> rows,
                   std::span<const graph::Row> links) override {
    std::string all = fmt::format("{} {} rows:", trace.Text(), rows.size());
    for (const graph::TraceLink& link : ends_.Find(trace, rows, links).links) {
      all += fmt::format(" {} {} {}", link.from_trace_hash, link.found, link.from_start_ns);
    }
    text.push_back(all + "\n");
  }
  std::vector<std::string> text;

 private:
  LinkEnds ends_;
};

TEST_F(LinksRun, PartitionsThatSpillAndSplitShowTheSame) {
  std::mt19937_64 random(9);
  const std::vector<PlainSpan> spans = RandomSpans(random, 20'000, 10'000);
  const auto walked = [&](const MemoryPlan& plan) {
    ReadRows rows;
    rows.plan = plan;
    rows.spill = std::make_shared<SpillFile>(folder_.path());
    for (unsigned i = 0; i < plan.threads; ++i) {
      rows.writers.push_back(std::make_unique<PartitionWriter>(plan, rows.spill));
      rows.writers.back()->KeepLinks();
    }
    model::CallBatch batch;
    for (const PlainSpan& span : spans) {
      model::Call call;
      call.trace = {0, span.trace, model::TraceForm::kHex32};
      call.span = span.id;
      call.parent_span = span.parent;
      call.start_ns = span.start;
      call.duration_ns = span.duration;
      batch.calls.push_back(call);
      for (const PlainLink& link : span.links) {
        model::SpanLink out;
        out.target = {0, link.trace, model::TraceForm::kHex32};
        out.target_span = link.span;
        out.from = call.trace;
        out.from_span = span.id;
        out.start_ns = span.start;
        batch.links.push_back(out);
      }
      rows.writers[span.trace % plan.threads]->Accept(batch);
      batch.Clear();
    }
    for (const auto& writer : rows.writers) EXPECT_TRUE(writer->status());
    std::vector<Recorder> recorders(plan.threads);
    std::vector<TraceVisitor*> visitors;
    for (Recorder& recorder : recorders) visitors.push_back(&recorder);
    EXPECT_TRUE(LookAtTraces(rows, visitors, false));
    for (Recorder& recorder : recorders) recorder.text.clear();
    EXPECT_TRUE(WalkTraces(rows, visitors, false));
    std::vector<std::string> text;
    for (Recorder& recorder : recorders) {
      text.insert(text.end(), recorder.text.begin(), recorder.text.end());
    }
    std::sort(text.begin(), text.end());
    return text;
  };
  const std::vector<std::string> ample = walked(PlanMemory(4ull << 30, 1));
  EXPECT_GT(ample.size(), 20'000u);  // those that only links know of are among them
  MemoryPlan tight = PlanMemory(kLeastBudget, 2);
  tight.resident_rows = 1u << 20;
  tight.partition = 5'000;
  EXPECT_EQ(walked(tight), ample);
}

}  // namespace
}  // namespace plumbago::engine
