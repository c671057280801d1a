#include "render/svg_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <vector>

#include "render/figure_graph.h"
#include "render/graph_layout.h"
#include "render/html_text.h"
#include "render/quantity.h"
#include "render/svg_chart.h"
#include "render/svg_frame.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::GraphLink;
using document::GraphNode;

constexpr double kBoxHeight = 32, kWideBoxHeight = 42;  // the latter of two lines

std::string Calls(uint64_t calls) {
  constexpr struct {
    double from;
    const char* suffix;
  } kSteps[] = {{999.5e6, " G"}, {999.5e3, " M"}, {9999.5, " k"}};
  const auto value = static_cast<double>(calls);
  double divisor = 1e9;
  for (const auto& step : kSteps) {
    if (value >= step.from) {
      std::string text = fmt::format("{:.3g}", value / divisor);
      return text + step.suffix;
    }
    divisor /= 1000;
  }
  return Count(calls);
}

std::string LinkText(const GraphLink& link) {
  std::string text = Calls(link.calls) + " ×";
  if (link.p99_ns) text += " · " + Quantity(link.p99_ns, document::Unit::kNanoseconds);
  return text;
}

std::string LinkTitle(const Figure& figure, const GraphLink& link) {
  return fmt::format("{} calls {}: {} {} calls; p50 {}, p99 {}",
                     Html(figure.nodes[link.caller].name, 80),
                     Html(figure.nodes[link.callee].name, 80), Count(link.calls),
                     Html(link.kind, 20), Quantity(link.p50_ns, document::Unit::kNanoseconds),
                     Quantity(link.p99_ns, document::Unit::kNanoseconds));
}

// What kind of node it is: a shape, since colour is never alone.
std::string Icon(const GraphNode& node, double x, double y) {
  const std::string at = fmt::format(R"x(<g transform="translate({} {})" class="icon">)x",
                                     Coordinate(x), Coordinate(y));
  const char* shape = R"(<path d="M6 0.5L11 3.5V9.5L6 12.5L1 9.5V3.5Z"/>)";  // a hexagon
  if (node.kind == "database") {
    shape =
        R"(<path d="M1.5 2.5V10.5C1.5 13.2 10.5 13.2 10.5 10.5V2.5M1.5 2.5C1.5 -.2 10.5 -.2 10.5 2.5C10.5 5.2 1.5 5.2 1.5 2.5"/>)";
  } else if (node.kind == "cache") {
    shape = R"(<path d="M7 .5L2 7.5H5.5L4.5 12.5L10 5.5H6.5Z"/>)";
  } else if (node.kind == "entry") {
    shape = R"(<path d="M.5 6.5H8.5M5.5 3L9 6.5L5.5 10M11.5 1V12"/>)";
  } else if (node.kind.empty()) {
    shape = R"(<circle cx="6" cy="6.5" r="5" stroke-dasharray="2 2"/>)";
  }
  return at + shape + "</g>";
}

// About how wide a text of 13.5 units is in a wide font (DejaVu Sans); others are narrower.
double NameWidth(std::string_view text) {
  double wide = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // not the first byte
    if (std::string_view("ijlI.,:;'|!()[]/-").find(c) != std::string_view::npos) {
      wide += 5;
    } else if (std::string_view("mwMW").find(c) != std::string_view::npos) {
      wide += 12.5;
    } else {
      wide += c >= 'A' && c <= 'Z' ? 9.6 : static_cast<unsigned char>(c) >= 0x80 ? 13.5 : 8.3;
    }
  }
  return wide;
}

// Cut where it would be wider: in the middle, for names differ at both ends; ids at the end.
std::string FittingName(const std::string& name, double room) {
  const std::string full = Printable(name.substr(0, 400));
  const std::string id = ShortName(full);
  std::string text = id;
  for (int letters = std::min(TextWidth(id), 60); NameWidth(text) > room && letters > 3;) {
    --letters;
    text = id == full ? CutMiddle(id, letters) : CutEnd(id, letters);
  }
  return text;
}

struct BoxPlace {
  double x, y, wide, high;
};

