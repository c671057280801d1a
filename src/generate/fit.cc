#include "generate/fit.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

#include "generate/trace_walk.h"

namespace plumbago::generate {

using document::Document;
using model::Kind;

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

double Clamped(double ratio, double most) { return std::clamp(ratio, 1 / most, most); }

// target / measured to a power below 1, so that corrections which touch each other settle; 1 where
// nothing is known.
double Factor(std::optional<double> target, std::optional<double> measured, double power,
              double most = 2) {
  if (!target || !measured || *target <= 0 || *measured <= 0) return 1;
  return Clamped(std::pow(*target / *measured, power), most);
}

double Odds(double share) {
  const double p = std::clamp(share, 0.001, 0.999);
  return p / (1 - p);
}

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

// What a sample has, as the headlines count.
class SampleValues {
 public:
  explicit SampleValues(const std::vector<TraceFeatures>& sample) {
    for (const TraceFeatures& f : sample) {
      for (size_t i = 0; i < kFeatures; ++i) sums_.value[i] += f.value[i];
      services_.push_back(f[Feature::kServices]);
    }
    std::sort(services_.begin(), services_.end());
  }
  double Ratio(Feature part, Feature whole) const {
    return sums_[whole] > 0 ? sums_[part] / sums_[whole] : 0;
  }
  double ServicesQuantile(double q) const {
    return services_[static_cast<size_t>(q * static_cast<double>(services_.size() - 1))];
  }

