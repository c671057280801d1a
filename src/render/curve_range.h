// What part of the plane the curves of a figure are drawn in. The user's own decide: a published
// curve may reach a decade further on a logarithmic axis, so that where the two part can be seen,
// but it never presses the user's into a corner.
#pragma once

#include "document/document.h"

namespace plumbago::render {

struct CurveRange {
  bool empty = true;
  double x_low = 0, x_high = 0, y_low = 0, y_high = 0;
};

// Of the points that the axes can show (finite; above 0 on a logarithmic axis).
CurveRange RangeOfCurves(const document::Figure& figure);

// The series with its points in the range; the user's own have no others.
document::Series Within(const document::Series& series, const CurveRange& range);

}  // namespace plumbago::render
