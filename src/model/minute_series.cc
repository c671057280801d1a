#include "model/minute_series.h"

namespace plumbago::model {

void MinuteSeries::Append(const MinuteSpan& later) {
  Reader reader(later);
  if (!reader.Next()) return;
  Append(reader.minute(), reader.count());
  bytes_ += reader.rest();
  total_ += later.total - reader.count();
  active_ += later.active - 1;
  last_ = later.last;
}

MinuteSeries MinuteSeries::Sum(const MinuteSeries& a, const MinuteSeries& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  MinuteSeries sum;
  Reader x(a), y(b);
  bool more_x = x.Next(), more_y = y.Next();
  while (more_x || more_y) {
    const bool take_x = more_x && (!more_y || x.minute() <= y.minute());
    const bool take_y = more_y && (!more_x || y.minute() <= x.minute());
    sum.Append(take_x ? x.minute() : y.minute(),
               (take_x ? x.count() : 0) + (take_y ? y.count() : 0));
    if (take_x) more_x = x.Next();
    if (take_y) more_y = y.Next();
  }
  return sum;
}

}  // namespace plumbago::model
