#include "formats/csv_mapped/map_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/csv_mapped/map_flags.h"
#include "formats/csv_mapped/plain_layout.h"

namespace plumbago::formats {
namespace {

std::string Fault(std::string_view text) {
  const auto map = ParseMap(text, "m.toml");
  return map ? "fine" : map.error().Text();
}

constexpr std::string_view kHead = "[[table]]\nrows = \"calls\"\n[table.columns]\ntrace = \"t\"\n";

std::string Calls(const std::string& more) { return std::string(kHead) + more; }

TEST(ParseMap, ReadsATable) {
  const auto map = ParseMap(
      Calls("span = [\"s\", \"spanid\"]\nparent = { column = \"p\", root = \"root\" }\n"
            "callee = { column = \"pod\", rule = { match = \"(.*)-x\" }, optional = true }\n"
            "kind = { value = \"rpc\" }\nstart = { column = \"b\", unit = \"us\" }\n"
            "status = { column = \"code\", values = { \"2*\" = \"ok\", \"404\" = \"error\", "
            "\"5*\" = \"error\" } }\n"),
      "m.toml");
  ASSERT_TRUE(map) << map.error().Text();
  ASSERT_EQ(map->tables.size(), 1u);
  const TableMap& table = map->tables[0];
  EXPECT_EQ(table.span.columns, (std::vector<std::string>{"s", "spanid"}));
  EXPECT_EQ(table.parent.root, std::vector<std::string>{"root"});
  EXPECT_TRUE(table.callee.optional);
  EXPECT_EQ(table.kind.constant, "rpc");
  EXPECT_EQ(table.kind.Find("rpc"), model::Kind::kRpc);
  EXPECT_EQ(table.start.power, 3);
  EXPECT_EQ(table.status.Find("200"), model::Status::kOk);
  EXPECT_EQ(table.status.Find("404"), model::Status::kError);
  EXPECT_EQ(table.status.Find("301"), std::nullopt);
  EXPECT_EQ(table.status.Find("503"), model::Status::kError);
}

TEST(ParseMap, SaysWhereTheMistakeIsAndWhatIsNearest) {
  EXPECT_EQ(Fault("[[table]]\nrows = \"cals\"\n[table.columns]\n"),
            "m.toml:2:8: map: rows: 'cals' is not among calls, samples, sibling-pairs, "
            "executions; did you "
            "mean 'calls'?");
  EXPECT_EQ(Fault("[[table]]\nrow = \"calls\"\n"),
            "m.toml:2:1: map: unknown key 'row' in [[table]]; did you mean 'rows'?; known: name, "
            "rows, path, needs, header, missing, columns, value, cold_in_duration");
  EXPECT_EQ(Fault(Calls("  callr = \"um\"\n")).substr(0, 60),
            "m.toml:5:3: map: unknown field 'callr'; did you mean 'caller");
  EXPECT_EQ(Fault(Calls("span = \"s\"\nstart = \"b\"\n")),
            "m.toml:6:9: map: expected unit = \"ns\", \"us\", \"ms\" or \"s\", or format = "
            "\"rfc3339\", for 'start'");
  EXPECT_EQ(Fault(Calls("span = { colum = \"s\" }\n")),
            "m.toml:5:10: map: unknown key 'colum' in the field 'span'; did you mean 'column'?; "
            "known: column, value, optional");
  EXPECT_EQ(Fault(Calls("callee = { column = \"p\", rule = { match = \"a+\" } }\n")),
            "m.toml:5:43: map: regular expression, sign 3: expected a group ( ) around what is "
            "wanted");
  EXPECT_EQ(Fault(Calls("callee = \"p\"\n")),
            "m.toml:3:1: map: table '1': expected the field 'span' (with 'parent') or 'path': by "
            "them calls are linked");
  EXPECT_EQ(Fault(Calls("trace = \"t\"\n")).substr(0, 9), "m.toml:5:");
  EXPECT_EQ(Fault("x = \n").substr(0, 10), "m.toml:1:5");
  EXPECT_EQ(Fault("[[table]]\n  n\u00e4me = 1\n"),
            "m.toml:2:4: map: expected a letter beyond ASCII in a one-line text in quotes or a "
            "comment alone");
  EXPECT_EQ(Fault(""), "m.toml:1:1: map: expected at least one [[table]]");
  EXPECT_EQ(Fault(Calls("span = \"s\"\nend = { column = \"e\", unit = \"ns\" }\n")),
            "m.toml:3:1: map: table '1': expected the field 'start' beside 'end'");
  EXPECT_EQ(Fault(Calls("span = { value = \"1\" }\n")),
            "m.toml:5:18: map: expected a column: 'span' differs from row to row");
  EXPECT_EQ(Fault(Calls("path = \"p\"\nkind = { column = \"k\", values = { a = \"rcp\" } }\n")),
            "m.toml:6:39: map: a: 'rcp' is not among rpc, http, message, database, cache, "
            "internal, other, unknown, mq, db, mc; did you mean 'rpc'?");
}

TEST(ParseMap, ChecksValues) {
  const std::string head =
      "[[table]]\nrows = \"samples\"\n[table.columns]\n"
      "time = { column = \"t\", unit = \"s\" }\ninstance = \"pod\"\n[[table.value]]\n";
  EXPECT_EQ(Fault(head + "column = \"c\"\nmeasure = \"cpu\"\nunit = \"percent\"\n"), "fine");
  EXPECT_EQ(Fault(head + "column = \"c\"\nunit = \"percent\"\n"),
            "m.toml:6:1: map: expected measure = one of cpu, memory, host_cpu, host_memory, "
            "call_rate, latency");
  EXPECT_EQ(Fault(head + "column = \"c\"\nmeasure = \"cpu\"\nunit = \"ms\"\n"),
            "m.toml:9:8: map: unit: 'ms' is not among share, percent, bytes, cores");
  EXPECT_EQ(Fault(head + "column = \"c\"\nmeasure = \"memory\"\nunit = \"bytes\"\n"),
            "m.toml:9:8: map: expected limit = a column or a number too: the measure is a share of "
            "it");
  EXPECT_EQ(Fault(head + "column = \"c\"\nmeasure = \"memory\"\nunit = \"bytes\"\nlimit = 1e9\n"),
            "fine");
  EXPECT_EQ(Fault(head + "column = \"c\"\nmeasure = \"latency\"\n"),
            "m.toml:6:1: map: expected unit = one of ns, us, ms, s");
}

TEST(ParseMap, TheShippedOnesAreRight) {
  for (const char* name : {"nezha", "siblings", "plumbago"}) {
    const auto map = ReadMap(std::string("examples/maps/") + name + ".toml");
    EXPECT_TRUE(map) << map.error().Text();
  }
}

TEST(MapFromFlags, IsATableOfCalls) {
  const std::vector<std::string> columns{
      "trace=id",           "path=rpcid",    "caller=um", "callee=\"dm\":strip-kubernetes-suffix",
      "start=timestamp:ms", "duration=rt:us"};
  const auto map = MapFromFlags(columns);
  ASSERT_TRUE(map) << map.error().Text();
  EXPECT_EQ(map->tables[0].callee.columns[0], "\"dm\"");
  EXPECT_EQ(map->tables[0].duration.power, 3);
  const auto fault = [](std::vector<std::string> flags) {
    const auto wrong = MapFromFlags(flags);
    return wrong ? "fine" : wrong.error().Text();
  };
  EXPECT_EQ(fault({"trace=id", "path=p", "start=t"}),
            "--map-column: 'start=t' needs a unit: start=t:ms (or ns, us, s, rfc3339)");
  EXPECT_EQ(fault({"trace"}), "--map-column is written FIELD=COLUMN,..., not 'trace'");
  EXPECT_NE(fault({"tracer=id"}).find("did you mean 'trace'?"), std::string::npos);
  EXPECT_EQ(fault({"trace=id"}),
            "--map-column: map: table '--map-column': expected the field 'span' (with 'parent') "
            "or 'path': by them calls are linked");
}

}  // namespace
}  // namespace plumbago::formats
