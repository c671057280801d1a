#include "cli/found_traces.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "cli/input_flags.h"
#include "cli/trace_path.h"
#include "cli/wanted_trace.h"
#include "document/document.h"
#include "render/grid.h"
#include "render/moment.h"
#include "render/quantity.h"
#include "render/screen.h"
#include "render/text_width.h"
#include "render/waterfall.h"

namespace plumbago::cli {
namespace {

using document::Unit;
using engine::FoundTrace;
using engine::TraceSearch;
using engine::TraceSearchOptions;
using render::Fill;
using render::Line;
using render::Quantity;

std::string NumberText(uint64_t number) { return render::Count(number); }
std::string Bits(double bits) { return fmt::format("{:.1f}", bits); }

std::string EntryName(const TraceSearch& search, const FoundTrace& trace) {
  std::string name(search.names->Text(trace.service));
  if (name.empty()) name = "?";
  const std::string_view operation = search.names->Text(trace.operation);
  return operation.empty() ? name : name + "  " + std::string(operation);
}

std::string DurationText(int64_t ns) {
  return ns == model::kNoTime ? "no time" : Quantity(static_cast<double>(ns), Unit::kNanoseconds);
}

// "slower than 97.0 % of 412"
std::string SlowerText(const FoundTrace& trace) {
  return fmt::format("{:.3g} %", 100 * trace.slower_than);
}

void AddTable(const TraceSearch& search, render::Screen& screen) {
  const bool errors = std::any_of(search.found.begin(), search.found.end(),
                                  [](const FoundTrace& trace) { return trace.errors > 0; });
  render::Grid grid;
  grid.columns = {{"trace", Fill::kWhole},
                  {"entry", Fill::kName},
                  {"time", Fill::kNumber},
                  {"slower", Fill::kNumber},
                  {"spans", Fill::kNumber}};
  if (errors) grid.columns.push_back({"errors", Fill::kNumber});
  grid.columns.push_back({"alike", Fill::kNumber});
  grid.columns.push_back({"bits", Fill::kNumber});
  for (const FoundTrace& trace : search.found) {
    std::vector<std::string>& row = grid.rows.emplace_back();
    row = {ShortText(trace.id), render::Printable(EntryName(search, trace)),
           DurationText(trace.duration_ns), SlowerText(trace), NumberText(trace.spans)};
    if (errors) row.push_back(NumberText(trace.errors));
    row.push_back(fmt::format("{}/{}", trace.of_form, trace.of_entry));
    row.push_back(Bits(trace.surprise));
  }
  screen.Add(render::LayOut(grid, screen.width(), 2, 2).lines);
  screen.Blank();
  for (const char* line :
       {"slower: than so many traces of the same entry. alike: of the same form, of all of the "
        "entry.",
        "bits: how surprising form and time are. --trace ID shows a trace whole."}) {
    screen.Add(Line(fmt::format("  {}", line), render::Style::kDim));
  }
}

void AddShown(const TraceSearch& search, size_t most_spans, render::Screen& screen) {
  const engine::ShownTrace& shown = *search.shown;
  const FoundTrace& found = shown.found;
  screen.Heading("trace " + ShortText(found.id));
  std::vector<std::string> parts{EntryName(search, found), DurationText(found.duration_ns)};
  if (found.start_ns != model::kNoTime) parts.push_back(render::Moment(found.start_ns));
  parts.push_back(fmt::format("{} spans, {} calls, {} services", NumberText(found.spans),
                              NumberText(found.calls), NumberText(found.services)));
  if (found.errors > 0) parts.push_back(fmt::format("{} with an error", NumberText(found.errors)));
  parts.push_back(fmt::format("slower than {} of {} traces of this entry", SlowerText(found),
                              NumberText(found.of_entry)));
  parts.push_back(fmt::format("{} of the same form, {} bits of surprise", NumberText(found.of_form),
                              Bits(found.surprise)));
  for (const std::string& line : render::JoinParts(parts, screen.width() - 2)) {
    screen.Add(Line("  " + line));
  }
  screen.Blank();
  screen.Add(render::DrawWaterfall(WaterfallOf(shown, *search.names, most_spans), screen.width()));
}

void PutFound(const TraceSearch& search, const FoundTrace& trace, JsonWriter& json) {
  const auto time = [&](const char* key, int64_t ns) {
    json.Key(key);
    if (ns == model::kNoTime) {
      json.Null();
    } else {
      json.Int(ns);
    }
  };
  json.Key("trace").String(trace.id.Text());
  json.Key("service").String(search.names->Text(trace.service));
  json.Key("operation").String(search.names->Text(trace.operation));
  time("start_ns", trace.start_ns);
  time("duration_ns", trace.duration_ns);
  json.Key("spans").Uint(trace.spans).Key("calls").Uint(trace.calls);
  json.Key("services").Uint(trace.services).Key("errors").Uint(trace.errors);
  json.Key("of_entry").Uint(trace.of_entry).Key("of_form").Uint(trace.of_form);
  json.Key("slower_than").Double(trace.slower_than);
  json.Key("surprise_bits").Double(trace.surprise);
}

void PutShown(const TraceSearch& search, size_t most_spans, JsonWriter& json) {
  const engine::ShownTrace& shown = *search.shown;
  const render::Waterfall waterfall = WaterfallOf(shown, *search.names, most_spans);
  json.BeginObject();
  PutFound(search, shown.found, json);
  json.Key("spans_total").Uint(shown.spans.size());
  json.Key("tree").BeginArray();
  for (const render::WaterfallSpan& span : waterfall.spans) {
    json.BeginObject().Key("depth").Uint(span.depth);
    json.Key("service").String(span.service).Key("operation").String(span.operation);
    json.Key("start_ns");
    span.timed ? json.Int(span.start_ns) : json.Null();
    json.Key("duration_ns");
    span.timed ? json.Int(span.duration_ns) : json.Null();
    json.Key("on_path").BeginArray();
    for (const auto& part : span.on_path) {
      json.BeginArray().Int(part.start_ns).Int(part.end_ns).EndArray();
    }
    json.EndArray();
    json.Key("error").Bool(span.error).Key("inserted").Bool(span.inserted);
    json.Key("asynchronous").Bool(span.asynchronous);
    json.Key("known").Uint(span.known).Key("slower_than").Double(span.slower_than).EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string FoundTracesText(const TraceSearch& search, const TraceSearchOptions& options,
                            size_t most_spans, int width, bool colour) {
  render::Screen screen(width, colour);
  const bool strangest = options.order == TraceSearchOptions::Order::kStrangest;
  if (search.shown) {
    AddShown(search, most_spans, screen);
  } else {
    std::string line = fmt::format("{} traces read, {} match", NumberText(search.traces),
                                   NumberText(search.matched));
    if (search.found.size() < search.matched) {
      line += fmt::format("; the {} {} of them", NumberText(search.found.size()),
                          strangest ? "strangest" : "slowest");
    }
    screen.Add(Line("  " + line));
    if (!search.found.empty()) {
      screen.Blank();
      AddTable(search, screen);
    }
  }
  std::string damage = DamageText(search.damage);
  if (search.dropped > 0) {
    damage += fmt::format("{}{} traces left out by the repair mode", damage.empty() ? "" : "; ",
                          NumberText(search.dropped));
  }
  if (!damage.empty()) {
    screen.Blank();
    for (const std::string& line : render::Wrap("damage: " + damage, width - 2)) {
      screen.Add(Line("  " + line));
    }
  }
  return screen.text();
}

std::string FoundTracesJson(const TraceSearch& search, const TraceSearchOptions&,
                            size_t most_spans) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").Int(1);
  json.Key("traces").Uint(search.traces).Key("matched").Uint(search.matched);
  json.Key("dropped").Uint(search.dropped);
  json.Key("damage").BeginObject();
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (search.damage.Count(kind) == 0) continue;
    json.Key(model::Describe(kind).name).Uint(search.damage.Count(kind));
  }
  json.EndObject().Key("found").BeginArray();
  for (const FoundTrace& trace : search.found) {
    json.BeginObject();
    PutFound(search, trace, json);
    json.EndObject();
  }
  json.EndArray().Key("shown");
  if (search.shown) {
    PutShown(search, most_spans, json);
  } else {
    json.Null();
  }
  json.Key("interrupted").Bool(search.interrupted).EndObject();
  return text + "\n";
}

}  // namespace plumbago::cli
