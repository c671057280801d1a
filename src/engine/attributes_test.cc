// Attributes on their way from files of spans to the report: the same bytes for any threads, order
// of files, memory, and way through saved states; also of keys with too many values, whose first
// ones hang on who reads first.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/test_files.h"
#include "document/testing/report_text.h"
#include "engine/characterise.h"
#include "formats/format.h"

namespace plumbago::engine {
namespace {

std::string Tag(const std::string& key, const std::string& value) {
  return fmt::format(R"({{"key":"{}","type":"string","value":"{}"}})", key, value);
}

// Documents of Jaeger's query API, one trace a line, in `files` files.
std::vector<std::string> Lines(size_t files) {
  std::vector<std::string> texts(files);
  std::mt19937_64 random(21);
  for (uint64_t t = 0; t < 3000; ++t) {
    const uint64_t pod = random() % 5;
    const bool canary = random() % 5 == 0;
    const double ms =
        (pod == 2 ? 14 : 8) * std::exp(std::normal_distribution<double>(0, 0.4)(random));
    const bool failed = random() % 100 < (canary ? 15u : 2u);
    std::string tags =
        Tag("span.kind", "server") + "," + Tag("request.id", fmt::format("{}", t)) + "," +
        Tag("http.url", fmt::format("/cart?item={}", t)) + "," +
        Tag("user.tier", random() % 2 ? "free" : "paid") + "," +
        fmt::format(R"({{"key":"attempt","type":"int64","value":{}}})", random() % 3) + "," +
        Tag("long", std::string(t % 7 == 0 ? 300 : 3, 'x'));
    if (failed) tags += R"(,{"key":"error","type":"bool","value":true})";
    texts[random() % files] += fmt::format(
        R"({{"data":[{{"traceID":"{0:032x}","spans":[{{"traceID":"{0:032x}","spanID":"{1:016x}","operationName":"GET /cart","references":[],"startTime":{2},"duration":{3},"tags":[{4}],"logs":[],"processID":"p1"}},{{"traceID":"{0:032x}","spanID":"ff","operationName":"GET /","references":[],"startTime":{2},"duration":{3},"tags":[{8}],"logs":[],"processID":"p2"}}],"processes":{{"p1":{{"serviceName":"cart","tags":[{5},{6},{7}]}},"p2":{{"serviceName":"web","tags":[]}}}}}}]}})"
        "\n",
        random(), t + 1, 1'700'000'000'000'000 + t * 50'000, std::llround(ms * 1000), tags,
        Tag("k8s.pod.name", fmt::format("cart-{}", pod)), Tag("host.name", fmt::format("n{}", pod)),
        Tag("service.version", canary ? "v2" : "v1"),
        Tag("request.id", fmt::format("{}", random() % 100)));  // few of them here
  }
  return texts;
}

class AttributesRun : public testing::Test {
 protected:
  AttributesRun() {
    for (const std::string& text : Lines(4)) {
      const std::string name = fmt::format("part{}.jsonl", files_.size());
      folder_.Write(name, text);
      files_.push_back(folder_.Path(name));
    }
  }
  CharacteriseOptions Options(std::vector<std::string> inputs, unsigned threads) const {
    CharacteriseOptions options;
    options.read.inputs = std::move(inputs);
    options.read.threads = threads;
    options.only = {"attributes"};
    return options;
  }
  static document::Document Run(const CharacteriseOptions& options) {
    auto done = Characterise(options);
    EXPECT_TRUE(done) << done.error().Text();
    return done ? std::move(done->document) : document::Document{};
  }
  static std::string Text(const document::Document& document) {
    for (const document::Section& section : document.sections) {
      if (section.id == "attributes") return document::testing::ReportText::Of(section);
    }
    return "";
  }

  TemporaryFolder folder_;
  std::vector<std::string> files_;
};

TEST_F(AttributesRun, FindsWhatWasPlanted) {
  const document::Document document = Run(Options(files_, 2));
  for (const document::Section& section : document.sections) {
    if (section.id != "attributes") continue;
    ASSERT_EQ(section.findings.size(), 2u);
    EXPECT_NE(section.findings[0].claim.find("service.version=v2"), std::string::npos);
    EXPECT_NE(section.findings[1].claim.find("host.name=n2, k8s.pod.name=cart-2"),
              std::string::npos);
    ASSERT_EQ(section.tables.size(), 3u);
    EXPECT_EQ(section.tables[0].rows.size(), 1u);
    EXPECT_EQ(section.tables[1].rows.size(), 1u);
    const auto& left_out = section.tables[2].rows;  // by spans
    ASSERT_EQ(left_out.size(), 2u);
    EXPECT_EQ(std::get<std::string>(left_out[0][1]), "request.id");
    EXPECT_EQ(std::get<int64_t>(left_out[0][2]), 3000);
    EXPECT_EQ(std::get<std::string>(left_out[1][1]), "long");
    EXPECT_EQ(std::get<int64_t>(left_out[1][2]), 429);
    return;
  }
  FAIL() << "no such section";
}

TEST_F(AttributesRun, SameForAnyThreadsAndOrder) {
  const std::string expected = Text(Run(Options(files_, 1)));
  ASSERT_FALSE(expected.empty());
  for (const unsigned threads : {2u, 3u, 8u}) {
    EXPECT_EQ(Text(Run(Options(files_, threads))), expected) << threads;
    EXPECT_EQ(Text(Run(Options({files_[3], files_[1], files_[0], files_[2]}, threads))), expected);
  }
  CharacteriseOptions small = Options(files_, 2);
  small.read.memory = 64u << 20;
  EXPECT_EQ(Text(Run(small)), expected);
}

// Whether traces stay open or are closed: what is saved, merged and gone on with is one run.
TEST_F(AttributesRun, SameThroughStates) {
  const std::string expected = Text(Run(Options(files_, 2)));
  for (const auto closing : {Closing::kAll, Closing::kNone, Closing::kWindow}) {
    std::vector<std::string> states;
    for (const std::string& file : files_) {
      CharacteriseOptions options = Options({file}, 2);
      options.save = file + ".plumb";
      options.closing = closing;
      options.open_window_ns = 20'000'000'000;
      Run(options);
      states.push_back(options.save);
    }
    EXPECT_EQ(Text(Run(Options(states, 2))), expected) << static_cast<int>(closing);
  }
}

TEST_F(AttributesRun, SavedBytesDoNotHangOnThreads) {
  const auto saved = [&](unsigned threads, Closing::Policy closing) {
    CharacteriseOptions options = Options(files_, threads);
    options.save = folder_.Path("state.plumb");
    options.closing = closing;
    Run(options);
    return FileText(options.save);
  };
  for (const auto closing : {Closing::kAll, Closing::kNone}) {
    const std::string one = saved(1, closing);
    ASSERT_FALSE(one.empty());
    EXPECT_EQ(saved(3, closing), one);
  }
}

}  // namespace
}  // namespace plumbago::engine
