#include "formats/alibaba_2021/alibaba_2021.h"

#include <gtest/gtest.h>

#include <map>

#include "formats/alibaba/words.h"
#include "formats/testing/decoded_rows.h"
#include "formats/testing/sample_data.h"

namespace plumbago::formats::alibaba_2021 {
namespace {

using model::Kind;
using model::kNoTime;
using model::Side;
using testing::Decoded;
using testing::PlainRow;

constexpr std::string_view kHeader = "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n";
constexpr int64_t kMs = 1'000'000;
const Alibaba2021 kFormat;

Decoded Decode(std::string_view text, std::string* written = nullptr) {
  const auto decoder = kFormat.Open(text, "");
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return testing::DecodeText(kFormat, **decoder, text, 1u << 20, written);
}
PlainRow One(const std::string& row) {
  const Decoded decoded = Decode(std::string(kHeader) + row);
  EXPECT_EQ(decoded.rows.size(), 1u) << row << ": " << decoded.example;
  return decoded.rows.size() == 1 ? decoded.rows[0] : PlainRow{};
}

TEST(Alibaba2021, ReadsARow) {
  const PlainRow row = One("0a00000115919236012340001000ab,1234,0.1.3,caller,rpc,callee,api,-3");
  EXPECT_EQ(row.trace, "0a00000115919236012340001000ab");
  EXPECT_EQ(row.start_ns, alibaba::kEpoch2021Ns + 1234 * kMs);
  EXPECT_EQ(row.path, "0.1.3");
  EXPECT_EQ(row.caller, "caller");
  EXPECT_EQ(row.callee, "callee");
  EXPECT_EQ(row.operation, "api");
  EXPECT_EQ(row.kind, Kind::kRpc);
  EXPECT_EQ(row.side, Side::kServer);
  EXPECT_EQ(row.duration_ns, 3 * kMs);
  EXPECT_FALSE(row.from_user);
  EXPECT_EQ(row.line, 2u);
}

TEST(Alibaba2021, TheSignOfRtIsTheSide) {
  const auto with = [](const std::string& rt) { return One("ab,1,0.1,a,rpc,b,," + rt); };
  EXPECT_EQ(with("3").side, Side::kClient);
  EXPECT_EQ(with("3.0").duration_ns, 3 * kMs);
  EXPECT_EQ(with("-3").side, Side::kServer);
  for (const char* zero : {"0", "-0", "0.0", "-0.0"}) {
    EXPECT_EQ(with(zero).side, Side::kUnknown);
    EXPECT_EQ(with(zero).duration_ns, 0);
  }
  EXPECT_EQ(with("").side, Side::kUnknown);
  EXPECT_EQ(with("").duration_ns, kNoTime);
  EXPECT_EQ(with("nan").duration_ns, kNoTime);
}

TEST(Alibaba2021, MissingNames) {
  for (const char* mark : {"", "(?)", "NAN", "nan", "UNKNOWN", "UNAVAILABLE", "NULL", "<NA>"}) {
    const PlainRow row = One(std::string("ab,1,0.1,") + mark + ",mc," + mark + "," + mark + ",1");
    EXPECT_EQ(row.caller + row.callee + row.operation, "") << mark;
    EXPECT_FALSE(row.from_user);
    EXPECT_TRUE(One(std::string("ab,1,0,") + mark + ",http,b,,1").from_user) << mark;
  }
  EXPECT_FALSE(One("ab,1,0,a,http,b,,1").from_user);
}

TEST(Alibaba2021, TimestampsOutsideTheRelease) {
  const auto start = [](const std::string& ts) {
    return One("ab," + ts + ",0.1,a,rpc,b,,1").start_ns;
  };
  EXPECT_EQ(start("1.5"), alibaba::kEpoch2021Ns + 1'500'000);
  EXPECT_EQ(start("-5"), alibaba::kEpoch2021Ns - 5 * kMs);
  EXPECT_EQ(start("1700000000000"), 1'700'000'000'000 * kMs);
  EXPECT_EQ(start(""), kNoTime);
}

TEST(Alibaba2021, ColumnsByNameInAnyOrder) {
  const Decoded decoded = Decode(
      "\xEF\xBB\xBF,Timestamp,TRACEID,rpc_id,um,rpctype,interface,dm,rt,extra\r\n"
      "0,7,ab,0.1,a,http,api,b,-2,x\r\n\r\n1,8,ab,0.2,\"a,a\",mc,,\"b\"\"b\",1,y");
  ASSERT_EQ(decoded.rows.size(), 2u);
  EXPECT_EQ(decoded.rows[0].callee, "b");
  EXPECT_EQ(decoded.rows[0].operation, "api");
  EXPECT_EQ(decoded.rows[1].caller, "a,a");
  EXPECT_EQ(decoded.rows[1].callee, "b\"b");
  EXPECT_EQ(decoded.rows[1].line, 4u);
  EXPECT_EQ(decoded.lines, 4u);
  EXPECT_EQ(decoded.malformed, 0u);
}

TEST(Alibaba2021, ColumnsThatAreNotThere) {
  const auto open = kFormat.Open("traceid,timestamp,um,rt\nab,1,a,1\n", "");
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().message,
            "the header lacks columns that alibaba-2021 needs: rpcid, dm; seen: traceid, "
            "timestamp, um, rt");
  const Decoded decoded = Decode("traceid,rpcid,um,dm\nab,0.1,a,b\n");
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(decoded.rows[0].start_ns, kNoTime);
  EXPECT_EQ(decoded.rows[0].duration_ns, kNoTime);
  EXPECT_EQ(decoded.rows[0].kind, Kind::kUnknown);
}

TEST(Alibaba2021, MalformedLinesAreCountedWithTheFirst) {
  const std::string text = std::string(kHeader) +
                           "ab,1,0.1,a,rpc,b,,1\n"
                           "ab,1,0.1,a,rpc,b,,soon\n"  // rt
                           "ab,x,0.1,a,rpc,b,,1\n"     // timestamp
                           ",1,0.1,a,rpc,b,,1\n"       // traceid
                           "ab,1,,a,rpc,b,,1\n"        // rpcid
                           "ab,1,nan,a,rpc,b,,1\n"     //
                           "ab,1,0.1,a,rpc,b,1\n"      // too few
                           "ab,1,0.1,a,rpc,b,,1,1\n"   // too many
                           "ab,1,0.1,a,rpc,\"b,,1\n"   // open quote
                           "ab,1," +
                           std::string(1400, '7') + ",a,rpc,b,,1\n" +  // rpcid too long
                           "ab,1,0.2,a,rpc,b,,1\n";
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size(), 2u);
  EXPECT_EQ(decoded.malformed, 9u);
  EXPECT_EQ(decoded.lines, 12u);
  EXPECT_EQ(decoded.example,
            "rt is 'soon', expected milliseconds, negative for the callee's record");
  EXPECT_EQ(decoded.example_line, 3u);
  EXPECT_EQ(decoded.example_column, 19u);
}