 private:
  TraceFeatures sums_;
  std::vector<double> services_;
};

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
      CorrectShape(SampleValues(Walk(system, ShapeTraces(), nullptr, nullptr)));
    }
    for (int round = 0; round < kSystemRounds + kAimRounds; ++round) {
      RETURN_IF_ERROR(CheckStop());
      options_.services = services_;
      Fitted fitted;
      {
        if (round < kSystemRounds) ChooseSalt();
        const System system(shape_, services_, options_.seed);
        WatchedEdges watched = Busiest(system, ShapeTraces(), nullptr);
        // As many traces as the run will take: what is decided of them beforehand comes out best.
        double kept = next_kept_, ridge = kRidge;
        for (int attempt = 0; attempt < 2 || (fitted.selection.kept() < kHard && attempt < 3);
             ++attempt) {
          if (attempt > 0) watched = Busiest(system, fitted.selection.sample(), &fitted.selection);
          const auto traces = static_cast<size_t>(std::min(kSampleTraces, PilotTraces() / kept));
          std::vector<TraceFeatures> sample = Walk(system, traces, &watched, nullptr);
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
        if (next_ && fitted.selection.kept() < 0.2) CorrectShape(*next_);
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
      const WatchedEdges watched = Busiest(system, ShapeTraces(), nullptr);
      const double kept = Selection::Solve(Walk(system, ShapeTraces(), &watched, nullptr), aims_,
                                           targets_.largest, kKept, watched)
                              .kept();
      if (kept <= best) continue;
      best = kept;
      chosen = salt;
    }
    shape_.salt = chosen;
  }

  // The edges with most own time, as many as the headline speaks of.
  WatchedEdges Busiest(const System& system, size_t traces, const Selection* selection) const {
    std::vector<int64_t> own;
    Walk(system, traces, nullptr, &own, selection);
    std::vector<uint32_t> order(own.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    const size_t top = std::min<size_t>(10, order.size());
    std::partial_sort(
        order.begin(), order.begin() + static_cast<ptrdiff_t>(top), order.end(),
        [&own](uint32_t a, uint32_t b) { return own[a] != own[b] ? own[a] > own[b] : a < b; });
    WatchedEdges watched(own.size());
    for (size_t i = 0; i < top; ++i) watched[order[i]] = true;
    return watched;
  }

  // Features of the first traces, as the run will make them. `own` (optional): own time by place in
  // WatchedEdges.
  std::vector<TraceFeatures> Walk(const System& system, size_t traces, const WatchedEdges* watched,
                                  std::vector<int64_t>* own,
                                  const Selection* selection = nullptr) const {
    const uint64_t blocks = traces / shape_.traces_per_block + 1;
    std::vector<std::vector<TraceFeatures>> of_block(blocks);
    std::atomic<uint64_t> next{0};
    std::mutex mutex;
    const auto work = [&] {
      TraceWalk walk(system, options_);
      walk.Measure(true);
      walk.Select(selection);
      walk.meter().Watch(watched);
      if (own != nullptr) walk.meter().SumOwnTimes();
      TraceBlock block;
      for (;;) {
        const uint64_t index = next++;
        if (index >= blocks) break;
        walk.MakeBlock(index, {}, block);
        of_block[index] = std::move(block.features);
      }
      if (own == nullptr) return;
      std::lock_guard lock(mutex);
      own->resize(walk.meter().own_of_edge().size());
      for (size_t i = 0; i < own->size(); ++i) (*own)[i] += walk.meter().own_of_edge()[i];
    };
    std::vector<std::thread> others;
    for (unsigned i = 1; i < std::max(1u, options_.threads); ++i) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    std::vector<TraceFeatures> sample;
    for (const auto& features : of_block)
      sample.insert(sample.end(), features.begin(), features.end());
    return sample;
  }

  // Parameters that one headline each answers to most.
  void CorrectShape(const SampleValues& values) {
    const auto want = [&](const char* section, const char* name) {
      return targets_.Find(section, name);
    };
    const double m50 = values.ServicesQuantile(0.5), m90 = values.ServicesQuantile(0.9);
    const auto t50 = want("graph-size", "services_p50"), t90 = want("graph-size", "services_p90");
    shape_.size_median = std::clamp(shape_.size_median * Factor(t50, m50, 1.0), 0.3, 500.0);
    if (t50 && t90 && *t90 > *t50 && m90 > m50 && *t50 > 0) {
      shape_.size_sigma *= Factor(std::log(*t90 / *t50), std::log(m90 / m50), 0.7, 1.5);
      shape_.size_sigma = std::clamp(shape_.size_sigma, 0.05, 3.0);
    }
    const auto width = want("shape", "width_mean"), depth = want("shape", "depth_mean");
    if (width && depth && *width > 0 && *depth > 0) {
      const double measured = values.Ratio(Feature::kWidth, Feature::kOne) /
                              std::max(0.01, values.Ratio(Feature::kDepth, Feature::kOne));
      shape_.width_exponent =
          std::clamp(shape_.width_exponent + 0.25 * std::log(*width / *depth / measured), 0.0, 1.0);
    }
    if (const auto cache = want("paradigms", "cache")) {
      const double factor = Clamped(
          std::pow(Odds(*cache) / Odds(values.Ratio(Feature::kCacheCalls, Feature::kCalls)), 0.8),
          3);
      shape_.cache_base *= factor;
      shape_.cache_growth *= factor;
    }
    if (const auto database = want("paradigms", "database")) {
      shape_.database_factor *= Clamped(
          std::pow(Odds(*database) / Odds(values.Ratio(Feature::kDatabaseCalls, Feature::kCalls)),
                   0.8),
          3);
    }
    if (const auto message = want("paradigms", "message")) {
      shape_.message_factor *=
          Clamped(std::pow(Odds(*message) /
                               Odds(values.Ratio(Feature::kMessageCalls, Feature::kKnownCalls)),
                           0.8),
                  3);
    }
    if (const auto other = want("paradigms", "other"))
      shape_.in_process = std::clamp(*other, 0.0, 0.9);
    const double loops = Factor(
        [&]() -> std::optional<double> {
          const auto calls = want("graph-size", "calls_mean"),
                     services = want("graph-size", "services_mean");
          return calls && services && *services > 0 ? std::optional<double>(*calls / *services)
                                                    : std::nullopt;
        }(),
        values.Ratio(Feature::kCalls, Feature::kServices), 0.8, 1.5);
    for (double* loop : {&shape_.loop_cache, &shape_.loop_database, &shape_.loop_stateless}) {
      *loop = std::clamp(*loop * loops, 0.0, 0.9);
    }
    if (const auto surely = want("parallelism", "callers_parallel_surely")) {
      const double factor =
          Factor(surely, values.Ratio(Feature::kCallersSurely, Feature::kCallers), 0.8);
      shape_.lanes = std::clamp(shape_.lanes * factor, 0.0, 0.95);
      shape_.scatter = std::clamp(shape_.scatter * factor, 0.0, 0.95);
    }
    // Calls that the caller did not record: messages, and entries behind another proxy.
    if (const auto client = want("edges", "client_side")) {
      const double calls = values.Ratio(Feature::kCalls, Feature::kOne);
      const double more = (*client - values.Ratio(Feature::kClientSide, Feature::kCalls)) * calls;
      shape_.root_is_zero = std::clamp(shape_.root_is_zero + 0.8 * more, 0.0, 1.0);
    }
  }

  // Whether anything is off that a selection cannot mend.
  bool NeedsSystem(const Document& got, int round) const {
    if (!AsMany() && round < kCensusRounds) return true;
    for (const HeadlineMatch& match : MatchHeadlines(wanted_, got)) {
      if (match.total && !AsMany()) continue;
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
    const auto own = [](const Targets& t, Kind kind) {
      return t.own_ns[static_cast<size_t>(kind)];
    };
    shape_.cache_median *= Factor(own(targets_, Kind::kCache), own(seen, Kind::kCache), 0.9, 4);
    shape_.database_median *=
        Factor(own(targets_, Kind::kDatabase), own(seen, Kind::kDatabase), 0.9, 4);
    const Kind work = own(targets_, Kind::kRpc) && own(seen, Kind::kRpc) ? Kind::kRpc : Kind::kHttp;
    shape_.work_median *= Factor(own(targets_, work), own(seen, work), 0.9, 4);
    const auto damage = [](double share, double factor) {
      return std::clamp(share * factor, 0.0, 0.5);
    };
    options_.damage.missing =
        damage(options_.damage.missing, Factor(targets_.Find("completeness", "calls_inserted"),
                                               Value(got, "completeness", "calls_inserted"), 0.9));
    options_.damage.propagation =
        damage(options_.damage.propagation,
               targets_.propagation > 0 ? Factor(targets_.propagation, seen.propagation, 0.9) : 1);
    options_.damage.duplicates =
        damage(options_.damage.duplicates, Factor(targets_.duplicates, seen.duplicates, 0.9));
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
      if (match.total && !as_many) continue;
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
