#include "render/json.h"

#include <algorithm>

#include "base/json_writer.h"

namespace plumbago::render {
namespace {

using document::Document;

void Write(const std::optional<double>& value, JsonWriter& json) {
  value ? json.Double(*value) : json.Null();
}

void Write(const document::Cell& cell, JsonWriter& json) {
  if (const auto* whole = std::get_if<int64_t>(&cell)) {
    json.Int(*whole);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    json.Double(*real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    json.String(*text);
  } else {
    json.Null();
  }
}

void WriteText(std::string_view text, JsonWriter& json) {
  text.empty() ? json.Null() : json.String(text);
}

void WriteStrings(const std::vector<std::string>& strings, JsonWriter& json) {
  json.BeginArray();
  for (const std::string& text : strings) json.String(text);
  json.EndArray();
}

void WriteInput(const document::Input& input, JsonWriter& json) {
  json.BeginObject().Key("format").String(input.format).Key("files");
  WriteStrings(input.files, json);
  json.Key("skipped");
  WriteStrings(input.skipped, json);
  if (!input.incomplete.empty()) json.Key("incomplete").String(input.incomplete);
  json.Key("bytes")
      .Uint(input.bytes)
      .Key("rows")
      .Uint(input.rows)
      .Key("damaged")
      .Uint(input.damaged)
      .Key("samples")
      .Uint(input.samples)
      .Key("graphs")
      .Uint(input.graphs)
      .Key("pairs")
      .Uint(input.pairs);
  json.Key("by_kind").BeginArray();
  for (const document::DamageCount& kind : input.by_kind) {
    json.BeginObject().Key("kind").String(kind.kind).Key("count").Uint(kind.count);
    json.Key("help").String(kind.help).Key("first");
    WriteText(kind.first, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteTraces(const document::Traces& traces, JsonWriter& json) {
  json.BeginObject().Key("read").Uint(traces.read).Key("complete").Uint(traces.complete);
  json.Key("repaired").Uint(traces.repaired).Key("dropped").Uint(traces.dropped).EndObject();
}

void WriteCompleteness(const document::Completeness& c, JsonWriter& json) {
  json.BeginObject().Key("repair").String(c.repair).Key("exact").Bool(c.exact);
  json.Key("cut_left").Uint(c.cut_left).Key("cut_right").Uint(c.cut_right);
  json.Key("reused_ids").Uint(c.reused_ids).Key("window").String(c.window);
  json.Key("rows").Uint(c.rows).Key("rows_in_whole_traces").Uint(c.rows_in_whole_traces);
  json.Key("calls").Uint(c.calls).Key("calls_mended").Uint(c.calls_mended);
  json.Key("calls_inserted").Uint(c.calls_inserted);
  json.Key("calls_from_queues").Uint(c.from_queues);
  json.Key("span_links").Uint(c.span_links);
  json.Key("span_links_not_here").Uint(c.span_links_not_here);
  json.Key("sampled_of");
  if (c.sampled_of) {
    json.Uint(*c.sampled_of);
  } else {
    json.Null();
  }
  json.Key("effective_traces");
  Write(c.effective_traces, json);
  json.Key("links_mended_confidence");
  Write(c.links_mended_confidence, json);
  json.Key("links_confidence");
  Write(c.links_confidence, json);
  json.Key("calls_mean_whole");
  Write(c.calls_mean_whole, json);
  json.Key("calls_mean_damaged");
  Write(c.calls_mean_damaged, json);
  json.Key("headlines").Uint(c.headlines).Key("headlines_changed").Uint(c.headlines_changed);
  json.Key("hidden").BeginArray();
  for (const document::Survivorship& row : c.hidden) {
    json.BeginObject().Key("section").String(row.section).Key("name").String(row.name);
    json.Key("title").String(row.title).Key("unit").String(UnitName(row.unit)).Key("accurate");
    Write(row.accurate, json);
    json.Key("rebuild");
    Write(row.rebuild, json);
    json.Key("change").Double(row.change).EndObject();
  }
  json.EndArray();
  if (!c.statements.empty()) {
    json.Key("statements").BeginArray();
    for (const document::Statement& statement : c.statements) {
      json.BeginObject().Key("label").String(statement.label).Key("parts").BeginArray();
      for (const std::string& part : statement.parts) json.String(part);
      json.EndArray().EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
}

void WriteHeadline(const document::Headline& headline, JsonWriter& json) {
  json.BeginObject().Key("name").String(headline.name).Key("title").String(headline.title);
  json.Key("value");
  Write(headline.value, json);
  json.Key("unit").String(UnitName(headline.unit)).Key("none");
  Write(headline.none, json);
  json.Key("accurate");
  Write(headline.accurate, json);
  json.Key("rebuild");
  Write(headline.rebuild, json);
  json.Key("published");
  Write(headline.published, json);
  json.EndObject();
}

void WriteFinding(const document::Finding& finding, JsonWriter& json) {
  json.BeginObject()
      .Key("id")
      .String(finding.id)
      .Key("verdict")
      .String(VerdictName(finding.verdict));
  json.Key("claim").String(finding.claim).Key("reason");
  WriteText(finding.reason, json);
  json.Key("evidence").BeginArray();
  for (const document::Evidence& item : finding.evidence) {
    json.BeginObject()
        .Key("name")
        .String(item.name)
        .Key("unit")
        .String(UnitName(item.unit))
        .Key("value");
    Write(item.value, json);
    json.EndObject();
  }
  const document::Effect& effect = finding.effect;
  json.EndArray().Key("effect").BeginObject().Key("name").String(effect.name);
  json.Key("unit").String(UnitName(effect.unit)).Key("value");
  Write(effect.value, json);
  json.Key("kind");
  WriteText(effect.interval, json);
  json.EndObject().Key("interval");
  if (effect.low || effect.high) {
    json.BeginArray();
    Write(effect.low, json);
    Write(effect.high, json);
    json.EndArray();
  } else {
    json.Null();
  }
  json.Key("method").String(finding.method).Key("source").String(finding.source).Key("published");
  WriteText(finding.published, json);
  json.Key("advice");
  WriteText(finding.advice, json);
  json.Key("saves_ns");
  Write(finding.saves_ns, json);
  json.Key("assumptions");
  WriteStrings(finding.assumptions, json);
  json.Key("examples");
  WriteStrings(finding.examples, json);
  json.EndObject();
}

void WriteTable(const document::Table& table, const JsonOptions& options, JsonWriter& json) {
  json.BeginObject()
      .Key("id")
      .String(table.id)
      .Key("title")
      .String(table.title)
      .Key("columns")
      .BeginArray();
  for (const document::Column& column : table.columns) {
    json.BeginObject().Key("id").String(column.id).Key("title").String(column.title);
    json.Key("unit").String(UnitName(column.unit)).Key("help").String(column.help).EndObject();
  }
  json.EndArray().Key("rows").BeginArray();
  const size_t rows = std::min(options.top.value_or(table.rows.size()), table.rows.size());
  for (size_t r = 0; r < rows; ++r) {
    json.BeginArray();
    for (size_t c = 0; c < table.columns.size(); ++c) {
      Write(c < table.rows[r].size() ? table.rows[r][c] : document::Cell(), json);
    }
    json.EndArray();
  }
  json.EndArray().Key("rows_total").Uint(table.rows_total()).EndObject();
}

void WriteAxis(const document::Axis& axis, JsonWriter& json) {
  json.BeginObject().Key("title").String(axis.title).Key("unit").String(UnitName(axis.unit));
  json.Key("logarithmic").Bool(axis.logarithmic).EndObject();
}

void WriteFigure(const document::Figure& figure, JsonWriter& json) {
  json.BeginObject().Key("id").String(figure.id).Key("title").String(figure.title);
  json.Key("kind").String(FigureKindName(figure.kind)).Key("x");
  WriteAxis(figure.x, json);
  json.Key("y");
  WriteAxis(figure.y, json);
  json.Key("labels");
  WriteStrings(figure.labels, json);
  json.Key("series").BeginArray();
  for (const document::Series& series : figure.series) {
    json.BeginObject().Key("name").String(series.name).Key("published").Bool(series.published);
    json.Key("source");
    WriteText(series.source, json);
    json.Key("points").BeginArray();
    for (const document::Point& point : series.points) {
      json.BeginArray().Double(point.x).Double(point.y).EndArray();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().Key("cells").BeginArray();
  for (const document::HeatCell& cell : figure.cells) {
    json.BeginArray().Double(cell.x_low).Double(cell.x_high);
    json.Double(cell.y_low).Double(cell.y_high).Double(cell.value).EndArray();
  }
  json.EndArray().Key("nodes").BeginArray();
  for (const document::GraphNode& node : figure.nodes) {
    json.BeginObject().Key("name").String(node.name).Key("kind").String(node.kind);
    json.Key("weight").Double(node.weight).Key("focus").Bool(node.focus).EndObject();
  }
  json.EndArray().Key("links").BeginArray();
  for (const document::GraphLink& link : figure.links) {
    json.BeginObject().Key("caller").Uint(link.caller).Key("callee").Uint(link.callee);
    json.Key("kind").String(link.kind).Key("calls").Uint(link.calls).Key("p50_ns");
    Write(link.p50_ns, json);
    json.Key("p99_ns");
    Write(link.p99_ns, json);
    json.Key("total_ns").Double(link.total_ns).EndObject();
  }
  json.EndArray().Key("more_nodes").Uint(figure.more_nodes).Key("value");
  WriteAxis(figure.value, json);
  json.EndObject();
}

void WriteSections(const Document& document, const JsonOptions& options, JsonWriter& json) {
  json.BeginArray();
  for (const document::Section& section : document.sections) {
    json.BeginObject().Key("id").String(section.id).Key("title").String(section.title);
    json.Key("question").String(section.question).Key("headline").BeginArray();
    for (const document::Headline& headline : section.headline) WriteHeadline(headline, json);
    json.EndArray().Key("findings").BeginArray();
    for (const document::Finding& finding : section.findings) WriteFinding(finding, json);
    json.EndArray().Key("tables").BeginArray();
    for (const document::Table& table : section.tables) WriteTable(table, options, json);
    json.EndArray().Key("figures").BeginArray();
    for (const document::Figure& figure : section.figures) WriteFigure(figure, json);
    json.EndArray().Key("computed").String(section.computed).EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string RenderJson(const Document& document, const JsonOptions& options) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").Int(kReportSchema).Key("input");
  WriteInput(document.input, json);
  json.Key("traces");
  WriteTraces(document.traces, json);
  json.Key("completeness");
  WriteCompleteness(document.completeness, json);
  json.Key("sections");
  WriteSections(document, options, json);
  json.Key("next");
  WriteStrings(document.next, json);
  json.Key("run").BeginObject().Key("seconds").Double(document.run.seconds);
  json.Key("threads")
      .Uint(document.run.threads)
      .Key("peak_bytes")
      .Uint(document.run.peak_bytes)
      .EndObject();
  json.Key("interrupted").Bool(document.interrupted).EndObject();
  text += '\n';
  return text;
}

}  // namespace plumbago::render
