#include "engine/saved_state.h"
#include "engine/state_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/test_files.h"
#include "engine/characterise.h"
#include "engine/state_writer.h"

namespace plumbago::engine {
namespace {

std::string Bytes(const SavedHead& head) {
  std::string bytes;
  head.Save(bytes);
  return bytes;
}

// A file whose sections are what `write` writes.
std::string WriteFile(const TemporaryFolder& folder,
                      const std::function<void(SectionFileWriter&)>& write,
                      uint32_t version = kStateVersion) {
  const std::string path = folder.Path("made.plumb");
  auto out = SectionFileWriter::Create(path, kStateMagic, version);
  EXPECT_TRUE(out);
  write(**out);
  EXPECT_TRUE((*out)->Commit());
  return path;
}
void Put(SectionFileWriter& out, const char* section, std::string_view block) {
  out.Begin(section);
  EXPECT_TRUE(out.WriteBlock(block));
}

std::string OpenError(const std::string& path) {
  const auto state = SavedState::Open(path);
  EXPECT_FALSE(state);
  if (state) return "";
  EXPECT_EQ(state.error().kind, ErrorKind::kBadInput);
  return state.error().message;
}

void ExpectHas(const std::string& text, const char* part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

class SavedNames : public testing::Test {
 protected:
  TemporaryFolder folder_;

  std::string Write(const model::Names& names) {
    const std::string path = folder_.Path("names.plumb");
    auto out = StateWriter::Create(path);
    EXPECT_TRUE(out && (*out)->WriteHead({}) && (*out)->WriteNames(names) && (*out)->Commit());
    return path;
  }
};

TEST_F(SavedNames, ComeBackAsTheyWere) {
  model::Names names;
  // More than one block; names that share beginnings, and bytes of every kind.
  for (int i = 0; i < 60'000; ++i) names.Service(fmt::format("team-{}/service-{}", i % 7, i));
  names.Operation("");
  names.Operation(std::string("\0\xff\n,", 4));
  names.Operation("POST /checkout");
  names.Operation("POST /checkout/{id}");
  names.Operation(std::string(300'000, 'x'));
  names.Sort();
  const auto state = SavedState::Open(Write(names));
  ASSERT_TRUE(state);
  model::Names loaded;
  ASSERT_TRUE((*state)->LoadNames(loaded));
  loaded.Sort();
  ASSERT_EQ(loaded.services.size(), names.services.size());
  for (uint32_t id = 0; id < names.services.size(); ++id) {
    ASSERT_EQ(loaded.services.Text(id), names.services.Text(id));
  }
  ASSERT_EQ(loaded.operations.size(), 5u);
  for (uint32_t id = 0; id < 5; ++id) {
    EXPECT_EQ(loaded.operations.Text(id), names.operations.Text(id));
  }
  EXPECT_EQ(loaded.instances.size(), 1u);
}

TEST_F(SavedNames, AreSmall) {
  model::Names names;
  for (int i = 0; i < 60'000; ++i) names.Service(fmt::format("{:064x}", i * 2'654'435'761u));
  names.Sort();
  EXPECT_LT(FileText(Write(names)).size(), 60'000u * 12);
}

TEST_F(SavedNames, RefuseOtherOrders) {
  const auto load = [&](std::string_view block) {
    const std::string path = WriteFile(folder_, [&](SectionFileWriter& out) {
      Put(out, "head", Bytes({}));
      Put(out, "names.services", block);
    });
    const auto state = SavedState::Open(path);
    EXPECT_TRUE(state);
    model::Names names;
    const Result<void> loaded = (*state)->LoadNames(names);
    return loaded ? std::string("read") : loaded.error().message;
  };
  const auto name = [](char shared, std::string_view rest) {
    return std::string{shared, static_cast<char>(rest.size())} + std::string(rest);
  };
  EXPECT_EQ(load(name(0, "ab") + name(1, "c")), "read");
  ExpectHas(load(name(0, "b") + name(0, "a")),
            "section names.services: its names are out of order");
  ExpectHas(load(name(0, "b") + name(1, "")), "out of order");
  ExpectHas(load(name(0, "")), "out of order");
  ExpectHas(load(name(2, "b")), "makes no sense");
  ExpectHas(load(name(0, "abc").substr(0, 3)), "makes no sense");
}

TEST(SavedState, IsToldByItsFirstBytes) {
  const TemporaryFolder folder;
  const std::string state =
      WriteFile(folder, [](SectionFileWriter& out) { Put(out, "head", Bytes(SavedHead{})); });
  EXPECT_TRUE(IsSavedState(state));
  EXPECT_FALSE(IsSavedState("-"));
  EXPECT_FALSE(IsSavedState(folder.path()));
  EXPECT_FALSE(IsSavedState(folder.Path("nothing")));
  EXPECT_FALSE(IsSavedState(folder.Write("short.plumb", "PLUMB")));
  EXPECT_FALSE(IsSavedState(folder.Write("other.plumb", "traceid,timestamp,rpcid\n")));
}

TEST(SavedState, IsRefusedWithTheReason) {
  const TemporaryFolder folder;
  const auto head = [](SectionFileWriter& out) { Put(out, "head", Bytes(SavedHead{})); };
  const std::string good = FileText(WriteFile(folder, head));
  ASSERT_TRUE(SavedState::FromBytes(good));
  ExpectHas(OpenError(WriteFile(folder, head, kStateVersion + 1)),
            fmt::format("version {}", kStateVersion + 1).c_str());
  ExpectHas(OpenError(WriteFile(folder, head, kStateVersion - 1)),
            fmt::format("reads version {}", kStateVersion).c_str());
  ExpectHas(OpenError(folder.Write("cut.plumb", good.substr(0, good.size() - 1))), "cut");
  ExpectHas(OpenError(WriteFile(folder, [](SectionFileWriter& out) { Put(out, "head", "x"); })),
            "section head: it makes no sense");
  ExpectHas(OpenError(WriteFile(folder, [](SectionFileWriter& out) { Put(out, "other", "x"); })),
            "section head");
  EXPECT_FALSE(SavedState::Open(folder.Path("nothing")));
  // A flipped bit anywhere is found, at the latest when the part is read.
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    EXPECT_FALSE(SavedState::FromBytes(bad)) << at;
  }
}

// A state of three traces, closed all or open all.
std::string SomeState(const TemporaryFolder& folder, Closing::Policy closing) {
  CharacteriseOptions options;
  options.read.inputs = {folder.Write("rows.csv",
                                      "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n"
                                      "0b000000159192360000000000aa01,5,0,,http,a,i,-9\n"
                                      "0b000000159192360000000000aa01,6,0.1,a,rpc,b,j,4\n"
                                      "0b000000159192360000000000aa01,7,0.1,a,rpc,b,j,-3\n"
                                      "0b000000159192360000000000aa02,5,0,,http,a,i,-9\n"
                                      "0b000000159192360000000000aa02,7,0.1.1,b,mc,c,,1\n"
                                      "0b000000159192360000000000aa03,6,0,,http,a,i,-9\n")};
  options.save = folder.Path("some.plumb");
  options.closing = closing;
  const auto done = Characterise(options);
  EXPECT_TRUE(done) << done.error().Text();
  return options.save;
}

class CountingSink final : public formats::BatchSink {
 public:
  void Accept(model::CallBatch& batch) override { rows += batch.calls.size(); }
  size_t rows = 0;
};

TEST(SavedState, HoldsRowsOfOpenTraces) {
  const TemporaryFolder folder;
  for (const auto closing : {Closing::kNone, Closing::kAll}) {
    const auto state = SavedState::Open(SomeState(folder, closing));
    ASSERT_TRUE(state);
    model::Names names;
    ASSERT_TRUE((*state)->LoadNames(names));
    CountingSink sink;
    const uint32_t files[] = {0};
    ASSERT_TRUE((*state)->LoadOpenRows(files, sink));
    EXPECT_EQ(sink.rows, closing == Closing::kNone ? 6u : 0u);
    EXPECT_EQ((*state)->head().completeness.whole.traces, closing == Closing::kNone ? 0u : 2u);
    ASSERT_EQ((*state)->head().files.size(), 1u);
    EXPECT_EQ((*state)->head().files[0].format, "alibaba-2021");
    const auto progress = (*state)->LoadProgress();
    ASSERT_TRUE(progress);
    ASSERT_EQ(progress->size(), 1u);
    EXPECT_TRUE(progress->front().finished);
  }
}

// What lies in a table is read when it is visited; what is wrong is told afterwards.
TEST(SavedState, KeepsTheFirstTroubleOfItsTables) {
  const TemporaryFolder folder;
  const std::string path = SomeState(folder, Closing::kAll);
  std::vector<std::pair<std::string, std::vector<std::string>>> sections;
  {
    const auto file = SectionFile::Open(path, kStateMagic, kStateVersion);
    ASSERT_TRUE(file);
    for (const SectionFile::Section& section : (*file)->sections()) {
      auto& blocks = sections.emplace_back(section.name, std::vector<std::string>()).second;
      SectionCursor cursor = (*file)->Cursor(section.name);
      std::string block;
      while (cursor.NextBlock(block).value()) blocks.push_back(block);
    }
  }
  size_t tables = 0;
  for (size_t spoiled = 0; spoiled < sections.size(); ++spoiled) {
    const auto& [name, content] = sections[spoiled];
    const bool table = std::count(name.begin(), name.end(), '.') > 1 || name == "closed";
    if (!table || content.empty()) continue;
    ++tables;
    const std::string bad = WriteFile(folder, [&](SectionFileWriter& out) {
      for (size_t i = 0; i < sections.size(); ++i) {
        out.Begin(sections[i].first);
        for (std::string block : sections[i].second) {
          if (i == spoiled) block.pop_back();  // its last row ends too early
          EXPECT_TRUE(out.WriteBlock(block));
        }
      }
    });
    CharacteriseOptions options;
    options.read.inputs = {bad};
    options.save = folder.Path("again.plumb");
    const auto done = Characterise(options);
    ASSERT_FALSE(done) << name;
    ExpectHas(done.error().message, ("section " + name + ":").c_str());
    EXPECT_EQ(done.error().where.file, bad);
    EXPECT_FALSE(std::filesystem::exists(options.save)) << "no state is left of it";
  }
  EXPECT_GT(tables, 5u);
}

}  // namespace
}  // namespace plumbago::engine
