#include "formats/alibaba_2022/alibaba_2022.h"

#include <gtest/gtest.h>

#include "formats/alibaba/words.h"
#include "formats/alibaba_2021/alibaba_2021.h"
#include "formats/testing/decoded_rows.h"
#include "formats/testing/sample_data.h"

namespace plumbago::formats::alibaba_2022 {
namespace {

using model::Kind;
using model::kNoTime;
using model::Side;
using testing::Decoded;
using testing::PlainRow;

constexpr std::string_view kHeader =
    "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n";
constexpr int64_t kMs = 1'000'000;
const Alibaba2022 kFormat;

Decoded Decode(std::string_view text, std::string* written = nullptr, const Format* to = nullptr) {
  const auto decoder = kFormat.Open(text, "");
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return testing::DecodeText(kFormat, **decoder, text, 1u << 20, written, to);
}
PlainRow One(const std::string& row) {
  const Decoded decoded = Decode(std::string(kHeader) + row);
  EXPECT_EQ(decoded.rows.size(), 1u) << row << ": " << decoded.example;
  return decoded.rows.size() == 1 ? decoded.rows[0] : PlainRow{};
}

TEST(Alibaba2022, ReadsARow) {
  const PlainRow row = One("1234,T_17,S_1,0.1.3,mq,MS_1,MS_1_POD_2,abc-_12345,MS_3,MS_3_POD_4,2.0");
  EXPECT_EQ(row.trace, "T_17");
  EXPECT_EQ(row.start_ns, 1234 * kMs);
  EXPECT_EQ(row.entry, "S_1");
  EXPECT_EQ(row.path, "0.1.3");
  EXPECT_EQ(row.kind, Kind::kMessage);
  EXPECT_EQ(row.caller, "MS_1");
  EXPECT_EQ(row.caller_instance, "MS_1_POD_2");
  EXPECT_EQ(row.operation, "abc-_12345");
  EXPECT_EQ(row.callee, "MS_3");
  EXPECT_EQ(row.callee_instance, "MS_3_POD_4");
  EXPECT_EQ(row.duration_ns, 2 * kMs);
  EXPECT_EQ(row.side, Side::kUnknown);
  EXPECT_FALSE(row.from_user);
}

TEST(Alibaba2022, TheUser) {
  const PlainRow row = One("1,T_1,S_1,0,http,USER,USER,i,MS_3,MS_3_POD_4,2.0");
  EXPECT_TRUE(row.from_user);
  EXPECT_EQ(row.caller + row.caller_instance, "");
  EXPECT_TRUE(One("1,T_1,S_1,0,http,,,i,MS_3,MS_3_POD_4,2.0").from_user);
  EXPECT_FALSE(One("1,T_1,S_1,0.1,http,,,i,MS_3,MS_3_POD_4,2.0").from_user);
  EXPECT_FALSE(One("1,T_1,S_1,0,http,UNKNOWN,UNAVAILABLE,i,MS_3,MS_3_POD_4,2.0").from_user);
}

TEST(Alibaba2022, MissingMarks) {
  const PlainRow row =
      One("1,T_1,,0.1,UNKNOWN,UNKNOWN,UNAVAILABLE,UNAVAILABLE,UNAVAILABLE,UNKNOWN,");
  EXPECT_EQ(row.entry + row.caller + row.caller_instance + row.operation + row.callee +
                row.callee_instance,
            "");
  EXPECT_EQ(row.kind, Kind::kUnknown);
  EXPECT_EQ(row.duration_ns, kNoTime);
  EXPECT_EQ(One("1,T_1,S_1,0.1,UNKNOWN,a,b,c,d,e,0.0").duration_ns, 0);
}

TEST(Alibaba2022, MalformedLines) {
  const std::string text = std::string(kHeader) +
                           "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,None\n"
                           "1,T_1,S_1,0.1,rpc,MS_1,P,i,j,MS_2,MS_7\n"
                           "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,-1.0\n"
                           "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,inf\n"
                           "None,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,1.0\n"
                           "1,,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,1.0\n"
                           "1,T_1,S_1,,rpc,MS_1,P,i,MS_2,Q,1.0\n"
                           "1,T_1,S_1,0.1,rpc,MS_1,P,MS_2,Q,1.0\n"
                           "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,1.0\n";
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(decoded.malformed, 8u);
  EXPECT_EQ(decoded.example, "rt is 'None', expected milliseconds, not negative");
  EXPECT_EQ(decoded.example_line, 2u);
  EXPECT_EQ(decoded.example_column, 35u);
}

TEST(Alibaba2022, NamesOfAMalformedLineAreNotKept) {
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  testing::PlainRows sink(names);
  DecodeContext context{caches, damage, sink};
  Block block;
  const std::string text = "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,None\n" + std::string(64, ' ');
  block.text = std::string_view(text).substr(0, text.size() - 64);
  kFormat.Open(kHeader, "").value()->Decode(block, context);
  EXPECT_EQ(names.services.size(), 1u);
  EXPECT_EQ(names.instances.size(), 1u);
}

TEST(Alibaba2022, Sniffs) {
  EXPECT_EQ(kFormat.Sniff(kHeader, ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff("rt,dm,um,rpcid,traceid,service\n", ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff("service,um,dm,rt\n", ""), Match::kMaybe);
  EXPECT_EQ(kFormat.Open("service,um,dm,rt\n", "").error().message,
            "the header lacks columns that alibaba-2022 needs: traceid, rpc_id; seen: service, um, "
            "dm, rt");
  EXPECT_EQ(kFormat.Sniff("traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff("timestamp,msname,msinstanceid,nodeid,cpu_utilization\n", ""),
            Match::kNo);
  const std::string row = "1,T_1,S_1,0.1,rpc,MS_1,P,i,MS_2,Q,1.0\n";
  EXPECT_EQ(kFormat.Sniff(row, ""), Match::kMaybe);
  EXPECT_EQ(Decode(row + row).rows.size(), 2u);
  EXPECT_EQ(Decode("0," + row + "1," + row).rows.size(), 2u);
}

TEST(Alibaba2022, WritesTheReleasesOwnLayout) {
  const std::string text = std::string(kHeader) +
                           "1234,T_17,S_1,0.1.3,mq,MS_1,MS_1_POD_2,abc-_12345,MS_3,MS_3_POD_4,2.0\n"
                           "1,T_17,UNKNOWN,0,http,USER,USER,UNAVAILABLE,UNKNOWN,UNAVAILABLE,\n"
                           "1.5,T_17,S_1,0.1,UNKNOWN,UNKNOWN,UNAVAILABLE,i,\"a,b\",c,2.25\n";
  std::string written;
  Decode(text, &written);
  EXPECT_EQ(written, text);
}

// Rows of 2021 in the layout of 2022: times since the start of the release.
TEST(Alibaba2022, WritesRowsOf2021) {
  const alibaba_2021::Alibaba2021 from;
  const std::string text =
      "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\nab,7,0,,http,b,api,-3\n";
  std::string written;
  testing::DecodeText(from, *from.Open(text, "").value(), text, 1000, &written, &kFormat);
  EXPECT_EQ(written,
            std::string(kHeader) + "7,ab,UNKNOWN,0,http,USER,USER,api,b,UNAVAILABLE,3.0\n");
}

TEST(Alibaba2022, RowsWrittenAs2021) {
  const alibaba_2021::Alibaba2021 to;
  std::string written;
  Decode(std::string(kHeader) + "7,T_1,S_1,0,http,USER,USER,i,b,c,3.0\n", &written, &to);
  EXPECT_EQ(written, "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\nT_1,7,0,,http,b,i,3\n");
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

TEST(Alibaba2022, RealCasperSample) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2022-CallGraph-casper-shuffled.csv.zst");
  EXPECT_EQ(kFormat.Sniff(std::string_view(text).substr(0, 1 << 16), ""), Match::kYes);
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size(), 656u);
  EXPECT_EQ(decoded.malformed, 0u);
  ExpectRoundTrip(text);
}

TEST(Alibaba2022, GeneratedDamage) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "gen-2022-damaged.csv.zst");
  const Decoded decoded = Decode(text);
  EXPECT_EQ(decoded.rows.size() + decoded.malformed, 42'435u);
  EXPECT_EQ(decoded.malformed,
            17u);  // 9 times None and 7 times a name in rt, one row without rpc_id
  ExpectRoundTrip(text);
}

}  // namespace
}  // namespace plumbago::formats::alibaba_2022
