#include "engine/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include "engine/partitions.h"

namespace plumbago::engine {
namespace {

constexpr uint64_t kThreadBytes = 20u << 20;
// Rows are addressed by 32 bits within a partition.
constexpr uint64_t kMostPartition = 2ull << 30;

size_t Share(uint64_t budget, double share) {
  return static_cast<size_t>(static_cast<double>(budget) * share);
}

std::optional<uint64_t> NumberIn(const std::string& path) {
  std::ifstream file(path);
  uint64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;  // not there, or "max"
}

// The value after `key` in a file of lines "key value".
std::optional<uint64_t> ValueIn(const std::string& path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    uint64_t value = 0;
    if (words >> name >> value && name == key) return value;
  }
  return std::nullopt;
}

// What a control group leaves: its limit minus what it uses, not counting pages of files that it
// can drop.
std::optional<uint64_t> LeftIn(const std::string& folder, bool v2) {
  const auto limit = NumberIn(folder + (v2 ? "/memory.max" : "/memory.limit_in_bytes"));
  const auto used = NumberIn(folder + (v2 ? "/memory.current" : "/memory.usage_in_bytes"));
  if (!limit || !used) return std::nullopt;
  const uint64_t files =
      ValueIn(folder + "/memory.stat", v2 ? "inactive_file" : "total_inactive_file").value_or(0);
  const uint64_t held = *used - std::min(*used, files);
  return *limit - std::min(*limit, held);
}

// The least that the control groups from this process's own up to the root leave.
uint64_t LeftByControlGroups() {
  uint64_t least = std::numeric_limits<uint64_t>::max();
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool v2 = controllers.empty();
    if (!v2 && ("," + controllers + ",").find(",memory,") == std::string::npos) continue;
    const std::string root = v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    // In a container the path may be the host's; the root is then its own group.
    for (std::string path = line.substr(second + 1);;) {
      if (path == "/") path.clear();
      if (const auto left = LeftIn(root + path, v2)) least = std::min(least, *left);
      if (path.empty()) break;
      path.resize(path.rfind('/'));
    }
  }
  return least;
}

}  // namespace

MemoryPlan PlanMemory(uint64_t budget, unsigned threads) {
  MemoryPlan plan;
  plan.budget = budget = std::max(budget, kLeastBudget);
  plan.threads = static_cast<unsigned>(
      std::clamp<uint64_t>(threads, 1, std::max<uint64_t>(1, budget / kThreadBytes)));
  const uint64_t each = budget / plan.threads;
  plan.block_bytes = std::clamp<size_t>(std::bit_floor(Share(each, 0.05)), 512u << 10, 2u << 20);
  plan.ahead_bytes = std::clamp<size_t>(Share(budget, 0.10), 4u << 20, 64u << 20);
  plan.resident_rows = Share(budget, 0.30);
  // A quarter of a thread's rows may lie in chunks that are not full.
  plan.chunk_bytes = std::clamp<size_t>(
      std::bit_floor(plan.resident_rows / plan.threads / kPartitions / 4), 4u << 10, 64u << 10);
  plan.states = Share(budget, 0.25);
  // Grouping takes up to as much as the rows themselves.
  plan.partition = std::min<uint64_t>(Share(each, 0.125), kMostPartition);
  plan.largest_trace = Share(budget, 0.70);
  plan.large_trace = Share(each, 0.15);
  return plan;
}

uint64_t DefaultBudget() {
  uint64_t free = LeftByControlGroups();
  if (const auto available = ValueIn("/proc/meminfo", "MemAvailable:")) {
    free = std::min(free, *available * 1024);
  }
  if (free == std::numeric_limits<uint64_t>::max()) free = 1ull << 30;  // nobody says
  return std::max(kLeastBudget, free / 2);
}

Result<uint64_t> ParseSize(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  double scale = 1;
  if (!unit.empty()) {
    const size_t power = std::string_view("KMGT").find(static_cast<char>(unit[0] & ~0x20));
    if (power != std::string_view::npos) {
      scale = std::exp2(10.0 * static_cast<double>(power + 1));
      unit.remove_prefix(1);
      if (unit.starts_with("i")) unit.remove_prefix(1);
    }
    if (unit == "B" || unit == "b") unit.remove_prefix(1);
  }
  value *= scale;
  if (code != std::errc() || !unit.empty() || !std::isfinite(value) || value < 0 || value > 9e18) {
    return Fail(ErrorKind::kUsage,
                fmt::format("'{}' is no size: write a number of bytes, or 64M, 1.5G", text));
  }
  const auto bytes = static_cast<uint64_t>(value);
  if (bytes < kLeastBudget) {
    return Fail(ErrorKind::kUsage,
                fmt::format("{} is too little memory: at least 64M is needed", text));
  }
  return bytes;
}

std::string SizeText(uint64_t bytes) {
  const double mebibytes = static_cast<double>(bytes) / (1u << 20);
  return mebibytes < 1024 ? fmt::format("{:.3g}M", mebibytes)
                          : fmt::format("{:.3g}G", mebibytes / 1024);
}

}  // namespace plumbago::engine
