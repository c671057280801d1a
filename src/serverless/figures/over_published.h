// A figure of one curve of the user's, over the paper's and the release's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/document.h"
#include "serverless/figures/reference_atc20.h"

namespace plumbago::serverless {

struct OwnCurve {
  std::string id;     // "figure-6-only-timers"
  std::string title;  // "Figure 6, applications with timers only"
  std::string name;   // of the user's series: "this data"
  document::Axis x, y;
  document::FigureKind kind = document::FigureKind::kCdf;
  double published_scale = 1;  // of the published x: seconds to ns, MB to bytes
};

// `points` may be empty: then only what is published is there, and no figure is made.
document::Figure OverPublished(const OwnCurve& own, std::vector<document::Point> points,
                               const PublishedCurve& published);
void AddCurve(document::Figure& figure, std::string name, std::vector<document::Point> points,
              const char* source);

// The published value at `x` (as in the picture), where it was read there.
struct PublishedPair {
  std::optional<double> paper, release;
};
PublishedPair PublishedAt(const PublishedCurve& curve, double x);

}  // namespace plumbago::serverless