// `below`: a second line, "" for none. Names are cut to fit, and clipped where a font is wider yet.
std::string Box(const GraphNode& node, const BoxPlace& at, double most, const std::string& below) {
  const std::string own = Quantity(node.weight, document::Unit::kNanoseconds);
  std::string out = fmt::format(
      R"(<g class="node{}"><title>{}{}{}{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>)",
      node.focus ? " focus" : "", Html(node.name, 200), node.kind.empty() ? "" : ", ",
      Html(node.kind, 20), node.weight > 0 ? ", own time " + own : "", Coordinate(at.x),
      Coordinate(at.y), Coordinate(at.wide), Coordinate(at.high));
  const double line = below.empty() ? at.y + at.high / 2 + 4 : at.y + 16;
  out += Icon(node, at.x + 8, line - 11);
  const double room = at.wide - 30;
  out += fmt::format(R"(<svg x="{}" y="{}" width="{}" height="{}">)", Coordinate(at.x + 26),
                     Coordinate(at.y), Coordinate(room), Coordinate(at.high));
  out += SvgText(0, line - at.y, "start", "name",
                 FittingName(node.name, node.focus ? room * 0.9 : room));
  if (!below.empty()) out += SvgText(0, line - at.y + 15, "start", "linktext", below);
  out += "</svg>";
  if (node.weight > 0 && most > 0) {
    const double share = std::clamp(node.weight / most, 0.0, 1.0);
    out += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="3" class="own"/>)",
                       Coordinate(at.x + 6), Coordinate(at.y + at.high - 4.5),
                       Coordinate(std::max(share * (at.wide - 12), 1.5)));
  }
  return out + "</g>";
}

double MostWeight(const Figure& figure) {
  double most = 0;
  for (const GraphNode& node : figure.nodes) {
    if (std::isfinite(node.weight)) most = std::max(most, node.weight);
  }
  return most;
}

double MostTime(const Figure& figure) {
  double most = 0;
  for (const GraphLink& link : figure.links) {
    if (std::isfinite(link.total_ns)) most = std::max(most, link.total_ns);
  }
  return most;
}

// 1 to 6 units: the square root, so that ten times the time is three times as thick.
double Thickness(const GraphLink& link, double most) {
  if (!(most > 0) || !(link.total_ns > 0)) return 1;
  return 1 + 5 * std::sqrt(std::min(link.total_ns / most, 1.0));
}

// The focus; where there is none the first node.
size_t Middle(const Figure& figure) { return FocusOf(figure).value_or(0); }

// The nodes that are drawn: of each layer at most `side`, those with the strongest link towards the
// focus, and none whose way to the focus is left out. `figure` itself where all fit.
Figure Trimmed(const Figure& figure, size_t side) {
  const GraphLayout layout = LayOutGraph(figure, kDrawnNodes);
  std::vector<bool> kept(figure.nodes.size(), false);
  if (layout.layers.empty()) return figure;
  const size_t middle = Middle(figure);
  const int focus = layout.layer[middle];
  std::vector<int> order;  // layers, the focus' own first, then outwards
  for (int l = focus; l >= 0; --l) order.push_back(l);
  for (int l = focus + 1; l < static_cast<int>(layout.layers.size()); ++l) order.push_back(l);
  for (const int l : order) {
    std::vector<std::pair<const GraphLink*, size_t>> candidates;
    for (const size_t node : layout.layers[static_cast<size_t>(l)]) {
      const GraphLink* best = nullptr;
      for (const GraphLink& link : figure.links) {
        if (link.caller >= kept.size() || link.callee >= kept.size()) continue;
        const size_t nearer = l < focus ? link.callee : link.caller;
        if ((l < focus ? link.caller : link.callee) != node || !kept[nearer]) continue;
        if (std::abs(layout.layer[nearer] - focus) >= std::abs(l - focus)) continue;
        if (best == nullptr || Stronger(link, *best)) best = &link;
      }
      if (best != nullptr || l == focus) candidates.emplace_back(best, node);
    }
    std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
      const bool a_focus = a.second == middle, b_focus = b.second == middle;
      if (a_focus != b_focus) return a_focus;
      return a.first != nullptr && (b.first == nullptr || Stronger(*a.first, *b.first));
    });
    for (size_t i = 0; i < std::min(side, candidates.size()); ++i)
      kept[candidates[i].second] = true;
  }
  Figure out = figure;
  out.nodes.clear();
  out.links.clear();
  std::vector<uint32_t> index(kept.size(), 0);
  for (size_t i = 0; i < kept.size(); ++i) {
    index[i] = static_cast<uint32_t>(out.nodes.size());
    if (kept[i]) out.nodes.push_back(figure.nodes[i]);
  }
  for (const GraphLink& link : figure.links) {
    if (link.caller >= kept.size() || link.callee >= kept.size()) continue;
    if (!kept[link.caller] || !kept[link.callee]) continue;
    out.links.push_back(link);
    out.links.back().caller = index[link.caller];
    out.links.back().callee = index[link.callee];
  }
  return out;
}

class WideGraph {
 public:
  explicit WideGraph(const Figure& figure)
      : figure_(figure), layout_(LayOutGraph(figure, kDrawnNodes)) {}

