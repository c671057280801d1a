#include "render/screen.h"

#include <algorithm>

#include "render/text_width.h"

namespace plumbago::render {
namespace {

const char* Escape(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kBad:
      return "\x1b[31m";
    case Style::kWarn:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

Line& Line::Add(std::string_view text, Style style) {
  std::string printable = Printable(text);
  width_ += TextWidth(printable);
  if (!pieces_.empty() && pieces_.back().style == style) {
    pieces_.back().text += printable;
  } else if (!printable.empty()) {
    pieces_.push_back({std::move(printable), style});
  }
  return *this;
}

Line& Line::PadTo(int column) {
  if (column > width_) Add(std::string(static_cast<size_t>(column - width_), ' '));
  return *this;
}

Line& Line::Right(std::string_view text, int edge, Style style) {
  PadTo(edge - TextWidth(Printable(text)));
  return Add(text, style);
}

Line& Line::Append(const Line& other) {
  for (const Piece& piece : other.pieces_) Add(piece.text, piece.style);
  return *this;
}

std::string Line::Text(int width, bool colour) const {
  std::string out;
  int left = width;
  for (size_t i = 0; i < pieces_.size() && left > 0; ++i) {
    std::string text = pieces_[i].text;
    // A cut line shows that it was cut, also when the cut falls between two pieces.
    const bool cut_here = TextWidth(text) >= left && width_ > width;
    if (cut_here)
      text = TextWidth(text) > left ? CutEnd(text, left) : CutEnd(text.append("  "), left);
    left = cut_here ? 0 : left - TextWidth(text);
    if (i + 1 == pieces_.size()) {
      const size_t end = text.find_last_not_of(' ');
      text.resize(end == std::string::npos ? 0 : end + 1);
    }
    const char* escape = colour ? Escape(pieces_[i].style) : "";
    out += escape;
    out += text;
    if (*escape != 0) out += "\x1b[0m";
  }
  return out;
}

Lines Labelled(std::string_view label, std::string_view text, int indent, int width, Style style) {
  Lines lines;
  for (const std::string& part : Wrap(Printable(text), width - indent)) {
    Line line("  ");
    if (lines.empty()) line.Add(label, Style::kDim);
    lines.push_back(line.PadTo(indent).Add(part, style));
  }
  return lines;
}

std::vector<std::string> JoinParts(const std::vector<std::string>& parts, int width) {
  constexpr std::string_view kBetween = " · ";
  std::vector<std::string> lines;
  std::string line;
  for (const std::string& part : parts) {
    const std::string text = Printable(part);
    if (!line.empty() && TextWidth(line) + 3 + TextWidth(text) <= width) {
      line.append(kBetween).append(text);
      continue;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    std::vector<std::string> wrapped = Wrap(text, width);
    line = std::move(wrapped.back());
    wrapped.pop_back();
    lines.insert(lines.end(), wrapped.begin(), wrapped.end());
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

void Screen::Add(const Line& line) {
  text_ += line.Text(width_, colour_);
  text_ += '\n';
  blank_ = false;
}

void Screen::Add(const Lines& lines) {
  for (const Line& line : lines) Add(line);
}

void Screen::Blank() {
  if (!blank_) text_ += '\n';
  blank_ = true;
}

void Screen::Heading(std::string_view title, std::string_view note) {
  Blank();
  Line line(title, Style::kBold);
  if (note.empty() || line.width() + 2 + TextWidth(Printable(note)) <= width_) {
    if (!note.empty()) line.Right(note, width_, Style::kDim);
    Add(line);
    return;
  }
  Add(line);
  for (const std::string& part : Wrap(Printable(note), width_ - 2))
    Add(Line("  ").Add(part, Style::kDim));
}

}  // namespace plumbago::render
