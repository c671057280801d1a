#include "render/link_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "render/chart.h"
#include "render/figure_graph.h"
#include "render/quantity.h"
#include "render/report_facts.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::GraphLink;
using document::Unit;

constexpr int kBar = 12, kCalls = 14, kTail = 12;  // columns of a line's right side

struct Drawn {
  const GraphLink* link;
  std::string text;  // indented
  int indent;
};

class LinkList {
 public:
  LinkList(const Figure& figure, size_t top) : figure_(figure), top_(top) {
    for (const GraphLink& link : figure.links) {
      if (link.caller < figure.nodes.size() && link.callee < figure.nodes.size())
        links_.push_back(&link);
    }
    std::stable_sort(links_.begin(), links_.end(),
                     [](const auto* a, const auto* b) { return Stronger(*a, *b); });
  }

  Lines Draw(int width) {
    const std::optional<size_t> focus = FocusOf(figure_);
    if (links_.empty()) return {};
    for (const GraphLink* link : links_) {
      if (std::isfinite(link->total_ns)) most_ = std::max(most_, link->total_ns);
    }
    if (!focus) {
      for (const GraphLink* link : links_)
        Add(link, Name(link->caller) + " → " + Name(link->callee), 0);
      return Finish(width);
    }
    Around(static_cast<uint32_t>(*focus));
    return Finish(width);
  }

 private:
  void Around(uint32_t focus) {
    // Half of the lines for the callers at most, where callees want the rest.
    const auto count = [&](bool caller) {
      return static_cast<size_t>(
          std::count_if(links_.begin(), links_.end(), [&](const GraphLink* link) {
            return (caller ? link->caller : link->callee) == focus && link->caller != link->callee;
          }));
    };
    const size_t callees = count(true);
    const size_t callers = std::max(top_ / 2, top_ - std::min(top_, callees));
    size_t shown = 0;
    for (const GraphLink* link : links_) {
      if (link->callee != focus || link->caller == focus || shown == callers) continue;
      shown += Add(link, Name(link->caller) + " →", 0);
    }
    focus_at_ = lines_.size();
    focus_ = focus;
    // Direct callees first: what they call in turn takes the lines that are left.
    std::vector<uint32_t> near = {focus};
    std::vector<const GraphLink*> direct;
    for (const GraphLink* link : links_) {
      if (link->caller != focus || link->callee == focus) continue;
      direct.push_back(link);
      near.push_back(link->callee);
    }
    size_t rest = top_ - std::min(top_, lines_.size() + direct.size());
    for (const GraphLink* link : direct) {
      if (!Add(link, "→ " + Name(link->callee), 2)) break;
      for (const GraphLink* next : links_) {
        const bool known = std::find(near.begin(), near.end(), next->callee) != near.end();
        if (rest == 0 || next->caller != link->callee || known) continue;
        if (Add(next, "→ " + Name(next->callee), 6)) --rest;
      }
    }
  }

  std::string Name(uint32_t node) const {
    return ShortName(Printable(figure_.nodes[node].name.substr(0, 400)));
  }

  bool Add(const GraphLink* link, std::string text, int indent) {
    if (lines_.size() >= top_) return false;
    lines_.push_back({link, std::move(text), indent});
    return true;
  }

  Lines Finish(int width) const {
    const bool bars = width >= 72 && most_ > 0;
    const int right = width - (bars ? kBar + 1 : 0);
    const int names = right - kCalls - kTail;
    int longest = 0;
    for (const Drawn& line : lines_)
      longest = std::max(longest, line.indent + TextWidth(line.text));
    const int calls_at = std::min(longest, names) + kCalls, p99_at = calls_at + kTail;
    Lines out;
    for (size_t i = 0; i <= lines_.size(); ++i) {
      if (i == focus_at_) {
        const double own = figure_.nodes[focus_].weight;
        out.push_back(Line().Add(Name(focus_), Style::kBold));
        if (own > 0) out.back().Add("  own time " + Quantity(own, Unit::kNanoseconds), Style::kDim);
      }
      if (i == lines_.size()) break;
      const GraphLink& link = *lines_[i].link;
      Line line;
      line.PadTo(lines_[i].indent)
          .Add(CutMiddle(lines_[i].text, std::max(names - lines_[i].indent, 8)))
          .Right(Count(link.calls) + " ×", calls_at);
      if (link.p99_ns) line.Right("p99 " + Quantity(*link.p99_ns, Unit::kNanoseconds), p99_at + 2);
      if (bars && link.total_ns > 0)
        line.PadTo(p99_at + 3).Add(Bar(link.total_ns / most_, kBar - 2));
      out.push_back(std::move(line));
    }
    std::vector<std::string> notes;
    if (lines_.size() < links_.size()) {
      notes.push_back(Plural(links_.size() - lines_.size(), "more link", "more links") +
                      " between these");
    }
    if (figure_.more_nodes > 0) {
      notes.push_back(Plural(figure_.more_nodes, "more service", "more services") + " beside them");
    }
    if (most_ > 0 && bars) notes.emplace_back("bars: time that callers waited");
    if (!notes.empty()) {
      for (const std::string& part : JoinParts(notes, width)) out.emplace_back(part, Style::kDim);
    }
    return out;
  }

  const Figure& figure_;
  size_t top_;
  std::vector<const GraphLink*> links_;  // the strongest first
  std::vector<Drawn> lines_;
  size_t focus_at_ = static_cast<size_t>(-1);  // the line before which the focus stands
  uint32_t focus_ = 0;
  double most_ = 0;
};

}  // namespace

Lines DrawLinks(const Figure& figure, int width, size_t top) {
  return LinkList(figure, std::max<size_t>(top, 1)).Draw(width);
}

}  // namespace plumbago::render