  std::string Draw() {
    if (layout_.layers.empty()) return "";
    const size_t layers = layout_.layers.size();
    const double room = kWidth - 2 * kSide;
    // Boxes as wide as names need; the links between get the rest.
    const double gaps = static_cast<double>(layers - 1);
    box_ = std::min(kMostBox, (room - kLeastGap * gaps) / static_cast<double>(layers));
    gap_ = layers == 1 ? 0 : std::min(kMostGap, (room - box_ * static_cast<double>(layers)) / gaps);
    left_ = (kWidth - box_ * static_cast<double>(layers) - gap_ * gaps) / 2;
    size_t rows = 1;
    for (const auto& nodes : layout_.layers) rows = std::max(rows, nodes.size());
    height_ = static_cast<double>(rows) * kRow + 2 * kEdge;
    y_.assign(figure_.nodes.size(), 0);
    for (const auto& nodes : layout_.layers) {
      // Short layers spread out, but not over the whole height.
      const double count = static_cast<double>(nodes.size());
      const double row = std::min(kRow * 1.6, (height_ - 2 * kEdge) / count);
      for (size_t i = 0; i < nodes.size(); ++i) {
        y_[nodes[i]] = height_ / 2 + (static_cast<double>(i) - (count - 1) / 2) * row;
      }
    }
    std::string out = SvgBegin(static_cast<int>(kWidth), static_cast<int>(std::ceil(height_)),
                               figure_.title.empty() ? figure_.id : figure_.title, "graph wide");
    const std::map<size_t, const GraphLink*> labelled = Labelled();
    DrawLinks(labelled, out);
    const double most = MostWeight(figure_);
    for (const auto& nodes : layout_.layers) {
      for (const size_t node : nodes) {
        const auto link = labelled.find(node);
        out +=
            Box(figure_.nodes[node], {X(node), y_[node] - kWideBoxHeight / 2, box_, kWideBoxHeight},
                most, link != labelled.end() ? LinkText(*link->second) : OwnText(node));
      }
    }
    return out + "</svg>";
  }

 private:
  static constexpr double kWidth = 760, kSide = 4, kEdge = 6, kRow = 50;
  static constexpr double kMostBox = 210, kLeastGap = 46, kMostGap = 150;

  double X(size_t node) const { return left_ + (box_ + gap_) * layout_.layer[node]; }

  std::string OwnText(size_t node) const {
    const double own = figure_.nodes[node].weight;
    return own > 0 ? "own time " + Quantity(own, document::Unit::kNanoseconds) : "";
  }

  // The strongest link of each node to the layer nearer to the focus: its numbers stand in the box.
  std::map<size_t, const GraphLink*> Labelled() const {
    const int focus = layout_.layer[Middle(figure_)];
    std::map<size_t, const GraphLink*> strongest;
    for (const GraphLink& link : figure_.links) {
      if (!Placed(link) || layout_.layer[link.callee] - layout_.layer[link.caller] != 1) continue;
      const size_t outer = layout_.layer[link.callee] > focus ? link.callee : link.caller;
      const GraphLink*& best = strongest[outer];
      if (best == nullptr || Stronger(link, *best)) best = &link;
    }
    return strongest;
  }

  bool Placed(const GraphLink& link) const {
    return link.caller < figure_.nodes.size() && link.callee < figure_.nodes.size() &&
           link.caller != link.callee && layout_.layer[link.caller] >= 0 &&
           layout_.layer[link.callee] >= 0;
  }

