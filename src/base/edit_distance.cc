#include "base/edit_distance.h"

#include <algorithm>
#include <string>
#include <vector>

namespace plumbago {

namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  // Rows of the table: two before, one before, this one.
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    size_t least = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    // A swap reaches back two rows, but never below the least of the row between by more than it
    // adds.
    if (least > limit + 1) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

std::string_view NearestName(std::string_view text, std::span<const std::string_view> names) {
  const std::string wanted = Lower(text);
  std::string_view best;
  const size_t letters = text.size() - std::min(text.find_first_not_of('-'), text.size());
  size_t best_distance = std::min<size_t>(3, letters / 3) + 1;
  for (const std::string_view name : names) {
    const size_t distance = EditDistance(wanted, Lower(name), best_distance);
    if (distance < best_distance || (distance == best_distance && !best.empty() && name < best)) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace plumbago
