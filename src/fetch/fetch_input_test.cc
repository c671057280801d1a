#include "fetch/fetch_input.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/interrupt.h"
#include "fetch/testing/stand_ins.h"
#include "formats/block_source.h"

namespace plumbago::fetch {
namespace {

struct Spans : formats::BatchSink {
  void Accept(model::CallBatch& batch) override { rows += batch.calls.size(); }
  size_t rows = 0;
};

struct Read {
  size_t rows = 0;
  model::DamageCounts damage;
  std::vector<formats::FetchReport> reports;
  std::vector<formats::FileInfo> files;
  std::string error;
};

class FetchInputTest : public testing::Test {
 protected:
  FetchInputTest() {
    for (const char* name : {"http_proxy", "all_proxy"}) unsetenv(name);
    options_.from_ns = kDayStartNs;
    options_.until_ns = kDayStartNs + 3600 * kSecondNs;
    options_.now_ns = kDayStartNs + 86400 * kSecondNs;
    options_.retries = {2, 2, 10};
    for (uint64_t i = 1; i <= 40; ++i) {
      MadeTrace trace;
      trace.id = i;
      trace.start_ns = kDayStartNs + static_cast<int64_t>(i) * kSecondNs;
      trace.services = {"front", "cart"};
      store_.traces.push_back(trace);
    }
  }
  Read ReadAll(const std::vector<std::string>& inputs) {
    RegisterFetch(options_);
    Read read;
    formats::BlockSource::Options options;
    options.block_bytes = 4096;
    auto source = formats::BlockSource::Open(inputs, options);
    if (!source) {
      read.error = source.error().Text();
      return read;
    }
    model::Names names;
    model::NameCaches caches(names);
    Spans sink;
    std::string storage;
    for (;;) {
      auto block = (*source)->Next(storage, read.damage);
      if (!block || !*block) break;
      formats::DecodeContext context{caches, read.damage, sink};
      (*block)->decoder->Decode(**block, context);
      (*source)->SetLines((*block)->index, context.lines);
    }
    read.rows = sink.rows;
    read.reports = (*source)->Fetched();
    read.files = (*source)->files();
    return read;
  }
  FetchOptions options_;
  MadeStore store_;
};

TEST_F(FetchInputTest, EveryServerReadsAsRows) {
  HttpServer v3([&](const HttpRequest& r) { return JaegerV3Answer(store_, r); });
  HttpServer old([&](const HttpRequest& r) { return JaegerOldAnswer(store_, r); });
  HttpServer tempo([&](const HttpRequest& r) { return TempoAnswer(store_, {}, r); });
  HttpServer zipkin([&](const HttpRequest& r) { return ZipkinAnswer(store_, r); });
  const std::pair<std::string, const char*> inputs[] = {{"jaeger=" + v3.url(), "otlp-json"},
                                                        {"jaeger=" + old.url(), "jaeger"},
                                                        {"tempo=" + tempo.url(), "otlp-json"},
                                                        {"zipkin=" + zipkin.url(), "zipkin"}};
  for (const auto& [input, format] : inputs) {
    const Read read = ReadAll({input});
    EXPECT_EQ(read.error, "") << input;
    EXPECT_EQ(read.rows, 80u) << input;
    EXPECT_EQ(read.damage.Count(model::Damage::kMalformed), 0u) << input;
    EXPECT_EQ(read.damage.Count(model::Damage::kNotFetched), 0u) << input;
    ASSERT_EQ(read.files.size(), 1u);
    EXPECT_EQ(read.files[0].name, input);
    EXPECT_EQ(read.files[0].format->name(), format);
    EXPECT_GT(read.files[0].bytes, 1000u);
    ASSERT_EQ(read.reports.size(), 1u);
    EXPECT_EQ(read.reports[0].source, input);
    EXPECT_EQ(read.reports[0].traces_fetched, 40u);
  }
  EXPECT_EQ(ReadAll({inputs[0].first, inputs[2].first}).rows, 160u) << "two at once";
}

TEST_F(FetchInputTest, WhatDidNotComeIsDamage) {
  TempoWays ways;
  ways.too_large = {3, 4};
  HttpServer tempo([&](const HttpRequest& r) { return TempoAnswer(store_, ways, r); });
  const Read read = ReadAll({"tempo=" + tempo.url()});
  EXPECT_EQ(read.rows, 76u);
  EXPECT_EQ(read.damage.Count(model::Damage::kNotFetched), 2u);
  ASSERT_NE(read.damage.First(model::Damage::kNotFetched), nullptr);
  EXPECT_EQ(read.damage.First(model::Damage::kNotFetched)->file, "tempo=" + tempo.url());
}

TEST_F(FetchInputTest, TokenAndTenant) {
  HttpServer tempo([&](const HttpRequest& r) { return TempoAnswer(store_, {}, r); });
  HttpServer jaeger([&](const HttpRequest& r) { return JaegerV3Answer(store_, r); });
  setenv("PLUMBAGO_TOKEN", "abc", 1);
  setenv("PLUMBAGO_TENANT", "team-1", 1);
  ASSERT_TRUE(TakeSecrets(options_));
  setenv("PLUMBAGO_TOKEN", "abc\r\nX-Other: 1", 1);
  EXPECT_FALSE(TakeSecrets(options_));
  unsetenv("PLUMBAGO_TOKEN");
  unsetenv("PLUMBAGO_TENANT");
  options_.token = "abc";
  ReadAll({"tempo=" + tempo.url(), "jaeger=" + jaeger.url()});
  for (const HttpRequest& request : tempo.Requests()) {
    EXPECT_EQ(request.headers.at("authorization"), "Bearer abc");
    EXPECT_EQ(request.headers.at("x-scope-orgid"), "team-1");
  }
  for (const HttpRequest& request : jaeger.Requests())
    EXPECT_EQ(request.headers.at("x-tenant"), "team-1");
}

TEST_F(FetchInputTest, BadAddresses) {
  for (const auto& [input, said] :
       {std::pair("nobody=http://127.0.0.1:1", "jaeger=URL, tempo=URL, zipkin=URL"),
        std::pair("jaeger=http://user:secret@127.0.0.1:1", "PLUMBAGO_TOKEN"),
        std::pair("tempo=http://127.0.0.1:1", "no answer"),
        std::pair("zipkin=127.0.0.1:1", "zipkin=http://HOST:PORT")}) {
    const Read read = ReadAll({input});
    EXPECT_NE(read.error.find(said), std::string::npos) << read.error;
  }
}

TEST_F(FetchInputTest, NothingThereIsNoDamage) {
  store_.traces.resize(1);
  store_.traces[0].start_ns = kDayStartNs - 7200 * kSecondNs;
  HttpServer v3([&](const HttpRequest& r) { return JaegerV3Answer(store_, r); });
  const Read read = ReadAll({"jaeger=" + v3.url()});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.rows, 0u);
  EXPECT_EQ(read.damage.Count(model::Damage::kNotFetched), 0u) << "404 is its way to say so";
}

TEST_F(FetchInputTest, AnInterruptKeepsWhatCame) {
  HttpServer tempo([&](const HttpRequest& r) {
    if (r.path.ends_with("1e")) SetInterrupted(true);  // 30
    return TempoAnswer(store_, {}, r);
  });
  const Read read = ReadAll({"tempo=" + tempo.url()});
  SetInterrupted(false);
  EXPECT_LT(read.rows, 80u);
  ASSERT_EQ(read.reports.size(), 1u);
  EXPECT_LT(read.reports[0].traces_fetched, 40u);
}

}  // namespace
}  // namespace plumbago::fetch
