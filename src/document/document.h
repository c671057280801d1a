// A report is data. Sections of headlines, tables, figures and findings: values only. Terminal,
// JSON, HTML and the web UI render this one value and add nothing to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plumbago::document {

// What a number measures; renderers choose how to print it (1.5 s, 12.3 %, 4.2 MB, 1,234).
enum class Unit : uint8_t {
  kNone,
  kCount,
  kShare /* 0..1 */,
  kNanoseconds,
  kBytes,
  kPerSecond,
  kRatio
};
// As in JSON: "", "count", "share", "ns", "bytes", "per_second", "ratio".
const char* UnitName(Unit unit);

// A cell: nothing (cannot say), a whole number, a number, or text.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;

inline Cell CellOf(std::optional<double> value) { return value ? Cell(*value) : Cell(); }
inline Cell CellOf(std::optional<uint64_t> value) {
  return value ? Cell(static_cast<int64_t>(*value)) : Cell();
}

struct Headline {
  std::string name;   // stable id: "calls_mean"
  std::string title;  // for people: "calls of a trace, mean"
  Unit unit = Unit::kNone;
  std::optional<double> value;  // nothing: cannot say
  // T3: the same value when nothing is repaired, when only undamaged traces are kept, when all is
  // rebuilt.
  std::optional<double> none, accurate, rebuild;
  std::optional<double> published;  // and the value that a source gives for its own data
  bool key = false;                 // belongs on the first screen
  bool total = false;  // grows with the number of traces kept: survivorship says nothing about it
};

struct Column {
  std::string id;
  std::string title;
  Unit unit = Unit::kNone;
  std::string help;
};

struct Table {
  std::string id;
  std::string title;
  std::vector<Column> columns;
  // Sorted by the analysis: the most important first. All of them, or as many as were asked for.
  std::vector<std::vector<Cell>> rows;
  bool key = false;      // belongs on the first screen
  size_t more_rows = 0;  // that stand behind `rows` and were left out

  size_t rows_total() const { return rows.size() + more_rows; }
};

struct Point {
  double x = 0;
  double y = 0;
};

struct Series {
  std::string name;
  std::vector<Point> points;
  bool published = false;   // a source's curve, not the user's
  std::string source = {};  // of a published one: who says so
};

struct Axis {
  std::string title;
  Unit unit = Unit::kNone;
  bool logarithmic = false;
};

enum class FigureKind : uint8_t {
  kBars,
  kCdf,
  kCcdf,
  kHistogram,
  kLine,
  kHeatMap,      // cells
  kGraph,        // nodes and links
  kStackedBars,  // as kBars, the series of a label one after the other: they add up
};
const char* FigureKindName(FigureKind kind);

// kHeatMap: a rectangle of the plane and what it counts. Cells do not overlap.
struct HeatCell {
  double x_low = 0, x_high = 0;
  double y_low = 0, y_high = 0;
  double value = 0;
};

// kGraph: who calls whom.
struct GraphNode {
  std::string name;
  std::string kind;   // "entry", "service", "database", "cache"; "" if not known
  double weight = 0;  // own time, ns: how large it is drawn
  bool focus = false;
};
struct GraphLink {
  uint32_t caller = 0;  // index of a node
  uint32_t callee = 0;
  std::string kind;  // as model::KindName
  uint64_t calls = 0;
  std::optional<double> p50_ns, p99_ns;
  double total_ns = 0;  // time that callers waited
};

struct Figure {
  std::string id;
  std::string title;
  FigureKind kind = FigureKind::kBars;
  Axis x, y;
  std::vector<Series> series;
  std::vector<std::string>
      labels;        // kBars, kStackedBars: the name of each bar (points' x is its index)
  bool key = false;  // belongs on the first screen
  std::vector<HeatCell> cells = {};
  std::vector<GraphNode> nodes = {};
  std::vector<GraphLink> links = {};
  size_t more_nodes = 0;  // that were left out, so that the rest can be read
  Axis value = {};        // kHeatMap: what the value of a cell is
};

enum class Verdict : uint8_t { kSupported, kContradicted, kCannotSay };
const char* VerdictName(Verdict verdict);  // "supported", "contradicted", "cannot-say"

struct Evidence {
  std::string name;
  Unit unit = Unit::kNone;
  Cell value;
};

struct Effect {
  std::string name;
  Unit unit = Unit::kNone;
  std::optional<double> value;
  std::optional<double> low, high;  // the interval
  std::string interval;             // what kind: "95 %, bootstrap over traces"
};

