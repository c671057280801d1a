#include "serverless/table_sets.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "formats/function_formats.h"

namespace plumbago::serverless {
namespace {

formats::FileInfo File(std::string name, std::string_view format) {
  formats::FileInfo file;
  file.name = std::move(name);
  for (const formats::Format* known : formats::FunctionFormats()) {
    if (known->name() == format) file.format = known;
  }
  EXPECT_NE(file.format, nullptr) << format;
  return file;
}

std::string Said(const std::vector<formats::FileInfo>& files) {
  const Result<void> checked = CheckOneSet(files);
  return checked ? "" : checked.error().Text();
}

TEST(TableSets, OneSample) {
  EXPECT_EQ(Said({}), "");
  EXPECT_EQ(Said({File("d/azure2019_invitro500_invocations.csv.zst", "azure-functions"),
                  File("d/azure2019_invitro500_durations.csv.zst", "azure-durations"),
                  File("d/azure2019_invitro500_memory.csv.zst", "azure-memory")}),
            "");
  EXPECT_EQ(Said({File("500/invocations.csv", "azure-functions"),
                  File("500/memory.csv", "azure-memory")}),
            "");
}

TEST(TableSets, TheReleaseWhereverItsTablesLie) {
  EXPECT_EQ(Said({File("inv/invocations_per_function_md.anon.d01.csv", "azure-functions"),
                  File("inv/invocations_per_function_md.anon.d02.csv.gz", "azure-functions"),
                  File("a.tar.xz:function_durations_percentiles.anon.d01.csv", "azure-durations"),
                  File("app_memory_percentiles.anon.d01.csv", "azure-memory")}),
            "");
}

TEST(TableSets, SamplesAreNeverPooled) {
  const std::string said = Said({File("d/azure2019_invitro500_invocations.csv", "azure-functions"),
                                 File("d/azure2019_invitro500_memory.csv", "azure-memory"),
                                 File("d/azure2019_oneday_vectors.csv", "function-vectors"),
                                 File("d/azure2019_durations_10000.csv", "azure-durations"),
                                 File("d/azure2019_app_memory_10000.csv", "azure-memory")});
  EXPECT_NE(said.find("4 sets of tables"), std::string::npos) << said;
  EXPECT_NE(said.find("d/azure2019_invitro500_* (invocations, memory; 2 files)"), std::string::npos)
      << said;
  EXPECT_NE(said.find("d/azure2019_oneday_vectors.csv (vectors of minutes; 1 file)"),
            std::string::npos)
      << said;
  // The same names in two folders are two samples.
  EXPECT_NE(Said({File("50/invocations.csv", "azure-functions"),
                  File("500/invocations.csv", "azure-functions")}),
            "");
  // And a day that is there twice is not one release.
  EXPECT_NE(Said({File("a/invocations_per_function_md.anon.d01.csv", "azure-functions"),
                  File("b/invocations_per_function_md.anon.d01.csv", "azure-functions")})
                .find("both the invocations of day 1"),
            std::string::npos);
}

}  // namespace
}  // namespace plumbago::serverless
