#include "generate/selection.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate {
namespace {

constexpr double kShortest = 1.0 / 512;
constexpr int kSteps = 25;
constexpr size_t kCurvatureTraces = 8'000;
constexpr size_t kFew = 2;
constexpr double kAbout = 0.03;  // of the largest: "about as large"

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }
double SoftPlus(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }

// Solves A x = b, A symmetric and positive definite, by Cholesky; A is n x n by rows and destroyed.
std::vector<double> SolveSystem(std::vector<double>& a, std::vector<double> b) {
  const size_t n = b.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j * n + j];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return b;
}

// The first few traces about as large as the largest: kept whatever else, so that the largest is
// there.
std::vector<bool> FindLargest(const std::vector<TraceFeatures>& sample, const Largest& largest) {
  std::vector<bool> forced(sample.size());
  const auto force = [&](Feature feature, double limit) {
    size_t few = limit > 0 ? kFew : 0;
    for (size_t i = 0; i < sample.size() && few > 0; ++i) {
      if (sample[i][feature] < limit * (1 - kAbout)) continue;
      forced[i] = true;
      --few;
    }
  };
  force(Feature::kServices, largest.services);
  force(Feature::kCalls, largest.calls);
  return forced;
}

}  // namespace

Selection Selection::Solve(const std::vector<TraceFeatures>& sample,
                           const std::vector<Constraint>& constraints, const Largest& largest,
                           double kept, WatchedEdges watched, double ridge) {
  Selection s;
  s.watched_ = std::move(watched);
  s.bias_ = std::log(kept / (1 - kept));
  const size_t n = sample.size();
  const std::vector<bool> forced = FindLargest(sample, largest);
  const auto count = static_cast<double>(std::max<size_t>(n, 1));
  for (const Constraint& constraint : constraints) {
    // In units of its mean size: of pairs of siblings, a few traces hold most, and the deviation
    // would be theirs.
    double sum = 0;
    for (const TraceFeatures& f : sample) sum += std::abs(constraint.Of(f));
    if (sum < 1e-9 * count) continue;  // every trace has it, or none can
    s.constraints_.push_back(constraint);
    s.scale_.push_back(count / sum);
  }
  const size_t m = s.constraints_.size();
  std::vector<double> x(n * m);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < m; ++j) x[i * m + j] = s.constraints_[j].Of(sample[i]) * s.scale_[j];
  }
  const auto linear = [&](size_t i, const std::vector<double>& lambda) {
    double sum = s.bias_;
    for (size_t j = 0; j < m; ++j) sum += lambda[j] * x[i * m + j];
    return sum;
  };
  const auto objective = [&](const std::vector<double>& lambda) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i)
      sum += forced[i] ? linear(i, lambda) : SoftPlus(linear(i, lambda));
    sum /= count;
    for (const double l : lambda) sum += ridge * l * l / 2;
    return sum;
  };
  s.lambda_.assign(m, 0);
  double value = objective(s.lambda_);
  // Curvature may be rough: it is taken from a part of the sample, and from all traces that stand
  // far out.
  const size_t every = std::max<size_t>(1, n / kCurvatureTraces);
  std::vector<double> curvature_weight(n);
  for (size_t i = 0; i < n; ++i) {
    double norm = 0;
    for (size_t j = 0; j < m; ++j) norm += x[i * m + j] * x[i * m + j];
    const bool far = norm > 4 * static_cast<double>(m);
    curvature_weight[i] = far ? 1 : i % every == 0 ? static_cast<double>(every) : 0;
  }
  std::vector<double> gradient(m), hessian(m * m);
  for (int step = 0; step < kSteps; ++step) {
    std::fill(gradient.begin(), gradient.end(), 0);
    std::fill(hessian.begin(), hessian.end(), 0);
    for (size_t i = 0; i < n; ++i) {
      const double p = forced[i] ? 1 : Logistic(linear(i, s.lambda_));
      const double* row = &x[i * m];
      for (size_t j = 0; j < m; ++j) gradient[j] += p * row[j] / count;
      const double curvature = curvature_weight[i] * p * (1 - p) / count;
      if (curvature == 0) continue;
      for (size_t j = 0; j < m; ++j) {
        const double c = curvature * row[j];
        for (size_t k = 0; k <= j; ++k) hessian[j * m + k] += c * row[k];
      }
    }
    for (size_t j = 0; j < m; ++j) {
      gradient[j] += ridge * s.lambda_[j];
      hessian[j * m + j] += ridge;
    }
    const std::vector<double> direction = SolveSystem(hessian, gradient);
    double slope = 0;
    for (size_t j = 0; j < m; ++j) slope += gradient[j] * direction[j];
    double length = 1;
    while (length > kShortest) {
      std::vector<double> next = s.lambda_;
      for (size_t j = 0; j < m; ++j) next[j] -= length * direction[j];
      const double there = objective(next);
      if (there <= value - 0.1 * length * slope) {
        s.lambda_ = std::move(next);
        value = there;
        break;
      }
      length /= 2;
    }
    if (slope < 1e-10 || length <= kShortest) break;
  }
  double expected = 0;
  std::vector<double> p(n);
  for (size_t i = 0; i < n; ++i) expected += p[i] = forced[i] ? 1 : Logistic(linear(i, s.lambda_));
  s.kept_ = expected / count;

  std::vector<std::pair<double, uint32_t>> order(n);  // - norm, trace
  for (size_t i = 0; i < n; ++i) {
    double norm = 0;
    for (size_t j = 0; j < m; ++j) norm += x[i * m + j] * x[i * m + j];
    order[i] = {-norm, static_cast<uint32_t>(i)};
  }
  std::sort(order.begin(), order.end());
  s.decided_.resize(n);
  std::vector<double> over(m);  // kept minus expected
  double over_count = 0;
  for (const auto& [minus_norm, i] : order) {
    double along = over_count;
    for (size_t j = 0; j < m; ++j) along += over[j] * x[i * m + j];
    const bool keep = forced[i] || 2 * along + (1 - 2 * p[i]) * (1 - minus_norm) <= 0;
    s.decided_[i] = keep;
    const double step = keep ? 1 - p[i] : -p[i];
    for (size_t j = 0; j < m; ++j) over[j] += step * x[i * m + j];
    over_count += step;
  }
  return s;
}

double Selection::Probability(const TraceFeatures& features) const {
  double sum = bias_;
  for (size_t j = 0; j < constraints_.size(); ++j)
    sum += lambda_[j] * scale_[j] * constraints_[j].Of(features);
  return Logistic(sum);
}

bool Selection::Keep(uint64_t index, const TraceFeatures& features, Balance& balance,
                     Random& random) const {
  if (index < decided_.size()) return decided_[index];
  const double p = Probability(features);
  const size_t m = constraints_.size() + 1;
  balance.over_.resize(m);
  balance.x_.resize(m);
  double along = 0, norm = 0;
  for (size_t j = 0; j < m; ++j) {
    const double x = j + 1 < m ? constraints_[j].Of(features) * scale_[j] : 1.0;
    balance.x_[j] = x;
    along += balance.over_[j] * x;
    norm += x * x;
  }
  const bool keep = p == 1 || random.Unit() < p - along / norm;
  for (size_t j = 0; j < m; ++j) balance.over_[j] += (keep ? 1 - p : -p) * balance.x_[j];
  return keep;
}

}  // namespace plumbago::generate