struct Finding {
  std::string id;  // "parallel-calls-rare"
  Verdict verdict = Verdict::kCannotSay;
  std::string claim;   // a sentence
  std::string reason;  // why it cannot be said, or what qualifies it
  std::vector<Evidence> evidence;
  Effect effect;
  std::string method;
  std::string source;     // paper and section
  std::string published;  // what the source found
  double rank = 0;        // among findings that save nothing: the more telling first

  // What one can do about it; "" where the finding only describes.
  std::string advice = {};
  // Time of requests that acting on it could save, over all traces read. An estimate as good as its
  // assumptions; `effect` has the interval.
  std::optional<double> saves_ns = {};
  std::vector<std::string> assumptions = {};
  std::vector<std::string> examples = {};  // trace ids
};

struct Section {
  std::string id;
  std::string title;
  std::string question;
  std::vector<Headline> headline;
  std::vector<Finding> findings;
  std::vector<Table> tables;
  std::vector<Figure> figures;
  std::string computed;  // how this was computed, in a few sentences

  // Appends a headline; what else is known of it is set on the result, which is valid until the
  // next call.
  Headline& AddHeadline(const char* name, const char* heading, Unit unit,
                        std::optional<double> value) {
    headline.emplace_back();
    Headline& added = headline.back();
    added.name = name;
    added.title = heading;
    added.unit = unit;
    added.value = value;
    return added;
  }
};

struct DamageCount {
  std::string kind;  // "missing_parent"
  std::string title;
  uint64_t count = 0;
  std::string help;
  std::string first;  // "file:line: text", "" if there is none
};

struct Input {
  std::string format;  // "alibaba-2021", or several with commas
  std::vector<std::string> files;
  std::vector<std::string> skipped;
  // Of servers that were asked: what is known to be missing ("INCOMPLETE: 2 windows still full");
  // "" where all came. Stands first in every view.
  std::string incomplete = {};
  uint64_t bytes = 0;                // on disk (or through the pipe)
  uint64_t rows = 0;                 // usable, copies joined
  uint64_t damaged = 0;              // rows lost or altered
  uint64_t samples = 0;              // values of resource and rate tables
  uint64_t graphs = 0;               // ready-made call graphs, each of many traces
  uint64_t pairs = 0;                // judged pairs of siblings
  std::vector<DamageCount> by_kind;  // all kinds that occur, most frequent first
};

struct Traces {
  uint64_t read = 0, complete = 0, repaired = 0,
           dropped = 0;  // read = complete + repaired + dropped
};

struct Survivorship {  // T3: one headline whose answer depends on the repair
  std::string section;
  std::string name;
  std::string title;
  Unit unit = Unit::kNone;
  std::optional<double> accurate, rebuild;
  double change = 0;  // accurate / rebuild - 1
};

// A line of completeness that is not about traces: "functions", "days".
struct Statement {
  std::string label;
  std::vector<std::string> parts;
};

struct Completeness {
  // What the input held, where it was no traces: stands instead of their counts.
  std::vector<Statement> statements = {};
  std::string repair;  // the mode of this report
  bool exact = true;   // false: traces were counted in parts, because a state closed them too early
  uint64_t cut_left = 0, cut_right = 0, reused_ids = 0;
  std::string window;  // how cut traces were found, or why it cannot be said
  uint64_t rows = 0, rows_in_whole_traces = 0;
  uint64_t calls = 0, calls_mended = 0, calls_inserted = 0;
  // Of rows with span ids; neither is damage.
  uint64_t rows_folded = 0, sides_inferred = 0;
  // Span links to other traces, and those of them that lead to no span that is here.
  uint64_t span_links = 0, span_links_not_here = 0;
  uint64_t from_queues = 0;  // calls of consumers whose producer is not in the trace
  // Of traces with sampling weights: how many they stand for, and how many without weights would
  // tell as much (Kish 1965). Nothing where none has a weight.
  std::optional<uint64_t> sampled_of;
  std::optional<double> effective_traces;
  std::optional<double>
      links_mended_confidence;             // mean over mended links: expected share that is right
  std::optional<double> links_confidence;  // over all links
  std::optional<double> calls_mean_whole, calls_mean_damaged;  // calls of a trace
  uint64_t headlines = 0,
           headlines_changed = 0;    // whole traces alone would change so many by more than 5 %
  std::vector<Survivorship> hidden;  // the largest changes first
};

struct Run {
  double seconds = 0;
  unsigned threads = 0;
  uint64_t peak_bytes = 0;
};

struct Document {
  std::string title;
  Input input;
  Traces traces;
  Completeness completeness;
  std::vector<Section> sections;
  std::vector<std::string> next;  // commands worth running now
  Run run;
  bool interrupted = false;  // partial: the user stopped it
};

}  // namespace plumbago::document
