#include "serverless/advice/app_replay.h"

#include <algorithm>

#include "serverless/advice/setting_policy.h"
#include "serverless/idle_gaps.h"
#include "serverless/window_sweep.h"

namespace plumbago::serverless {
namespace {

Outcome Less(const Outcome& whole, const Outcome& beginning) {
  Outcome rest;
  rest.invocations = whole.invocations - beginning.invocations;
  rest.cold = whole.cold - beginning.cold;
  rest.idle_seconds = whole.idle_seconds - beginning.idle_seconds;
  rest.starts = whole.starts - std::min(whole.starts, beginning.starts);
  return rest;
}

model::MinuteSeries Before(const model::MinuteSeries& series, uint32_t end) {
  model::MinuteSeries before;
  model::MinuteSeries::Reader reader(series);
  while (reader.Next() && reader.minute() < end) before.Append(reader.minute(), reader.count());
  return before;
}

}  // namespace

AppReplay::AppReplay(const AppArrivals& app, const DataParts& parts, uint32_t slots)
    : app_(app), parts_(parts), slots_(slots), training_(Before(*app.minutes, parts.split)) {
  ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    if (gap.seconds < kMinute) return;
    const bool in_training = gap.begins + gap.seconds < parts.split * kMinute;
    (in_training ? idle_in_training_ : idle_in_rest_) += gap.times;
  });
}

Outcome AppReplay::Replay(const Setting& setting, const model::MinuteSeries& minutes,
                          uint32_t end) const {
  AppArrivals part = app_;
  part.minutes = &minutes;
  part.end = end * kMinute;
  const auto stop = std::partition_point(
      part.executions.begin(), part.executions.end(),
      [&](const auto& one) { return static_cast<double>(one.start_us) < part.end * 1e6; });
  // None of a log's executions yet: an empty span would mean counts by minute, of which there are
  // none either.
  part.executions = part.executions.first(static_cast<size_t>(stop - part.executions.begin()));
  return SettingPolicy(setting, parts_.begin * kMinute, slots_).ReplayApp(part);
}

void AppReplay::TryAll(std::span<const uint32_t> keeps) {
  if (has_executions()) return;
  std::vector<double> windows(keeps.begin(), keeps.end());
  std::sort(windows.begin(), windows.end());
  windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
  const auto all = [&](const model::MinuteSeries& minutes, uint32_t end, bool training) {
    const auto outcomes = ReplayWindows({AppArrivals{&minutes, end * kMinute}}, windows, 1);
    for (size_t i = 0; i < windows.size(); ++i) {
      Setting setting;
      setting.keep = static_cast<uint32_t>(windows[i]);
      known_.push_back({setting, training, outcomes[i][0]});
    }
  };
  all(training_, parts_.split, true);
  all(*app_.minutes, parts_.end, false);
}

Outcome AppReplay::Until(Setting setting, bool training) {
  if (!has_executions()) setting.others = 0;  // one instance is all there is
  for (const Known& known : known_) {
    if (known.training == training && known.setting == setting) return known.outcome;
  }
  const Outcome outcome = training ? Replay(setting, training_, parts_.split)
                                   : Replay(setting, *app_.minutes, parts_.end);
  known_.push_back({std::move(setting), training, outcome});
  return outcome;
}

Outcome AppReplay::OnRest(const Setting& setting) {
  return Less(Until(setting, false), Until(setting, true));
}

std::vector<Outcome> AppReplay::OnBlocksOfRest(const Setting& setting, uint32_t blocks) {
  const auto end_of = [&](uint32_t block) {
    return parts_.split +
           static_cast<uint32_t>(uint64_t{parts_.end - parts_.split} * (block + 1) / blocks);
  };
  if (until_block_.size() != blocks) {
    until_block_.clear();
    for (uint32_t i = 0; i < blocks; ++i) until_block_.push_back(Before(*app_.minutes, end_of(i)));
  }
  std::vector<Outcome> outcomes;
  Outcome before = OnTraining(setting);
  for (uint32_t i = 0; i < blocks; ++i) {
    const Outcome until = Replay(setting, until_block_[i], end_of(i));
    outcomes.push_back(Less(until, before));
    before = until;
  }
  return outcomes;
}

}  // namespace plumbago::serverless
