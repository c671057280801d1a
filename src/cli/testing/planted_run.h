// For tests: a planted workload, with its tables, generated into a folder of its own and analysed.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/output_file.h"
#include "cli/row_files.h"
#include "engine/characterise.h"
#include "generate/generate_traces.h"
#include "generate/resource_tables.h"

namespace plumbago::cli::testing {

struct PlantedRun {
  std::optional<generate::GeneratedTraces> generated;
  document::Document document;

  const generate::Truth& truth() const { return generated->truth; }
  const generate::System& system() const { return *generated->system; }

  const document::Section* Section(const std::string& id) const {
    for (const document::Section& section : document.sections) {
      if (section.id == id) return &section;
    }
    return nullptr;
  }
  // Rows of a table; none if there is no such table.
  std::vector<std::vector<document::Cell>> Rows(const std::string& section,
                                                const std::string& table) const {
    const document::Section* in = Section(section);
    if (in == nullptr) return {};
    for (const document::Table& t : in->tables) {
      if (t.id == table) return t.rows;
    }
    return {};
  }
  // All findings of that name.
  std::vector<document::Finding> Findings(const std::string& id) const {
    std::vector<document::Finding> found;
    for (const document::Section& section : document.sections) {
      for (const document::Finding& finding : section.findings) {
        if (finding.id == id) found.push_back(finding);
      }
    }
    return found;
  }
  bool Supports(const std::string& id) const {
    for (const document::Finding& finding : Findings(id)) {
      if (finding.verdict == document::Verdict::kSupported) return true;
    }
    return false;
  }
  std::optional<double> Headline(const std::string& section, const std::string& name) const {
    const document::Section* in = Section(section);
    if (in == nullptr) return std::nullopt;
    for (const document::Headline& headline : in->headline) {
      if (headline.name == name) return headline.value;
    }
    return std::nullopt;
  }
};

inline std::string TextOf(const document::Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? "" : *text;
}

// `only`: analyses, all if empty.
inline PlantedRun RunPlanted(const generate::TraceOptions& options,
                             const std::vector<std::string>& only) {
  PlantedRun run;
  const std::filesystem::path folder =
      ::testing::TempDir() + "planted-run-" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const std::string path = folder / "x.csv";
  auto out = OutputFile::Open(path);
  auto generated =
      generate::GenerateTraces(options, [&](std::string_view text) { return (*out)->Write(text); });
  EXPECT_TRUE(generated) << generated.error().Text();
  EXPECT_TRUE((*out)->Commit());
  run.generated.emplace(std::move(*generated));
  engine::CharacteriseOptions analyse;
  analyse.read.inputs = {path};
  const auto tables = generate::TablesFor(options);
  EXPECT_TRUE(tables);
  for (const generate::ResourceTable& table : *tables) {
    const std::string beside = BesideName(path, table.name);
    auto file = OutputFile::Open(beside);
    EXPECT_TRUE(generate::WriteTable(table, run.system(), options.seed, run.truth().last_ms(),
                                     [&](std::string_view text) { return (*file)->Write(text); }));
    EXPECT_TRUE((*file)->Commit());
    analyse.read.inputs.push_back(beside);
  }
  analyse.read.threads = 1;
  analyse.only = only;
  auto done = engine::Characterise(analyse);
  EXPECT_TRUE(done) << done.error().Text();
  if (done) run.document = std::move(done->document);
  std::filesystem::remove_all(folder);
  return run;
}

}  // namespace plumbago::cli::testing
