// For tests: what must be the same bytes in two reports (sections, completeness, traces), as text.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "document/document.h"

namespace plumbago::document::testing {

class ReportText {
 public:
  static std::string Of(const Section& section) {
    ReportText report;
    report.Add(section);
    return std::move(report.text_);
  }
  static std::string Of(const Document& document) {
    ReportText report;
    const Traces& t = document.traces;
    report.Line("traces {} {} {} {}", t.read, t.complete, t.repaired, t.dropped);
    report.Add(document.completeness);
    for (const Section& section : document.sections) report.Add(section);
    return std::move(report.text_);
  }

 private:
  template <class... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  // Every bit of it.
  static std::string Number(double value) { return fmt::format("{:a}", value); }
  static std::string Number(std::optional<double> value) { return value ? Number(*value) : "-"; }
  static std::string Text(const Cell& cell) {
    if (const auto* whole = std::get_if<int64_t>(&cell)) return fmt::format("{}", *whole);
    if (const auto* number = std::get_if<double>(&cell)) return Number(*number);
    if (const auto* text = std::get_if<std::string>(&cell)) return "'" + *text + "'";
    return "-";
  }

  void Add(const Completeness& c) {
    Line("completeness {} exact {} cut {} {} reused {} window {}", c.repair, c.exact, c.cut_left,
         c.cut_right, c.reused_ids, c.window);
    Line("rows {} {} calls {} {} {} links {} {} means {} {} changed {} {}", c.rows,
         c.rows_in_whole_traces, c.calls, c.calls_mended, c.calls_inserted,
         Number(c.links_mended_confidence), Number(c.links_confidence), Number(c.calls_mean_whole),
         Number(c.calls_mean_damaged), c.headlines, c.headlines_changed);
    Line("from queues {} span links {} not here {} sampled of {} effective {}", c.from_queues,
         c.span_links, c.span_links_not_here, c.sampled_of.value_or(0), Number(c.effective_traces));
    for (const Survivorship& s : c.hidden) {
      Line("hidden {}.{} {} {} {}", s.section, s.name, Number(s.accurate), Number(s.rebuild),
           Number(s.change));
    }
  }
  void Add(const Section& section) {
    Line("section {} {}", section.id, section.computed);
    for (const Headline& h : section.headline) {
      Line("headline {} {} {} {} {} {}", h.name, Number(h.value), Number(h.none),
           Number(h.accurate), Number(h.rebuild), Number(h.published));
    }
    for (const Finding& f : section.findings) {
      Line("finding {} {} {} {} {} {} {} {} {} rank {}", f.id, VerdictName(f.verdict), f.claim,
           f.reason, Number(f.effect.value), Number(f.effect.low), Number(f.effect.high),
           f.effect.interval, f.method, Number(f.rank));
      for (const Evidence& e : f.evidence) Line("evidence {} {}", e.name, Text(e.value));
    }
    for (const Table& table : section.tables) {
      Line("table {} more {}", table.id, table.more_rows);
      for (const auto& row : table.rows) {
        for (const Cell& cell : row) text_ += Text(cell) + ",";
        text_ += "\n";
      }
    }
    for (const Figure& figure : section.figures) {
      Line("figure {} {}", figure.id, fmt::join(figure.labels, ","));
      for (const Series& series : figure.series) {
        text_ += series.name;
        for (const Point& point : series.points) {
          text_ += " " + Number(point.x) + ":" + Number(point.y);
        }
        text_ += "\n";
      }
    }
  }

  std::string text_;
};

}  // namespace plumbago::document::testing
