#include "formats/csv_mapped/mapped_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/strong_id.h"
#include "formats/block_source.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/plain_layout.h"
#include "formats/csv_mapped/span_id.h"

namespace plumbago::formats {
namespace {

// Batches put together, and what is needed to read them.
struct Read final : BatchSink {
  void Accept(model::CallBatch& batch) override {
    for (const model::Call& call : batch.calls) {
      all.calls.push_back(call);
      const model::PathView path = batch.Path(call);
      all.SetEncodedPath(all.calls.back(), path);
    }
    all.samples.insert(all.samples.end(), batch.samples.begin(), batch.samples.end());
    all.pairs.insert(all.pairs.end(), batch.pairs.begin(), batch.pairs.end());
  }
  std::string Example() const {
    const model::Example* first = damage.First(model::Damage::kMalformed);
    if (first == nullptr) return "";
    return std::to_string(first->origin.line + 1) + ":" + std::to_string(first->column) + ": " +
           first->text;
  }
  template <class Id>
  std::string Text(Id id) const {
    return std::string(names->Text(id));
  }
  std::unique_ptr<model::Names> names = std::make_unique<model::Names>();
  model::CallBatch all;
  model::DamageCounts damage;
};

Read Decode(const Format& format, std::string text) {
  Read read;
  const auto decoder = format.Open(text, "x.csv");
  EXPECT_TRUE(decoder) << decoder.error().Text();
  if (!decoder) return read;
  model::NameCaches caches(*read.names);
  DecodeContext context{caches, read.damage, read};
  const size_t size = text.size();
  text.append(64, '\0');
  Block block;
  block.first = true;
  block.text = std::string_view(text.data(), size);
  (*decoder)->Decode(block, context);
  return read;
}

MappedCsv Mapped(std::string_view map) {
  auto parsed = ParseMap(map, "m.toml");
  EXPECT_TRUE(parsed) << parsed.error().Text();
  return MappedCsv(parsed ? std::move(*parsed) : ColumnMap{});
}

constexpr std::string_view kSpans = R"([[table]]
rows = "calls"
[table.columns]
trace = ["TraceID", "trace_id"]
span = "SpanID"
parent = { column = "ParentID", root = "root" }
callee = { column = "Pod", rule = "strip-kubernetes-suffix" }
callee_instance = "Pod"
start = { column = "Start", unit = "ns" }
end = { column = "End", unit = "ns" }
status = { column = "Code", values = { "2*" = "ok", "5*" = "error" }, optional = true }
kind = { value = "http" }
weight = { column = "p", is = "probability", optional = true }
)";

TEST(MappedCsv, MakesCallsOfSpans) {
  const MappedCsv format = Mapped(kSpans);
  const Read read = Decode(format,
                           ",trace_id,spanid,ParentID,Pod,Start,End,code,p\r\n"
                           "0,a1,ff,root,web-0,1000,3000,200,0.25\r\n"
                           "\r\n"
                           "1,a1,ee,ff,\"cart-5b7c9d88-x2x4k\",1500,2500,503,\r\n"
                           "2,a1,dd,00112233445566778899,cart-0,1500,,301,1\r\n");
  EXPECT_EQ(read.damage.Count(model::Damage::kMalformed), 0u) << read.Example();
  ASSERT_EQ(read.all.calls.size(), 3u);
  const model::Call& web = read.all.calls[0];
  EXPECT_EQ(web.trace.Text(), "a1");
  EXPECT_EQ(web.span, 0xFFu);
  EXPECT_EQ(web.parent_span, 0u);
  EXPECT_EQ(read.Text(web.callee), "web");
  EXPECT_EQ(read.Text(web.callee_instance), "web-0");
  EXPECT_EQ(web.caller, model::kNoService);
  EXPECT_EQ(web.start_ns, 1000);
  EXPECT_EQ(web.duration_ns, 2000);
  EXPECT_EQ(web.status, model::Status::kOk);
  EXPECT_EQ(web.kind, model::Kind::kHttp);
  EXPECT_EQ(web.weight, 4);
  const model::Call& cart = read.all.calls[1];
  EXPECT_EQ(cart.parent_span, 0xFFu);
  EXPECT_EQ(read.Text(cart.callee), "cart");
  EXPECT_EQ(cart.status, model::Status::kError);
  EXPECT_EQ(cart.weight, 1);
  EXPECT_EQ(cart.origin.line, 3u);
  const model::Call& odd = read.all.calls[2];
  EXPECT_EQ(odd.parent_span, ParseSpanId("00112233445566778899"));
  EXPECT_EQ(odd.duration_ns, model::kNoTime);
  EXPECT_EQ(odd.status, model::Status::kUnset);
}

TEST(MappedCsv, CountsCellsThatAreWrong) {
  const MappedCsv format = Mapped(kSpans);
  const std::string head = "TraceID,SpanID,ParentID,Pod,Start,End\n";
  const auto fault = [&](const std::string& row) {
    const Read read = Decode(format, head + "a,1,root,p,1,2\n" + row + "\n");
    EXPECT_EQ(read.all.calls.size(), 1u) << row;
    EXPECT_EQ(read.names->services.size(), 2u) << "a malformed line leaves no name";
    return read.Example();
  };
  EXPECT_EQ(fault(",1,root,q,1,2"), "3:1: TraceID is empty, expected the id of a trace");
  EXPECT_EQ(fault("a,0000,root,q,1,2"), "3:3: SpanID is '0000', expected the id of a call");
  EXPECT_EQ(fault("a,1,root,q,x,2"), "3:12: Start is 'x', expected nanoseconds");
  EXPECT_EQ(fault("a,1,root,q,3,2"), "3:14: End is '2', expected a time not before the start");
  EXPECT_EQ(fault("a,1,root,q,3").substr(0, 20), "3:0: 5 fields, expec");
  const Read twice = Decode(format, head + "a,1,root,p,1,2\n" + head + "a,2,root,p,1,2\n");
  EXPECT_EQ(twice.damage.Count(model::Damage::kMalformed), 0u);
  EXPECT_EQ(twice.all.calls.size(), 2u);
}

// A start before 1970 less such an end did not fit 64 bits.
TEST(MappedCsv, CallsEndWhereTheyMayBegin) {
  const MappedCsv format = Mapped(R"([[table]]
rows = "calls"
[table.columns]
trace = "t"
span = "s"
start = { column = "b", unit = "ns" }
duration = { column = "d", unit = "ns" }
)");
  const Read read = Decode(format,
                           "t,s,b,d\n"
                           "a,1,-4000000000000000000,4000000000000000000\n"
                           "a,2,1,3999999999999999999\n"
                           "a,3,1,4000000000000000000\n"
                           "a,4,,4000000000000000000\n");
  EXPECT_EQ(read.all.calls.size(), 3u);
  EXPECT_EQ(read.damage.Count(model::Damage::kMalformed), 1u);
  EXPECT_EQ(read.Example(),
            "4:7: d is '4000000000000000000', expected a duration that ends before 2097");
}

TEST(MappedCsv, MakesSamples) {
  const MappedCsv format = Mapped(R"([[table]]
rows = "samples"
missing = ["-"]
[table.columns]
time = { column = "at", format = "rfc3339", zone = "+01:00" }
service = { column = "pod", rule = { match = "(.*)\\.[0-9]+" } }
instance = "pod"
host = { column = "node", optional = true }
[[table.value]]
column = "cpu%"
measure = "cpu"
unit = "percent"
[[table.value]]
column = "rss"
measure = "memory"
unit = "bytes"
limit = "limit"
[[table.value]]
column = "load"
measure = "host_cpu"
of = "host"
normalised = true
[[table.value]]
column = "p90"
measure = "latency"
flow = "rpc_in"
unit = "ms"
zero = "none"
)");
  const Read read = Decode(format,
                           "at,node,pod,cpu%,rss,limit,load,p90\n"
                           "1970-01-01 01:00:02,n1,cart.12,50,25,100,0.5,0\n"
                           "1970-01-01 00:00:03Z,n1,cart.12,-,25,0,,2.5\n"
                           "later,n1,cart.12,1,1,1,1,1\n");
  EXPECT_EQ(read.damage.Count(model::Damage::kMalformed), 2u);
  EXPECT_EQ(read.Example(), "3:38: limit is '0', expected a number above 0");
  ASSERT_EQ(read.all.samples.size(), 4u);
  const model::Sample& cpu = read.all.samples[0];
  EXPECT_EQ(cpu.time_ns, 2'000'000'000);
  EXPECT_EQ(cpu.value, 0.5);
  EXPECT_EQ(read.Text(cpu.service), "cart");
  EXPECT_EQ(read.Text(cpu.instance), "cart.12");
  EXPECT_EQ(read.Text(cpu.host), "n1");
  EXPECT_FALSE(cpu.normalised);
  EXPECT_EQ(read.all.samples[1].measure, model::Measure::kMemory);
  EXPECT_EQ(read.all.samples[1].value, 0.25);
  EXPECT_EQ(read.all.samples[2].measure, model::Measure::kHostCpu);
  EXPECT_EQ(read.all.samples[2].instance, model::kNoInstance);
  EXPECT_TRUE(read.all.samples[2].normalised);
  EXPECT_EQ(read.all.samples[3].value, 2.5e6);
  EXPECT_EQ(read.all.samples[3].flow, model::Flow::kRpcIn);
  EXPECT_EQ(read.all.samples[3].time_ns, 3'000'000'000);
}

TEST(MappedCsv, MakesJudgedPairs) {
  const auto map = ReadMap("examples/maps/siblings.toml");
  ASSERT_TRUE(map) << map.error().Text();
  const Read read = Decode(MappedCsv(*map),
                           "traceid,rpcid,um,dm1,dm2,execution_order\n"
                           "T_1,0.1,MS_1,MS_2,MS_3,sequential\n"
                           "T_1,0.1,MS_1,MS_2,MS_3,concurrent\n"
                           "T_1,0.2,MS_1,MS_2,MS_3,maybe\n"
                           "T_2,0.1,MS_1,MS_2,MS_3,concurrent\n");
  EXPECT_EQ(read.Example(),
            "4:24: execution_order is 'maybe', expected a word of the map's 'overlap'");
  ASSERT_EQ(read.all.pairs.size(), 3u);
  EXPECT_FALSE(read.all.pairs[0].overlap);
  EXPECT_TRUE(read.all.pairs[1].overlap);
  EXPECT_EQ(read.all.pairs[0].caller_call, read.all.pairs[1].caller_call);
  EXPECT_NE(read.all.pairs[0].caller_call, read.all.pairs[2].caller_call);
  EXPECT_EQ(read.Text(read.all.pairs[0].caller), "MS_1");
}

TEST(MappedCsv, SaysWhereInstancesLie) {
  const Read places = Decode(Mapped("[[table]]\nrows = \"samples\"\n[table.columns]\n"
                                    "instance = \"pod\"\ncluster = \"zone\"\n"),
                             "pod,zone\ncart-0,eu\ncart-1,\n");
  ASSERT_EQ(places.all.samples.size(), 1u);
  EXPECT_EQ(places.all.samples[0].measure, model::Measure::kCluster);
  EXPECT_EQ(places.Text(places.all.samples[0].instance), "cart-0");
  EXPECT_EQ(places.Text(places.all.samples[0].host), "eu");

  const Read calls = Decode(Mapped("[[table]]\nrows = \"calls\"\n[table.columns]\n"
                                   "trace = \"t\"\npath = \"p\"\ncaller = \"a\"\ncallee = \"b\"\n"
                                   "caller_cluster = \"za\"\ncallee_cluster = \"zb\"\n"
                                   "callee_instance = \"ib\"\n"),
                            "t,p,a,b,za,zb,ib\n1,0.1,web,cart,eu,us,cart-0\n"
                            "1,0.2,web,cart,eu,us,cart-0\n1,0.3,web,cart,,us,cart-1\n");
  ASSERT_EQ(calls.all.calls.size(), 3u);
  EXPECT_EQ(calls.Text(calls.all.calls[0].caller_instance), "web@eu");
  EXPECT_EQ(calls.Text(calls.all.calls[0].callee_instance), "cart-0");
  EXPECT_EQ(calls.all.calls[2].caller_instance, model::kNoInstance);
  std::set<std::string> seen;
  for (const model::Sample& sample : calls.all.samples)
    seen.insert(calls.Text(sample.instance) + " in " + calls.Text(sample.host));
  EXPECT_EQ(seen, (std::set<std::string>{"web@eu in eu", "cart-0 in us", "cart-1 in us"}));
  EXPECT_EQ(calls.all.samples.size(), 3u);
}

TEST(MappedCsv, KnowsATableByItsColumnsAndPath) {
  const MappedCsv format = Mapped(
      "[[table]]\nrows = \"calls\"\npath = \"trace/*.csv\"\nneeds = [\"extra\"]\n"
      "[table.columns]\ntrace = \"t\"\npath = { column = \"p\", optional = true }\n"
      "[[table]]\nrows = \"calls\"\nheader = [\"t\", \"p\"]\npath = \"raw?.csv\"\n"
      "[table.columns]\ntrace = \"t\"\npath = \"p\"\n");
  EXPECT_EQ(format.Sniff("T,P,Extra\n", "a.tar.zst:x/trace/1.csv"), Match::kYes);
  EXPECT_EQ(format.Sniff("t,p,extra\n", "trace/1.csv"), Match::kYes);
  EXPECT_EQ(format.Sniff("t,p,extra\n", "mytrace/1.csv"), Match::kNo);
  EXPECT_EQ(format.Sniff("t,p,extra\n", "trace/a/1.csv"), Match::kNo);
  EXPECT_EQ(format.Sniff("t,p\n", "trace/1.csv"), Match::kNo);
  EXPECT_EQ(format.Sniff("t,extra\n", "trace/1.csv"), Match::kNo);
  EXPECT_EQ(format.Sniff("x,0.1\n", "raw1.csv"), Match::kYes);
  EXPECT_EQ(format.Sniff("x,0.1,2\n", "raw1.csv"), Match::kNo);
  EXPECT_EQ(format.Sniff("", "raw1.csv"), Match::kNo);
  const auto opened = format.Open("t,p\n", "trace/1.csv");
  ASSERT_FALSE(opened);
  const std::string text = opened.error().Text();
  EXPECT_TRUE(text.starts_with(
      "trace/1.csv:1: no table of the map fits; '1' lacks extra; '2' is for files called "
      "raw?.csv; 'plumbago' lacks trace, callee, start_ns, duration_ns; "))
      << text;
  EXPECT_TRUE(text.ends_with("; seen: t,p")) << text;
}

TEST(ParseSpanId, ReadsHexAndHashesTheRest) {
  EXPECT_EQ(ParseSpanId("ee744a66e6efcb2e"), 0xee744a66e6efcb2eu);
  EXPECT_EQ(ParseSpanId("EE744A66e6efcb2e"), 0xee744a66e6efcb2eu);
  EXPECT_EQ(ParseSpanId("1"), 1u);
  EXPECT_EQ(ParseSpanId(""), 0u);
  EXPECT_EQ(ParseSpanId("0000000000000000"), 0u);
  EXPECT_EQ(ParseSpanId("ee744a66e6efcb2e1"), model::NameTable::HashText("ee744a66e6efcb2e1"));
  EXPECT_EQ(ParseSpanId("span-1"), model::NameTable::HashText("span-1"));
}

// The published data through the map that is shipped for it.
struct Counts {
  uint64_t calls = 0, roots = 0, samples = 0;
  size_t traces = 0, services = 0;
  uint64_t malformed = 0;
  std::vector<std::string> skipped;
};

Counts CountNezha(const std::string& name) {
  Counts counts;
  const char* folder = std::getenv("PLUMBAGO_DATA");
  const std::string path =
      std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
  if (!std::filesystem::exists(path)) return counts;
  const auto map = ReadMap("examples/maps/nezha.toml");
  EXPECT_TRUE(map) << map.error().Text();
  if (!map) return counts;
  const MappedCsv format(*map);
  const Format* const formats[] = {&format};
  BlockSource::Options options;
  options.formats = formats;
  const auto source = BlockSource::Open({{path}}, options);
  EXPECT_TRUE(source) << source.error().Text();
  if (!source) return counts;
  class Counter final : public BatchSink {
   public:
    explicit Counter(Counts& to) : to_(to) {}
    void Accept(model::CallBatch& batch) override {
      to_.calls += batch.calls.size();
      to_.samples += batch.samples.size();
      for (const model::Call& call : batch.calls) {
        to_.roots += call.parent_span == 0;
        traces.insert(call.trace);
        services.insert(call.callee);
        EXPECT_GE(call.duration_ns, 0);
      }
    }
    std::set<model::TraceId> traces;
    std::set<model::ServiceId> services;

   private:
    Counts& to_;
  };
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Counter counter(counts);
  std::string storage;
  while (true) {
    const auto block = (*source)->Next(storage, damage);
    EXPECT_TRUE(block) << block.error().Text();
    if (!block || !*block) break;
    DecodeContext context{caches, damage, counter};
    (*block)->decoder->Decode(**block, context);
    (*source)->SetLines((*block)->index, context.lines);
  }
  counts.traces = counter.traces.size();
  counts.services = counter.services.size();
  counts.malformed = damage.Count(model::Damage::kMalformed);
  counts.skipped = (*source)->skipped();
  return counts;
}

#define PLUMBAGO_NEZHA_OR_SKIP(counts, name)                                                  \
  const Counts counts = CountNezha(name);                                                     \
  if (counts.calls == 0) {                                                                    \
    const char* ci = std::getenv("CI");                                                       \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no trace data: " << name; \
    GTEST_SKIP() << "no trace data (" << name << "): set PLUMBAGO_DATA";                      \
  }                                                                                           \
  static_assert(true)

TEST(MappedCsv, ReadsTrainTicketAsItIs) {
  PLUMBAGO_NEZHA_OR_SKIP(counts, "nezha-trainticket-2023-01-30.tar.zst");
  EXPECT_EQ(counts.calls, 179'170u);
  EXPECT_EQ(counts.traces, 2'475u);
  EXPECT_EQ(counts.roots, 2'486u);
  EXPECT_EQ(counts.services, 28u);
  EXPECT_EQ(counts.malformed, 0u);
  EXPECT_EQ(counts.samples, 206'335u);
  EXPECT_EQ(counts.skipped.size(), 3u);  // licence, fault list, front_service.csv
}

TEST(MappedCsv, ReadsOnlineBoutiqueAsItIs) {
  PLUMBAGO_NEZHA_OR_SKIP(counts, "nezha-onlineboutique-2022-08-22.tar.zst");
  EXPECT_EQ(counts.calls, 96'812u);
  EXPECT_EQ(counts.traces, 2'407u);
  EXPECT_EQ(counts.roots, 2'416u);
  EXPECT_EQ(counts.services, 10u);
  EXPECT_EQ(counts.malformed, 0u);
  EXPECT_EQ(counts.samples, 84'397u);
  EXPECT_EQ(counts.skipped.size(), 6u);  // and dependency.csv, source_50.csv, destination_50.csv
}

}  // namespace
}  // namespace plumbago::formats
