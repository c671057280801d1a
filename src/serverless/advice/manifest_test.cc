// What the schema of the case tests/cases/functions/advise cannot see: every setting that may be
// chosen, said within the platforms' ranges.
#include "serverless/advice/manifest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "serverless/advice/candidates.h"

namespace plumbago::serverless {
namespace {

// As Go's time.ParseDuration.
uint32_t SecondsOf(const std::string& text) {
  uint32_t seconds = 0;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* unit = nullptr;
    const auto number = static_cast<uint32_t>(std::strtoul(at, &unit, 10));
    EXPECT_NE(unit, at) << text;
    seconds += number * (*unit == 'h' ? 3600 : *unit == 'm' ? 60 : 1);
    EXPECT_TRUE(*unit == 'h' || *unit == 'm' || *unit == 's') << text;
    at = unit + 1;
  }
  return seconds;
}

// What stands behind `key` on its line, without quotes.
std::string ValueOf(const std::string& text, const std::string& key) {
  const size_t at = text.find(key + ": ");
  EXPECT_NE(at, std::string::npos) << key;
  std::string value = text.substr(at + key.size() + 2);
  value = value.substr(0, value.find('\n'));
  if (value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

ManifestSubject Subject() { return {"web", "Web", "", kImageToReplace, "why", 1}; }

TEST(Manifest, DurationsAreAsGoReadsThem) {
  EXPECT_EQ(GoDuration(0), "0s");
  EXPECT_EQ(GoDuration(5400), "1h30m");
  for (uint32_t seconds = 0; seconds < 100'000; seconds += 7)
    ASSERT_EQ(SecondsOf(GoDuration(seconds)), seconds);
}

TEST(Manifest, EveryLifetimeIsSaidWithinTheRanges) {
  for (const uint32_t keep : UsualKeeps()) {
    Setting setting;
    setting.keep = keep;
    setting.others = KnativeOthersOf(keep);
    const auto knative = ManifestsOf(setting, PlatformOf(PlatformKind::kKnative), Subject());
    for (const ManifestFile& file : knative) {
      const std::string group = "autoscaling.knative.dev/";
      const uint32_t retention =
          SecondsOf(ValueOf(file.text, group + "scale-to-zero-pod-retention-period"));
      const uint32_t delay = SecondsOf(ValueOf(file.text, group + "scale-down-delay"));
      EXPECT_LE(retention, 3600u);
      EXPECT_LE(delay, 3600u);
      if (keep >= 60 && keep <= 7260) {
        EXPECT_EQ(60 + retention + delay, keep);
      }
      EXPECT_EQ(ValueOf(file.text, group + "min-scale"), "0");
    }
    const auto keda = ManifestsOf(setting, PlatformOf(PlatformKind::kKeda), Subject());
    ASSERT_EQ(keda.size(), 2u);
    for (const ManifestFile& file : keda)
      EXPECT_GE(std::stoul(ValueOf(file.text, "cooldownPeriod")), keep);
  }
}

TEST(Manifest, SchedulesComeAsTriggersAndAsAPatchThatAddsThem) {
  Setting setting;
  setting.keep = 30;
  setting.schedule = *ScheduleFor(1440, {5, 722});
  const auto files = ManifestsOf(setting, PlatformOf(PlatformKind::kKeda), Subject());
  ASSERT_EQ(files.size(), 3u);
  EXPECT_NE(files[0].text.find("start: \"3 0 * * *\""), std::string::npos) << files[0].text;
  EXPECT_NE(files[0].text.find("start: \"0 12 * * *\""), std::string::npos) << files[0].text;
  EXPECT_EQ(files[1].text.find("triggers"), std::string::npos) << "would replace the user's";
  EXPECT_NE(files[2].text.find("/spec/triggers/-"), std::string::npos);
  EXPECT_EQ(files[2].path, "keda/web.cron.json");
}

TEST(Manifest, NothingOfALogGetsOutOfItsQuotes) {
  ManifestSubject subject = Subject();
  subject.application = "x\"\nkind: Secret\n\\";
  subject.owner = "'\t#";
  subject.why = "a\nkind: Secret";
  Setting setting;
  setting.keep = 600;
  for (const PlatformKind kind : {PlatformKind::kKnative, PlatformKind::kKeda}) {
    for (const ManifestFile& file : ManifestsOf(setting, PlatformOf(kind), subject))
      EXPECT_EQ(file.text.find("\nkind: Secret"), std::string::npos) << file.text;
  }
}

}  // namespace
}  // namespace plumbago::serverless
