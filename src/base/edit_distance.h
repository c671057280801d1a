// How many edits turn one text into another, and the name that was probably meant.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace plumbago {

// Insertions, deletions, replacements of a byte, and swaps of two neighbours (optimal string
// alignment: Damerau 1964, each part edited once). O(|a| |b|) time, O(|b|) memory. Above `limit`
// the answer is limit + 1.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit = 1000);

// The name that is nearest to `text`, case ignored, if it is near enough to be meant: at most a
// third of its letters differ, and no more than 3. Of several the first in alphabetical order. ""
// if none is.
std::string_view NearestName(std::string_view text, std::span<const std::string_view> names);

}  // namespace plumbago