TEST(Alibaba2021, WhatWasFoundIsShownSafely) {
  EXPECT_EQ(Decode(std::string(kHeader) + "ab,\x1b[31m,0.1,a,rpc,b,,1\n").example,
            "timestamp is '\\x1b[31m', expected milliseconds");
  EXPECT_EQ(Decode(std::string(kHeader) + "ab,1\n").example,
            "2 fields, expected 8 as in the header: ab,1");
}

TEST(Alibaba2021, ALineTooLong) {
  const Decoded decoded = Decode(std::string(kHeader) + "ab,1,0.1,a,rpc," +
                                 std::string(70'000, 'b') + ",,1\nab,1,0.1,a,rpc,b,,1\n");
  EXPECT_EQ(decoded.too_long, 1u);
  EXPECT_EQ(decoded.malformed, 0u);
  EXPECT_EQ(decoded.rows.size(), 1u);
}

TEST(Alibaba2021, FilesPutTogetherWithTheirHeaders) {
  const std::string file = std::string(kHeader) + "ab,1,0.1,a,rpc,b,,1\n";
  const Decoded decoded = Decode(file + file);
  EXPECT_EQ(decoded.rows.size(), 2u);
  EXPECT_EQ(decoded.malformed, 0u);
}

TEST(Alibaba2021, MoreRowsThanABatch) {
  std::string text(kHeader);
  for (int i = 0; i < 1000; ++i)
    text += "ab," + std::to_string(i) + ",0." + std::to_string(i) + ",a,rpc,b,,1\n";
  const Decoded decoded = Decode(text);
  ASSERT_EQ(decoded.rows.size(), 1000u);
  for (size_t i = 0; i < 1000; ++i) ASSERT_EQ(decoded.rows[i].path, "0." + std::to_string(i));
}

TEST(Alibaba2021, Sniffs) {
  EXPECT_EQ(kFormat.Sniff(kHeader, ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff(",traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n", ""),
            Match::kYes);
  EXPECT_EQ(kFormat.Sniff("timestamp,traceid,rpcid,um,rpctype,interface,dm,rt", ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff("traceid,timestamp,um,dm\n", ""), Match::kMaybe);
  EXPECT_EQ(
      kFormat.Sniff(
          "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt",
          ""),
      Match::kNo);
  EXPECT_EQ(kFormat.Sniff(",timestamp,nodeid,node_cpu_usage,node_memory_usage\n", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff("", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff("{\"a\":1}\n", ""), Match::kNo);
}

TEST(Alibaba2021, FilesWithoutAHeader) {
  const std::string release = "0a00000115919236012340001000ab,5,0.1,a,rpc,b,api,-3\n";
  const std::string readme = "5,0a00000115919236012340001000ab,0.1,a,rpc,api,b,-3\n";
  PlainRow expected;
  for (const std::string& text :
       {release, readme, "17," + release, "17," + readme, "\xEF\xBB\xBF" + release}) {
    EXPECT_EQ(kFormat.Sniff(text, ""), Match::kMaybe) << text;
    const Decoded decoded = Decode(text);
    ASSERT_EQ(decoded.rows.size(), 1u) << text;
    if (expected.trace.empty()) expected = decoded.rows[0];
    EXPECT_EQ(decoded.rows[0], expected) << text;
  }
  EXPECT_EQ(expected.callee, "b");
  EXPECT_EQ(expected.line, 1u);
  EXPECT_EQ(kFormat.Sniff("5,6,0.1,a,rpc,api,b,-3\n", ""),
            Match::kNo);  // which of the two is the id?
}

TEST(Alibaba2021, WritesTheReleasesOwnLayout) {
  const std::string text = std::string(kHeader) +
                           "0a00000115919236012340001000ab,1234,0.1.300,a,rpc,b,api,-3\n"
                           "0a00000115919236012340001000ab,1234,0.1,(?),UNKNOWN,(?),,\n"
                           "odd id,0,0,,userDefined,\"b,1\",,2.5\n"
                           "odd id,0,0.1-b-0,(?),mc,b,\"say \"\"hi\"\"\",0\n";
  std::string written;
  Decode(text, &written);
  EXPECT_EQ(written, text);
}

void ExpectRoundTrip(std::string_view text) {
  std::string written;
  Decoded first = Decode(text, &written);
  Decoded again = Decode(written);
  ASSERT_EQ(again.rows.size(), first.rows.size());
  EXPECT_EQ(again.malformed, 0u);
  for (size_t i = 0; i < first.rows.size(); ++i) {
    first.rows[i].line = again.rows[i].line;
    ASSERT_EQ(first.rows[i], again.rows[i]) << i;
  }
}

TEST(Alibaba2021, OddTimesAndMarksComeBack) {
  ExpectRoundTrip(
      std::string(kHeader) +
      "ab,-5,0.1,a,grpc,b,,1e1\nab,1700000000000,0.1,nan,mq,NULL,,-0.000001\nab,,7,NAN,,,x,\n"
      "ab,-4000000000000,0.01,a,db,b,,9\nab,0.000001,0..1,USER,db,b,,9\n");
}

TEST(Alibaba2021, TakesAHeaderBelowBlankLines) {
  const std::string text = "\n\r\n" + std::string(kHeader) + "ab,5,0.1,a,rpc,b,i,3\n";
  EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes);
  const Decoded decoded = Decode(text);
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(decoded.rows[0].line, 4u);
  EXPECT_EQ(decoded.rows[0].callee, "b");
  EXPECT_EQ(decoded.malformed, 0u);
}

// The sample data: row counts of its README; what is lost is what its generator planted.
TEST(Alibaba2021, RealCasperSample) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2021-MSCallGraph-casper-shuffled.csv.zst");
  EXPECT_EQ(kFormat.Sniff(std::string_view(text).substr(0, 1 << 16), ""), Match::kYes);
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size(), 624u);
  EXPECT_EQ(decoded.malformed, 0u);
  ExpectRoundTrip(text);
}

// Its rows and nothing else are written back: the released bytes, but for marks of missing names.
TEST(Alibaba2021, RealRowsAreWrittenAsTheyWere) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2021-MSCallGraph-casper-shuffled.csv.zst");
  std::string written;
  Decode(text, &written);
  size_t different = 0;
  std::string unix_text = text;  // CASPER's copy has CR LF
  std::erase(unix_text, '\r');
  std::string_view a = unix_text, b = written;
  while (!a.empty() && !b.empty()) {
    different += a.substr(0, a.find('\n')) != b.substr(0, b.find('\n'));
    a.remove_prefix(a.find('\n') + 1);
    b.remove_prefix(b.find('\n') + 1);
  }
  EXPECT_TRUE(a.empty() && b.empty());
  EXPECT_LE(different, 3u);  // the empty um of calls that are no root
}

TEST(Alibaba2021, RealHeadOfTheFirstFile) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2021-MSCallGraph_0-head.csv.zst");
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size() + decoded.malformed, 665u);
  EXPECT_EQ(decoded.malformed, 0u);
  ExpectRoundTrip(text);
}

