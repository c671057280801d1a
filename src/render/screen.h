// Lines of styled text for a terminal, none wider than the screen. Layout works on columns, never
// on bytes; styles become escape sequences only at the end and only where colour is wanted, so both
// outputs have one layout.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::render {

enum class Style : uint8_t { kPlain, kBold, kDim, kGood, kBad, kWarn };

class Line {
 public:
  Line() = default;
  explicit Line(std::string_view text, Style style = Style::kPlain) { Add(text, style); }

  Line& Add(std::string_view text, Style style = Style::kPlain);  // made printable here
  Line& PadTo(int column);  // spaces; none where it is wider already
  Line& Right(std::string_view text, int edge,
              Style style = Style::kPlain);  // ends at column `edge`
  Line& Append(const Line& other);
  int width() const { return width_; }

  // Cut at `width`; spaces at the end are left out.
  std::string Text(int width, bool colour) const;

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
  int width_ = 0;
};

using Lines = std::vector<Line>;

// Lines of `text` behind a label of two columns more than `indent`: "  damage    81 rows ...".
// Further lines start below the first.
Lines Labelled(std::string_view label, std::string_view text, int indent, int width,
               Style style = Style::kPlain);

// Parts joined by " · ", broken between parts only (a part that is too wide alone is wrapped).
std::vector<std::string> JoinParts(const std::vector<std::string>& parts, int width);

class Screen {
 public:
  Screen(int width, bool colour) : width_(width), colour_(colour) {}
  void Add(const Line& line);
  void Add(const Lines& lines);
  void Blank();  // never two in a row
  void Heading(std::string_view title,
               std::string_view note = "");  // the note at the right edge, or below
  int width() const { return width_; }
  const std::string& text() const { return text_; }

 private:
  int width_;
  bool colour_;
  bool blank_ = true;
  std::string text_;
};

}  // namespace plumbago::render