  void DrawLinks(const std::map<size_t, const GraphLink*>& labelled, std::string& out) const {
    const auto is_labelled = [&](const GraphLink& link) {
      const auto callee = labelled.find(link.callee), caller = labelled.find(link.caller);
      return (callee != labelled.end() && callee->second == &link) ||
             (caller != labelled.end() && caller->second == &link);
    };
    // All that lead on, and of the others the strongest: more would hide what matters.
    std::vector<const GraphLink*> order;
    for (const GraphLink& link : figure_.links) {
      if (Placed(link)) order.push_back(&link);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return Stronger(*a, *b); });
    size_t others = 0;
    std::vector<const GraphLink*> drawn;
    for (const GraphLink* link : order) {
      const int step = layout_.layer[link->callee] - layout_.layer[link->caller];
      // One that leads back from the last layer would leave the picture.
      if (step <= 0 && layout_.layer[link->caller] + 1 == static_cast<int>(layout_.layers.size())) {
        continue;
      }
      if (is_labelled(*link) || (step <= 1 && others++ < figure_.nodes.size() / 4))
        drawn.push_back(link);
    }
    const double most = MostTime(figure_);
    std::string weak, strong;
    for (const GraphLink* link : drawn) {
      const bool main = is_labelled(*link);
      (main ? strong : weak) += Path(*link, main ? Thickness(*link, most) : 1.2, main);
    }
    out += weak + strong;
  }

  std::string Path(const GraphLink& link, double thick, bool main) const {
    const int step = layout_.layer[link.callee] - layout_.layer[link.caller];
    const double y1 = y_[link.caller], y2 = y_[link.callee];
    std::string path;
    if (step > 0) {
      const double x1 = X(link.caller) + box_, x2 = X(link.callee) - 1;
      const double bend = std::min((x2 - x1) / 2, 70.0);
      path = fmt::format("M{} {}C{} {} {} {} {} {}", Coordinate(x1), Coordinate(y1),
                         Coordinate(x1 + bend), Coordinate(y1), Coordinate(x2 - bend),
                         Coordinate(y2), Coordinate(x2), Coordinate(y2));
    } else {
      // Back, or within a layer: around the right side of the caller.
      const double x1 = X(link.caller) + box_, x2 = X(link.callee) + box_ + 1;
      const double bend = std::max(x1, x2) + 22;
      path = fmt::format("M{} {}C{} {} {} {} {} {}", Coordinate(x1), Coordinate(y1 + 6),
                         Coordinate(bend), Coordinate(y1 + 6), Coordinate(bend), Coordinate(y2 - 6),
                         Coordinate(x2), Coordinate(y2 - 6));
    }
    return fmt::format(
        R"x(<path d="{}" class="link{}{}" stroke-width="{}" marker-end="url(#arrow)"><title>{}</title></path>)x",
        path, main ? "" : " weak", step > 0 ? "" : " back", Coordinate(thick),
        LinkTitle(figure_, link));
  }

  const Figure& figure_;
  GraphLayout layout_;
  double box_ = 0, gap_ = 0, left_ = 0, height_ = 0;
  std::vector<double> y_;  // the middle of each node
};

}  // namespace

std::string SvgWideGraph(const Figure& figure, size_t side) {
  const Figure drawn = Trimmed(figure, side);
  return WideGraph(drawn).Draw();
}

size_t SvgGraphLeftOut(const Figure& figure, size_t side) {
  return figure.nodes.size() - std::min(Trimmed(figure, side).nodes.size(), figure.nodes.size());
}

std::string SvgNarrowGraph(const Figure& figure) {
  if (figure.nodes.empty()) return "";
  constexpr double kWidth = 340, kRow = 38, kRail = 14, kLabel = 118;
  constexpr size_t kSide = 9;
  const size_t focus = Middle(figure);
  std::vector<const GraphLink*> callers, callees;
  for (const GraphLink& link : figure.links) {
    if (link.caller >= figure.nodes.size() || link.callee >= figure.nodes.size()) continue;
    if (link.caller == link.callee) continue;
    if (link.callee == focus) callers.push_back(&link);
    if (link.caller == focus) callees.push_back(&link);
  }
  for (auto* side : {&callers, &callees}) {
    std::stable_sort(side->begin(), side->end(),
                     [](const auto* a, const auto* b) { return a->total_ns > b->total_ns; });
    if (side->size() > kSide) side->resize(kSide);
  }
  const double height = kRow * static_cast<double>(callers.size() + callees.size() + 1) + 12;
  const double most = MostWeight(figure), time = MostTime(figure);
  std::string boxes, rails;
  double y = 6;
  const double focus_y = y + kRow * static_cast<double>(callers.size());
  const auto row = [&](const GraphNode& node, const GraphLink* link, bool above) {
    const double indent = link == nullptr ? 0 : 30;
    const double middle = y + kBoxHeight / 2;
    boxes += Box(node, {indent + 1, y, kWidth - kLabel - indent, kBoxHeight}, most, "");
    if (link != nullptr) {
      boxes += SvgText(kWidth - kLabel + 8, middle + 4, "start", "linktext", LinkText(*link));
      const std::string path =
          above ? fmt::format("M{} {}H{}V{}", Coordinate(indent), Coordinate(middle),
                              Coordinate(kRail), Coordinate(focus_y - 1))
                : fmt::format("M{} {}V{}H{}", Coordinate(kRail), Coordinate(focus_y + kBoxHeight),
                              Coordinate(middle), Coordinate(indent));
      rails += fmt::format(
          R"x(<path d="{}" class="link" stroke-width="{}" marker-end="url(#arrow)"><title>{}</title></path>)x",
          path, Coordinate(std::min(Thickness(*link, time), 3.0)), LinkTitle(figure, *link));
    }
    y += kRow;
  };
  for (const GraphLink* link : callers) row(figure.nodes[link->caller], link, true);
  row(figure.nodes[focus], nullptr, true);
  for (const GraphLink* link : callees) row(figure.nodes[link->callee], link, false);
  return SvgBegin(static_cast<int>(kWidth), static_cast<int>(std::ceil(height)),
                  figure.title.empty() ? figure.id : figure.title, "graph narrow") +
         rails + boxes + "</svg>";
}

}  // namespace plumbago::render