TEST(Alibaba2021, GeneratedDamage) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "gen-2021-damaged.csv.zst");
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size() + decoded.malformed, 41'681u);
  EXPECT_EQ(decoded.malformed, 4u);  // rows without an rpcid
  ExpectRoundTrip(text);
}

// The epoch: traces of the two real samples begin at the time that their ids tell.
TEST(Alibaba2021, TheEpochFitsTheIdsOfTheSamples) {
  PLUMBAGO_SAMPLE_OR_SKIP(head, "2021-MSCallGraph_0-head.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(casper, "2021-MSCallGraph-casper-shuffled.csv.zst");
  std::map<std::string, int64_t> begins;
  for (const std::string& text : {head, casper}) {
    for (const PlainRow& row : Decode(text).rows) {
      auto [at, fresh] = begins.try_emplace(row.trace, row.start_ns);
      if (!fresh) at->second = std::min(at->second, row.start_ns);
    }
  }
  ASSERT_EQ(begins.size(), 19u);
  int near = 0;
  for (const auto& [trace, begin] : begins) {
    const auto birth = model::TraceId::Parse(trace).BirthNs();
    ASSERT_TRUE(birth) << trace;
    near += begin - *birth >= -10 * kMs && begin - *birth <= 6 * kMs;
  }
  EXPECT_EQ(near, 17);
}

}  // namespace
}  // namespace plumbago::formats::alibaba_2021
