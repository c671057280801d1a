// How a name is made of another one: the service of an instance, mostly.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "formats/csv_mapped/pattern.h"

namespace plumbago::formats {

// The name of what a pod belongs to, by how Kubernetes names pods:
//   NAME-HASH-RANDOM   of a Deployment: 6 to 10 signs of 456789bcdf, then 5 of the alphabet below
//   NAME-NUMBER        of a StatefulSet: up to 4 digits
//   NAME-RANDOM        of a DaemonSet or Job: 5 of bcdfghjklmnpqrstvwxz2456789
// ("ts-order-service-5b7c9d-x2x4k" is "ts-order-service"; apimachinery's rand.SafeEncodeString and
// the controllers' ComputeHash). A name without such an end is left as it is. About 10 ns.
std::string_view StripKubernetesSuffix(std::string_view pod);

// Immutable.
class NameRule {
 public:
  NameRule() = default;  // leaves names as they are
  static NameRule StripKubernetes() {
    NameRule rule;
    rule.strip_ = true;
    return rule;
  }
  static NameRule Match(Pattern pattern) {
    NameRule rule;
    rule.pattern_ = std::move(pattern);
    return rule;
  }

  // Part of `text`; all of it where the pattern does not match.
  std::string_view Apply(std::string_view text, Pattern::Matcher& matcher) const {
    if (strip_) return StripKubernetesSuffix(text);
    return pattern_ ? matcher.FirstGroup(*pattern_, text).value_or(text) : text;
  }

 private:
  bool strip_ = false;
  std::optional<Pattern> pattern_;
};

}  // namespace plumbago::formats
