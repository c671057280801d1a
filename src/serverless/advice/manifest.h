// Advice as files for kubectl: objects of the published CRDs, and patches of what is there already.
//
//   knative/NAME.yaml         serving.knative.dev/v1 Service; the image is the user's
//   knative/NAME.patch.yaml   kubectl patch ksvc NAME --type merge --patch-file ...
//   keda/NAME.yaml            keda.sh/v1alpha1 ScaledObject of a Deployment; a trigger of the
//   user's
//                             beside the cron triggers that were found
//   keda/NAME.patch.yaml      kubectl patch scaledobject NAME --type merge --patch-file ...
//   keda/NAME.cron.json       RFC 6902, since a merge patch would replace the user's triggers:
//                             kubectl patch scaledobject NAME --type json --patch-file ...
#pragma once

#include <string>
#include <vector>

#include "serverless/advice/platform.h"
#include "serverless/advice/setting.h"

namespace plumbago::serverless {

// What stands where only the user knows. The image is one that Knative's webhook reads (it refuses
// capital letters) and no registry has (RFC 2606).
inline constexpr const char* kImageToReplace = "replace-me.invalid/image:tag";
inline constexpr const char* kTriggerToReplace = "REPLACE_ME";

struct ManifestSubject {
  std::string name;         // IsResourceName
  std::string application;  // as the log calls it; any bytes
  std::string owner;        // "": none
  std::string image;        // of a Knative Service
  std::string why;          // one line, for people
  uint32_t weekday = 0;     // of day 0, Sunday is 0
};

struct ManifestFile {
  std::string path;  // below the folder that the user gives
  std::string text;
  bool object = false;  // a whole object; else a patch
};

std::vector<ManifestFile> ManifestsOf(const Setting& setting, const Platform& platform,
                                      const ManifestSubject& subject);

// "10m", "1h", "1m30s": as Go's time.ParseDuration reads it, which Knative's annotations are in.
std::string GoDuration(uint32_t seconds);

}  // namespace plumbago::serverless
