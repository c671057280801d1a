#include "document/document.h"

namespace plumbago::document {

const char* UnitName(Unit unit) {
  switch (unit) {
    case Unit::kNone:
      return "";
    case Unit::kCount:
      return "count";
    case Unit::kShare:
      return "share";
    case Unit::kNanoseconds:
      return "ns";
    case Unit::kBytes:
      return "bytes";
    case Unit::kPerSecond:
      return "per_second";
    case Unit::kRatio:
      return "ratio";
  }
  return "";
}

const char* FigureKindName(FigureKind kind) {
  switch (kind) {
    case FigureKind::kBars:
      return "bars";
    case FigureKind::kCdf:
      return "cdf";
    case FigureKind::kCcdf:
      return "ccdf";
    case FigureKind::kHistogram:
      return "histogram";
    case FigureKind::kLine:
      return "line";
    case FigureKind::kHeatMap:
      return "heat_map";
    case FigureKind::kGraph:
      return "graph";
    case FigureKind::kStackedBars:
      return "stacked_bars";
  }
  return "";
}

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSupported:
      return "supported";
    case Verdict::kContradicted:
      return "contradicted";
    case Verdict::kCannotSay:
      return "cannot-say";
  }
  return "";
}

}  // namespace plumbago::document
