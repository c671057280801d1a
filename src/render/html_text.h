// Text for HTML and SVG. Whatever comes from data passes through here.
#pragma once

#include <string>
#include <string_view>

namespace plumbago::render {

// Made printable (text_width.h) and cut at `most` characters or so ("…"), with & < > " ' escaped:
// safe as text and within quotes.
std::string Html(std::string_view text, size_t most = 600);

// The same for a name: set apart from the writing direction of what stands around it.
std::string HtmlName(std::string_view text, size_t most = 200);

// A number for SVG: two decimals at most, no exponent; what is not finite is 0.
std::string Coordinate(double value);

// Letters, digits and '-' of `text`, for id attributes: "s-edges". Not unique by itself.
std::string HtmlId(std::string_view prefix, std::string_view text);

}  // namespace plumbago::render
