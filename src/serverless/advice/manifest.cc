#include "serverless/advice/manifest.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/json_writer.h"

namespace plumbago::serverless {
namespace {

// A YAML double-quoted scalar: a string of JSON is one (YAML 1.2, section 5.7).
std::string Quoted(std::string_view text) {
  std::string quoted;
  JsonWriter(&quoted).String(text);
  return quoted;
}

std::string Line(int indent, std::string_view key, std::string_view value) {
  return fmt::format("{:{}}{}: {}\n", "", indent, key, value);
}

std::string Comment(const ManifestSubject& subject) {
  std::string why = subject.why;
  for (char& c : why) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return fmt::format("# {}\n", why);
}

std::string Metadata(const ManifestSubject& subject) {
  std::string text = "metadata:\n" + Line(2, "name", subject.name) + "  annotations:\n";
  text += Line(4, "plumbago.dev/application", Quoted(subject.application));
  if (!subject.owner.empty()) text += Line(4, "plumbago.dev/owner", Quoted(subject.owner));
  return text;
}

using Annotation = std::pair<std::string, std::string>;

std::vector<Annotation> KnativeAnnotations(const Setting& setting) {
  const KnativeKeep told = KnativeKeepOf(setting.keep, setting.others);
  const std::string group = "autoscaling.knative.dev/";
  return {{group + "min-scale", fmt::format("{}", setting.always_on)},
          {group + "scale-to-zero-pod-retention-period", GoDuration(told.retention)},
          {group + "scale-down-delay", GoDuration(told.delay)}};
}

std::vector<ManifestFile> Knative(const Setting& setting, const ManifestSubject& subject) {
  std::string annotations = "    metadata:\n      annotations:\n";
  for (const auto& [key, value] : KnativeAnnotations(setting))
    annotations += Line(8, key, Quoted(value));
  ManifestFile whole{"knative/" + subject.name + ".yaml", Comment(subject), true};
  whole.text += "apiVersion: serving.knative.dev/v1\nkind: Service\n" + Metadata(subject);
  whole.text += "spec:\n  template:\n" + annotations;
  whole.text += "    spec:\n      containers:\n";
  whole.text +=
      fmt::format("        - name: user-container\n          image: {}\n", Quoted(subject.image));
  ManifestFile patch{"knative/" + subject.name + ".patch.yaml", Comment(subject), false};
  patch.text += fmt::format("# kubectl patch ksvc {} --type merge --patch-file {}.patch.yaml\n",
                            subject.name, subject.name);
  patch.text += "spec:\n  template:\n" + annotations;
  return {std::move(whole), std::move(patch)};
}

// KEDA reads the metadata of a trigger as strings.
std::vector<Annotation> CronMetadata(const CronWindow& window) {
  return {{"timezone", "Etc/UTC"},
          {"start", window.start},
          {"end", window.end},
          {"desiredReplicas", "1"}};
}

std::vector<ManifestFile> Keda(const Setting& setting, const ManifestSubject& subject) {
  const std::string scaling =
      Line(2, "cooldownPeriod", fmt::format("{}", KedaCooldownOf(setting.keep))) +
      Line(2, "minReplicaCount", fmt::format("{}", setting.always_on));
  ManifestFile whole{"keda/" + subject.name + ".yaml", Comment(subject), true};
  whole.text += "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n" + Metadata(subject);
  whole.text += "spec:\n  scaleTargetRef:\n" + Line(4, "name", subject.name);
  whole.text += Line(2, "pollingInterval", fmt::format("{}", kKedaPollingInterval)) + scaling;
  whole.text += fmt::format(
      "  triggers:\n    # yours: what tells that there is work\n    - type: {}\n"
      "      metadata: {{}}\n",
      kTriggerToReplace);
  std::vector<CronWindow> windows;
  if (!setting.schedule.empty()) windows = CronOf(setting.schedule, subject.weekday);
  std::string json;
  JsonWriter operations(&json, 2);
  operations.BeginArray();
  for (const CronWindow& window : windows) {
    whole.text += "    - type: cron\n      metadata:\n";
    operations.BeginObject().Key("op").String("add").Key("path").String("/spec/triggers/-");
    operations.Key("value").BeginObject().Key("type").String("cron").Key("metadata").BeginObject();
    for (const auto& [key, value] : CronMetadata(window)) {
      whole.text += Line(8, key, Quoted(value));
      operations.Key(key).String(value);
    }
    operations.EndObject().EndObject().EndObject();
  }
  operations.EndArray();
  ManifestFile patch{"keda/" + subject.name + ".patch.yaml", Comment(subject), false};
  patch.text += fmt::format(
      "# kubectl patch scaledobject {} --type merge --patch-file "
      "{}.patch.yaml\n",
      subject.name, subject.name);
  patch.text += "spec:\n" + scaling;
  std::vector<ManifestFile> files = {std::move(whole), std::move(patch)};
  if (!windows.empty())
    files.push_back({"keda/" + subject.name + ".cron.json", json + "\n", false});
  return files;
}

}  // namespace

std::string GoDuration(uint32_t seconds) {
  if (seconds == 0) return "0s";
  std::string text;
  if (seconds >= 3600) text += fmt::format("{}h", seconds / 3600);
  if (seconds % 3600 >= 60) text += fmt::format("{}m", seconds % 3600 / 60);
  if (seconds % 60 > 0) text += fmt::format("{}s", seconds % 60);
  return text;
}

std::vector<ManifestFile> ManifestsOf(const Setting& setting, const Platform& platform,
                                      const ManifestSubject& subject) {
  return platform.kind == PlatformKind::kKnative ? Knative(setting, subject)
                                                 : Keda(setting, subject);
}

}  // namespace plumbago::serverless
