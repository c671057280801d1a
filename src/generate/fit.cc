#include "generate/fit.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "generate/sample_walk.h"
#include "generate/shape_corrections.h"

namespace plumbago::generate {

using document::Document;

namespace {

constexpr int kShapeRounds = 3;   // on samples alone
constexpr int kSystemRounds = 4;  // with a pilot; they change the system
constexpr int kAimRounds = 2;     // with a pilot; they change what the selection aims at only
constexpr double kKept = 0.35;
constexpr uint64_t kPilotRows = 1'000'000;
constexpr uint64_t kCensusRows = 2'000'000;
constexpr int kCensusRounds = 2;
constexpr uint64_t kSalts = 4;
// Another system of the same shape may fit where one nearly did: so many are begun with, where so
// many headlines are near.
constexpr uint64_t kStarts = 4;
constexpr double kPromising = 0.8;
constexpr double kHard = 0.1;   // ... and one that keeps so few is noise
constexpr double kEasy = 0.12;  // a selection that keeps so many works well enough
constexpr double kSampleTraces = 200'000;
constexpr double kShapeTraces = 20'000;

// For a census: nothing is written.
class NoText : public formats::Encoder {
 public:
  void Header(std::string&) const override {}
  void Encode(const model::CallBatch&, const model::Names&, std::string&) const override {}
};

std::optional<double> Value(const Document& document, std::string_view section,
                            std::string_view name) {
  for (const document::Section& s : document.sections) {
    if (s.id != section) continue;
    for (const document::Headline& h : s.headline) {
      if (h.name == name) return h.value;
    }
  }
  return std::nullopt;
}

class Fitter {
 public:
  Fitter(const Document& wanted, const TraceOptions& options, const Pilot& pilot,
         const std::function<bool()>& stop, uint64_t start)
      : wanted_(wanted),
        targets_(TargetsOf(wanted)),
        options_(options),
        pilot_(pilot),
        stop_(stop) {
    shape_ = ShapeOf(options.format == nullptr ? "" : options.format->name());
    shape_.salt = start << 32;
    traces_per_second_ = shape_.traces_per_second;
    if (targets_.largest.calls > 0)
      shape_.max_calls = static_cast<uint32_t>(targets_.largest.calls);
    if (targets_.largest.services > 0) {
      // Few entries reach the largest size by themselves.
      shape_.max_services = static_cast<uint32_t>(targets_.largest.services);
      shape_.giant_sites = std::min(4 * shape_.max_services, 4000u);
      shape_.giant_share = std::min(
          0.002, 2.5 * targets_.rows / targets_.traces / static_cast<double>(options.rows));
    }
    aims_ = wishes_ = ConstraintsOf(targets_);
    options_.damage.duplicates = targets_.duplicates;
    options_.damage.malformed = targets_.malformed;
    options_.damage.propagation = targets_.propagation;
    options_.damage.missing = targets_.missing;
    pilot_rows_ = std::min<uint64_t>(
        {kPilotRows, options.rows, static_cast<uint64_t>(std::max(1000.0, targets_.rows))});
    if (options.rows <= kPilotRows) pilot_rows_ = options.rows;
    // Not all services of a system are seen.
    const double services = targets_.Find("scale", "services").value_or(20'000);
    services_ = ServicesOf(services * 1.2);
    const double edges = targets_.Find("scale", "edges").value_or(2.9 * services);
    shape_.edges_per_service = std::clamp(1.1 * edges / std::max(1.0, services), 0.5, 50.0);
    if (const auto stateful = targets_.Find("scale", "stateful_services");
        stateful && services > 0) {
      const double share = std::clamp(*stateful / services, 0.0, 0.95);
      shape_.stateless_share = 1 - share;
      shape_.cache_share = share * 0.75;
    }
  }

  // Sum of what the nearest is off by.
  double errors() const { return best_errors_; }

  Result<Fitted> Run() {
    for (int round = 0; round < kShapeRounds; ++round) {
      RETURN_IF_ERROR(CheckStop());
      options_.services = services_;
      const System system(shape_, services_, options_.seed);
      CorrectShape(targets_, SampleValues(WalkSample(system, options_, ShapeTraces(), nullptr)),
                   shape_);
    }
    for (int round = 0; round < kSystemRounds + kAimRounds; ++round) {
      RETURN_IF_ERROR(CheckStop());
      options_.services = services_;
      Fitted fitted;
      {
        if (round < kSystemRounds) ChooseSalt();
        const System system(shape_, services_, options_.seed);
        WatchedEdges watched = BusiestEdges(system, options_, ShapeTraces());
        // As many traces as the run will take: what is decided of them beforehand comes out best.
        double kept = next_kept_, ridge = kRidge;
        for (int attempt = 0; attempt < 2 || (fitted.selection.kept() < kHard && attempt < 3);
             ++attempt) {
          if (attempt > 0)
            watched = BusiestEdges(system, options_, fitted.selection.sample(), &fitted.selection);
          const auto traces = static_cast<size_t>(std::min(kSampleTraces, PilotTraces() / kept));
          std::vector<TraceFeatures> sample = WalkSample(system, options_, traces, &watched);
          if (sample.size() > traces + 1) sample.resize(traces + 1);
          if (round < kSystemRounds) next_ = SampleValues(sample);
          fitted.selection =
              Selection::Solve(sample, aims_, targets_.largest, kKept, watched, ridge);
          // Where only a few traces would do, others that come near are taken, too.
          if (fitted.selection.kept() < kHard) ridge *= 10;
          kept = std::clamp(fitted.selection.kept(), 0.02, 0.9);
        }
        next_kept_ = kept;
      }
      shape_.traces_per_second = traces_per_second_ / std::max(0.02, fitted.selection.kept());
      fitted.shape = shape_;
      fitted.services = services_;
      fitted.damage = options_.damage;
      TraceOptions options = options_;
      options.rows = pilot_rows_;
      ASSIGN_OR_RETURN(const Document got, pilot_(options, shape_, fitted.selection));
      Judge(got, fitted);
      if (best_->near == best_->compared) break;
      Aim(got);
      if (round + 1 < kSystemRounds) {
        if (NeedsSystem(got, round)) RETURN_IF_ERROR(CorrectSystem(got, fitted));
        if (next_ && fitted.selection.kept() < 0.2) CorrectShape(targets_, *next_, shape_);
      }
    }
    return std::move(*best_);
  }

 private:
  static uint32_t ServicesOf(double services) {
    return static_cast<uint32_t>(std::clamp(std::round(services), 10.0, 10'000'000.0));
  }

  // Of the pilot, before any is left out.
  double PilotTraces() const {
    return targets_.traces / targets_.rows * static_cast<double>(pilot_rows_);
  }
  size_t ShapeTraces() const {
    return static_cast<size_t>(std::clamp(PilotTraces() / kKept, 2000.0, kShapeTraces));
  }

  Result<void> CheckStop() const {
    if (stop_ && stop_())
      return Fail(ErrorKind::kInterrupted, "interrupted while fitting; nothing is written");
    return {};
  }

  // Systems of one shape differ, small ones much: the one that leaves least to select.
  void ChooseSalt() {
    double best = 0;
    const uint64_t before = shape_.salt;
    uint64_t chosen = before;
    for (uint64_t salt = before; salt < before + kSalts && best < kEasy; ++salt) {
      shape_.salt = salt;
      const System system(shape_, services_, options_.seed);
      const WatchedEdges watched = BusiestEdges(system, options_, ShapeTraces(), nullptr);
      const double kept = Selection::Solve(WalkSample(system, options_, ShapeTraces(), &watched),
                                           aims_, targets_.largest, kKept, watched)
                              .kept();
      if (kept <= best) continue;
      best = kept;
      chosen = salt;
    }
    shape_.salt = chosen;
  }

  // Whether anything is off that a selection cannot mend.
  bool NeedsSystem(const Document& got, int round) const {
    if (!AsMany() && round < kCensusRounds) return true;
    for (const HeadlineMatch& match : MatchHeadlines(wanted_, got)) {
      if (!match.aimed || (match.total && !AsMany())) continue;
      const bool system = match.total || match.section == "completeness" ||
                          match.name == "edge_p50_median" || match.name == "top_10_share" ||
                          match.name.ends_with("_max");
      if (system && match.Error() > kNear) return true;
    }
    return false;
  }
  bool AsMany() const {
    return std::abs(static_cast<double>(pilot_rows_) / targets_.rows - 1) < 0.03;
  }

  // Times, popularity, how many there are, damage.
  Result<void> CorrectSystem(const Document& got, const Fitted& fitted) {
    const Targets seen = TargetsOf(got);
    CorrectTimes(targets_, seen, shape_);
    CorrectDamage(targets_, seen, options_.damage);
    return CorrectCounts(got, fitted);
  }

  // Distinct services, edges, operations: as many rows must show as many.
  Result<void> CorrectCounts(const Document& got, const Fitted& fitted) {
    auto services = Value(got, "scale", "services"), edges = Value(got, "scale", "edges");
    const auto operations = Value(got, "scale", "operations");
    auto want_services = targets_.Find("scale", "services"),
         want_edges = targets_.Find("scale", "edges");
    const bool as_many = AsMany();
    if (!as_many && services && edges && want_services && want_edges) {
      TraceOptions options = options_;
      options.rows =
          static_cast<uint64_t>(std::min<double>(static_cast<double>(kCensusRows), targets_.rows));
      ASSIGN_OR_RETURN(
          const GeneratedTraces census,
          GenerateTraces(
              options, fitted.shape, NoText(), [](std::string_view) -> Result<void> { return {}; },
              stop_, &fitted.selection));
      const auto rows = static_cast<double>(options.rows);
      const auto counted_services = static_cast<double>(census.truth.ServicesUsed());
      const auto counted_edges = static_cast<double>(census.truth.EdgesUsed());
      if (targets_.rows > rows * 1.01 && rows > 1.01 * static_cast<double>(pilot_rows_)) {
        // They grow on as they grew from the pilot to the census.
        const double steps =
            std::log(targets_.rows / rows) / std::log(rows / static_cast<double>(pilot_rows_));
        want_services =
            *want_services / std::pow(std::max(1.0, counted_services / *services), steps);
        want_edges = *want_edges / std::pow(std::max(1.0, counted_edges / *edges), steps);
      }
      services = counted_services;
      edges = counted_edges;
    } else if (as_many) {
      const auto entries = Value(got, "scale", "entries"),
                 want_entries = targets_.Find("scale", "entries");
      if (entries && want_entries && *entries > 0) {
        const double more = *want_entries / *entries - 1;
        const double extra = shape_.extra_entries + 1.5 * more * (1 + shape_.extra_entries);
        shape_.extra_entries = std::clamp(extra, 0.0, 20.0);
        if (extra < 0)
          shape_.popularity =
              std::min(3.0, shape_.popularity * std::clamp(1 - 0.5 * extra, 1.0, 1.3));
      }
      shape_.reuse_interface =
          std::clamp(shape_.reuse_interface /
                         Factor(targets_.Find("scale", "operations"), operations, 0.8, 1.5),
                     0.01, 0.95);
      const auto stateful = Value(got, "scale", "stateful_services"),
                 wanted = targets_.Find("scale", "stateful_services");
      if (stateful && wanted && services && want_services && *services > *stateful &&
          *want_services > *wanted) {
        const double odds =
            Clamped(Odds(*wanted / *want_services) / Odds(*stateful / *services), 2);
        const double share = 1 - shape_.stateless_share;
        const double next = share * odds / (1 - share + share * odds);
        shape_.cache_share *= share > 0 ? next / share : 1;
        shape_.stateless_share = 1 - next;
      }
    }
    const double more = Factor(want_services, services, 0.9);
    services_ = ServicesOf(services_ * more);
    shape_.edges_per_service =
        std::clamp(shape_.edges_per_service * Factor(want_edges, edges, 0.9) / more, 0.3, 100.0);
    return {};
  }

  // What the selection aims at: away from where the pilot came out.
  void Aim(const Document& got) {
    const Targets seen = TargetsOf(got);
    for (size_t i = 0; i < aims_.size(); ++i) {
      Constraint& aim = aims_[i];
      const Constraint& wish = wishes_[i];
      if (aim.form == Constraint::kRatio) {
        for (const RatioHeadline& headline : RatioHeadlines()) {
          if (headline.part != aim.part || headline.whole != aim.whole) continue;
          const double next =
              aim.target *
              Factor(wish.target, Value(got, headline.section, headline.name), 0.8, 1.3);
          aim.target = wish.target * Clamped(wish.target > 0 ? next / wish.target : 1, 1.5);
        }
      } else {
        const auto tail = std::find_if(seen.tails.begin(), seen.tails.end(),
                                       [&](const Targets::Tail& t) { return t.of == aim.part; });
        if (tail == seen.tails.end()) continue;
        const auto at = std::find_if(tail->points.begin(), tail->points.end(),
                                     [&](const document::Point& p) { return p.x >= aim.from; });
        if (at == tail->points.end()) continue;
        aim.target = std::clamp(aim.target + 0.8 * (wish.target - at->y), wish.target / 1.5,
                                std::min(1.0, wish.target * 1.5));
      }
    }
  }

  // Keeps the nearest.
  void Judge(const Document& got, Fitted fitted) {
    const bool as_many = AsMany();
    double errors = 0;
    for (const HeadlineMatch& match : MatchHeadlines(wanted_, got)) {
      if (!match.aimed || (match.total && !as_many)) continue;
      const double error = match.Error();
      ++fitted.compared;
      fitted.near += error <= kNear;
      errors += std::min(error, 1.0);
    }
    if (best_ &&
        (fitted.near < best_->near || (fitted.near == best_->near && errors >= best_errors_)))
      return;
    best_errors_ = errors;
    best_ = std::move(fitted);
  }

  const Document& wanted_;
  const Targets targets_;
  TraceOptions options_;
  const Pilot& pilot_;
  const std::function<bool()>& stop_;
  Shape shape_;
  double traces_per_second_ = 0;
  uint32_t services_ = 0;
  uint64_t pilot_rows_ = 0;
  std::vector<Constraint> wishes_, aims_;
  double next_kept_ = kKept;
  std::optional<SampleValues> next_;
  std::optional<Fitted> best_;
  double best_errors_ = 0;
};

}  // namespace

Result<Fitted> Fit(const Document& wanted, const TraceOptions& options, const Pilot& pilot,
                   const std::function<bool()>& stop) {
  std::optional<Fitted> best;
  double best_errors = 0;
  for (uint64_t start = 0; start < kStarts; ++start) {
    Fitter fitter(wanted, options, pilot, stop, start);
    ASSIGN_OR_RETURN(Fitted fitted, fitter.Run());
    const bool nearer = !best || fitted.near > best->near ||
                        (fitted.near == best->near && fitter.errors() < best_errors);
    if (nearer) {
      best_errors = fitter.errors();
      best = std::move(fitted);
    }
    const auto compared = static_cast<double>(best->compared);
    const bool done = best->near == best->compared;
    if (done || static_cast<double>(best->near) < kPromising * compared) break;
  }
  return std::move(*best);
}

}  // namespace plumbago::generate
