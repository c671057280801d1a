#include "formats/csv_mapped/map_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/byte_stream.h"
#include "base/edit_distance.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/csv_mapped/map_check.h"
#include "formats/csv_mapped/map_words.h"
#include "formats/csv_mapped/toml_ascii.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_HEADER_ONLY 1
// toml++ 3.3 asserts that a key begins as one before it says so as an error of the map. With NDEBUG
// the same is an assumption, which a bad map would break. Neither is wanted, in any build.
#define TOML_ASSERT(expr) static_assert(true)
#pragma push_macro("NDEBUG")
#undef NDEBUG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <toml++/toml.h>
#pragma GCC diagnostic pop
#pragma pop_macro("NDEBUG")

namespace plumbago::formats {
namespace {

using Keys = std::initializer_list<std::string_view>;

// Reads a parsed document; every step is false after the first mistake.
class MapReader {
 public:
  explicit MapReader(const std::string& file) : file_(file) {}

  Result<ColumnMap> Read(std::string_view text) {
    if (const size_t at = FirstOutsideAscii(text); at != std::string_view::npos) {
      const std::string_view before = text.substr(0, at);
      return Fail(
          ErrorKind::kBadInput,
          "map: expected a letter beyond ASCII in a one-line text in quotes or a comment "
          "alone",
          {.file = file_,
           .line = 1 + static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n')),
           .column = at - (before.rfind('\n') + 1) + 1});
    }
    const toml::parse_result parsed = toml::parse(text, file_);
    if (!parsed) {
      Fault(parsed.error().source(), std::string(parsed.error().description()));
    } else {
      Document(parsed.table());
    }
    if (error_) return tl::unexpected(std::move(*error_));
    return std::move(map_);
  }

 private:
  bool Fault(const toml::source_region& where, std::string message) {
    if (!error_) {
      error_ = Error{ErrorKind::kBadInput,
                     "map: " + std::move(message),
                     {.file = file_, .line = where.begin.line, .column = where.begin.column}};
    }
    return false;
  }
  bool Expected(const toml::node& node, std::string_view what) {
    return Fault(node.source(), fmt::format("expected {}", what));
  }

  // True if all keys of `table` are among `known`.
  bool OnlyKeys(const toml::table& table, std::string_view of, const Keys& known,
                const Keys& more = {}) {
    std::vector<std::string_view> all(known);
    all.insert(all.end(), more.begin(), more.end());
    for (const auto& [key, value] : table) {
      if (std::find(all.begin(), all.end(), key.str()) != all.end()) continue;
      const std::string_view near = NearestName(key.str(), all);
      return Fault(key.source(),
                   fmt::format("unknown key '{}' in {}{}; known: {}", key.str(), of,
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near),
                               fmt::join(all, ", ")));
    }
    return true;
  }

  bool Text(const toml::table& table, std::string_view key, std::string& out) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return true;
    const auto* text = node->as_string();
    if (text == nullptr) return Expected(*node, fmt::format("a text for '{}'", key));
    out = text->get();
    return true;
  }
  // A text or several.
  bool Texts(const toml::node* node, std::string_view key, std::vector<std::string>& out) {
    if (node == nullptr) return true;
    out.clear();
    if (const auto* text = node->as_string()) {
      out.push_back(text->get());
      return true;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) return Expected(*node, fmt::format("a text or texts for '{}'", key));
    for (const toml::node& one : *array) {
      const auto* text = one.as_string();
      if (text == nullptr) return Expected(one, fmt::format("a text in '{}'", key));
      out.push_back(text->get());
    }
    return true;
  }
  bool Flag(const toml::table& table, std::string_view key, bool& out) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return true;
    const auto* flag = node->as_boolean();
    if (flag == nullptr) return Expected(*node, fmt::format("true or false for '{}'", key));
    out = flag->get();
    return true;
  }
  template <class T>
  bool Word(const toml::table& table, std::string_view key, std::span<const MapWord<T>> words,
            T& out) {
    const toml::node* node = table.get(key);
    return node == nullptr || WordOf(*node, key, words, out);
  }
  template <class T>
  bool WordOf(const toml::node& node, std::string_view key, std::span<const MapWord<T>> words,
              T& out) {
    const auto* text = node.as_string();
    const std::vector<std::string_view> known = TextsOf(words);
    if (text == nullptr)
      return Expected(node, fmt::format("one of {} for '{}'", fmt::join(known, ", "), key));
    const std::optional<T> found = FindWord(words, text->get());
    if (!found)
      return Fault(node.source(), fmt::format("{}: {}", key, NotAmong(text->get(), known)));
    out = *found;
    return true;
  }

  // Where a field comes from: "Column", ["Column", "alias"], or a table, which is returned for
  // what else it says. `constants`: the field may have the same value in all rows.
  bool Source(const toml::node& node, std::string_view field, bool constants, const Keys& more,
              FieldSource& out, const toml::table*& table) {
    table = node.as_table();
    if (table == nullptr) {
      if (!Texts(&node, field, out.columns)) return false;
      return !out.columns.empty() || Expected(node, fmt::format("a column for '{}'", field));
    }
    if (!OnlyKeys(*table, fmt::format("the field '{}'", field), {"column", "value", "optional"},
                  more) ||
        !Texts(table->get("column"), "column", out.columns) ||
        !Flag(*table, "optional", out.optional)) {
      return false;
    }
    if (const toml::node* value = table->get("value")) {
      if (!constants)
        return Fault(value->source(),
                     fmt::format("expected a column: '{}' differs from row to row", field));
      if (!out.columns.empty())
        return Fault(value->source(), "expected either a column or a value, not both");
      const auto* text = value->as_string();
      if (text == nullptr) return Expected(*value, fmt::format("a text as value of '{}'", field));
      out.constant = text->get();
    }
    if (out.given()) return true;
    return Fault(node.source(), fmt::format("expected column = \"...\"{} in the field '{}'",
                                            constants ? " or value = \"...\"" : "", field));
  }

  bool Plain(const toml::node& node, std::string_view field, FieldSource& out) {
    const toml::table* table = nullptr;
    return Source(node, field, false, {}, out, table);
  }

  bool Name(const toml::node& node, std::string_view field, NameField& out) {
    const toml::table* table = nullptr;
    const bool caller = field == "caller";
    if (!Source(node, field, true, caller ? Keys{"rule", "user"} : Keys{"rule"}, out, table))
      return false;
    if (table == nullptr) return true;
    if (!Texts(table->get("user"), "user", out.user)) return false;
    const toml::node* rule = table->get("rule");
    return rule == nullptr || Rule(*rule, out.rule);
  }

  bool Rule(const toml::node& node, NameRule& out) {
    if (const auto* text = node.as_string()) {
      constexpr std::string_view kKnown[] = {"strip-kubernetes-suffix"};
      if (text->get() != kKnown[0]) {
        return Fault(node.source(), fmt::format("rule: {}, or {{ match = \"...\" }}",
                                                NotAmong(text->get(), kKnown)));
      }
      out = NameRule::StripKubernetes();
      return true;
    }
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return Expected(node, "\"strip-kubernetes-suffix\" or { match = \"...\" } as rule");
    if (!OnlyKeys(*table, "a rule", {"match"})) return false;
    const toml::node* match = table->get("match");
    const auto* expression = match == nullptr ? nullptr : match->as_string();
    if (expression == nullptr)
      return Expected(match == nullptr ? node : *match, "match = \"a regular expression\"");
    Result<Pattern> pattern = Pattern::Compile(expression->get());
    if (!pattern) {
      return Fault(match->source(),
                   fmt::format("regular expression, sign {}: {}", pattern.error().where.column,
                               pattern.error().message));
    }
    out = NameRule::Match(std::move(*pattern));
    return true;
  }

  bool Time(const toml::node& node, std::string_view field, bool moment, TimeField& out,
            bool execution = false) {
    const toml::table* table = nullptr;
    if (!Source(node, field, false,
                moment      ? Keys{"unit", "format", "zone"}
                : execution ? Keys{"unit", "format"}
                            : Keys{"unit"},
                out, table)) {
      return false;
    }
    if (execution && table != nullptr && IsAny(*table)) return AnyTime(*table, field, out);
    const std::string wanted = fmt::format("unit = \"ns\", \"us\", \"ms\" or \"s\"{} for '{}'",
                                           moment ? ", or format = \"rfc3339\"," : "", field);
    const toml::node* unit = table == nullptr ? nullptr : table->get("unit");
    const toml::node* format = table == nullptr ? nullptr : table->get("format");
    if ((unit == nullptr) == (format == nullptr)) return Expected(node, wanted);
    if (unit != nullptr) {
      if (const toml::node* zone = table->get("zone"))
        return Fault(zone->source(), "expected no zone: a number counts from 1970 in UTC");
      const auto* text = unit->as_string();
      const auto power = text == nullptr ? std::nullopt : TimeUnitPower(text->get());
      if (!power) return Expected(*unit, wanted);
      out.power = *power;
      return true;
    }
    const auto* text = format->as_string();
    if (text == nullptr || text->get() != "rfc3339")
      return Expected(*format,
                      "\"rfc3339\" (2023-01-30 11:39:52.5, T or a blank between) as "
                      "format");
    out.date = true;
    if (const toml::node* zone = table->get("zone")) {
      const auto* name = zone->as_string();
      out.zone_s = name == nullptr ? std::nullopt : ParseZone(name->get());
      if (!out.zone_s) return Expected(*zone, "a zone such as \"UTC\" or \"+08:00\"");
    }
    return true;
  }

  static bool IsAny(const toml::table& table) {
    const toml::node* format = table.get("format");
    const auto* text = format == nullptr ? nullptr : format->as_string();
    return text != nullptr && text->get() == "any";
  }
  // However it is written; a unit beside it is that of numbers that do not say it.
  bool AnyTime(const toml::table& table, std::string_view field, TimeField& out) {
    out.any = true;
    out.unit = false;
    if (const toml::node* zone = table.get("zone")) {
      const auto* name = zone->as_string();
      out.zone_s = name == nullptr ? std::nullopt : ParseZone(name->get());
      if (!out.zone_s) return Expected(*zone, "a zone such as \"UTC\" or \"+08:00\"");
    }
    const toml::node* unit = table.get("unit");
    if (unit == nullptr) return true;
    const auto* text = unit->as_string();
    const auto power = text == nullptr ? std::nullopt : TimeUnitPower(text->get());
    if (!power)
      return Expected(*unit, fmt::format("unit = \"ns\", \"us\", \"ms\" or \"s\" for '{}'", field));
    out.unit = true;
    out.power = *power;
    return true;
  }

  bool Amount(const toml::node& node, std::string_view field, AmountField& out) {
    const toml::table* table = nullptr;
    if (!Source(node, field, false, {"unit", "format"}, out, table)) return false;
    if (table != nullptr && IsAny(*table)) {
      out.any = true;
      return true;
    }
    if (table == nullptr || table->get("unit") == nullptr) {
      return Expected(node, fmt::format("unit = one of {}, or format = \"any\", for '{}'",
                                        fmt::join(TextsOf(AmountWords()), ", "), field));
    }
    return Word(*table, "unit", AmountWords(), out.scale);
  }

  template <class T>
  bool Words(const toml::node& node, std::string_view field, std::span<const MapWord<T>> words,
             WordField<T>& out, const Keys& more = {"values", "other"}) {
    const toml::table* table = nullptr;
    if (!Source(node, field, true, more, out, table)) return false;
    const toml::node* values = table == nullptr ? nullptr : table->get("values");
    if (values == nullptr) {
      for (const MapWord<T>& word : words)
        out.words.push_back({std::string(word.text), false, word.value});
    } else if (const toml::table* pairs = values->as_table()) {
      for (const auto& [key, value] : *pairs) {
        typename WordField<T>::Word word{std::string(key.str()), false, {}};
        if (!WordOf(value, key.str(), words, word.value)) return false;
        if (word.text.ends_with('*')) {
          word.prefix = true;
          word.text.pop_back();
        }
        out.words.push_back(std::move(word));
      }
      // Whole words before prefixes, longer prefixes before shorter ones.
      std::sort(out.words.begin(), out.words.end(), [](const auto& a, const auto& b) {
        if (a.prefix != b.prefix) return b.prefix;
        return a.text.size() != b.text.size() ? a.text.size() > b.text.size() : a.text < b.text;
      });
    } else {
      return Expected(*values, fmt::format("values = {{ \"word\" = \"{}\", ... }}", words[0].text));
    }
    if (table != nullptr && !Word(*table, "other", words, out.other)) return false;
    if (out.constant && !out.Find(*out.constant)) {
      return Fault(table->get("value")->source(),
                   fmt::format("{}: {}", field, NotAmong(*out.constant, TextsOf(words))));
    }
    return true;
  }

  bool Parent(const toml::node& node, ParentField& out) {
    const toml::table* table = nullptr;
    return Source(node, "parent", false, {"root"}, out, table) &&
           (table == nullptr || Texts(table->get("root"), "root", out.root));
  }

  bool Weight(const toml::node& node, WeightField& out) {
    const toml::table* table = nullptr;
    if (!Source(node, "weight", false, {"is"}, out, table)) return false;
    constexpr MapWord<bool> kIs[] = {{"weight", false}, {"probability", true}};
    return table == nullptr ||
           Word(*table, "is", std::span<const MapWord<bool>>(kIs), out.probability);
  }

  bool ExecutionField(std::string_view key, const toml::node& node, TableMap& t) {
    if (key == "app") return Name(node, key, t.app);
    if (key == "function") return Name(node, key, t.function);
    if (key == "owner") return Name(node, key, t.owner);
    if (key == "trigger") return Words(node, key, TriggerWords(), t.trigger);
    if (key == "cold") return Words(node, key, ColdWords(), t.cold);
    if (key == "skip") return Words(node, key, YesWords(), t.skip);
    if (key == "memory") return Amount(node, key, t.memory);
    if (key == "start") return Time(node, key, true, t.start, true);
    if (key == "end") return Time(node, key, true, t.end, true);
    if (key == "duration") return Time(node, key, false, t.duration, true);
    if (key == "wait") return Time(node, key, false, t.wait, true);
    return Time(node, key, false, t.cold_latency, true);
  }

  bool Field(std::string_view key, const toml::node& node, TableMap& t) {
    if (t.rows == RowKind::kExecutions) return ExecutionField(key, node, t);
    if (key == "trace") return Plain(node, key, t.trace);
    if (key == "span") return Plain(node, key, t.span);
    if (key == "parent") return Parent(node, t.parent);
    if (key == "path") return Plain(node, key, t.path_id);
    if (key == "caller") return Name(node, key, t.caller);
    if (key == "callee") return Name(node, key, t.callee);
    if (key == "operation") return Name(node, key, t.operation);
    if (key == "entry") return Name(node, key, t.entry);
    if (key == "caller_instance") return Name(node, key, t.caller_instance);
    if (key == "callee_instance") return Name(node, key, t.callee_instance);
    if (key == "service") return Name(node, key, t.service);
    if (key == "instance") return Name(node, key, t.instance);
    if (key == "host") return Name(node, key, t.host);
    if (key == "cluster") return Name(node, key, t.cluster);
    if (key == "caller_cluster") return Name(node, key, t.caller_cluster);
    if (key == "callee_cluster") return Name(node, key, t.callee_cluster);
    if (key == "kind") return Words(node, key, KindWords(), t.kind);
    if (key == "side") return Words(node, key, SideWords(), t.side);
    if (key == "status") return Words(node, key, StatusWords(), t.status);
    if (key == "overlap") return Words(node, key, OverlapWords(), t.overlap, {"values"});
    if (key == "start") return Time(node, key, true, t.start);
    if (key == "end") return Time(node, key, true, t.end);
    if (key == "time") return Time(node, key, true, t.time);
    if (key == "duration") return Time(node, key, false, t.duration);
    return Weight(node, t.weight);
  }

  bool Columns(const toml::table& columns, TableMap& out) {
    const std::span<const std::string_view> known = FieldsOf(out.rows);
    for (const auto& [key, node] : columns) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        const std::string_view near = NearestName(key.str(), known);
        return Fault(key.source(),
                     fmt::format("unknown field '{}'{}; rows = \"{}\" has {}", key.str(),
                                 near.empty() ? "" : fmt::format("; did you mean '{}'?", near),
                                 RowKindWords()[static_cast<size_t>(out.rows)].text,
                                 fmt::join(known, ", ")));
      }
      if (!Field(key.str(), node, out)) return false;
    }
    return true;
  }

  bool Value(const toml::node& node, TableMap& out) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Expected(node, "[[table.value]]");
    ValueField value;
    const toml::table* same = nullptr;
    if (!Source(node, "value", false,
                {"measure", "flow", "unit", "normalised", "of", "zero", "limit"}, value, same)) {
      return false;
    }
    if (table->get("measure") == nullptr) {
      return Expected(node,
                      fmt::format("measure = one of {}", fmt::join(TextsOf(MeasureWords()), ", ")));
    }
    constexpr MapWord<bool> kOf[] = {{"instance", false}, {"host", true}};
    constexpr MapWord<bool> kZero[] = {{"value", false}, {"none", true}};
    if (!Word(*table, "measure", MeasureWords(), value.measure) ||
        !Word(*table, "flow", FlowWords(), value.flow) ||
        !Flag(*table, "normalised", value.normalised) ||
        !Word(*table, "of", std::span<const MapWord<bool>>(kOf), value.of_host) ||
        !Word(*table, "zero", std::span<const MapWord<bool>>(kZero), value.zero_is_none) ||
        !Unit(node, *table, value)) {
      return false;
    }
    out.values.push_back(std::move(value));
    return true;
  }

  bool Unit(const toml::node& node, const toml::table& table, ValueField& value) {
    const MapUnit::Of of = UnitOf(value.measure);
    std::vector<std::string_view> fitting;
    for (const MapUnit& unit : Units()) {
      if (unit.of == of || (of == MapUnit::kShare && unit.of == MapUnit::kAmount))
        fitting.push_back(unit.text);
    }
    std::string text;
    if (!Text(table, "unit", text)) return false;
    const toml::node* given = table.get("unit");
    if (given == nullptr) {
      return value.normalised ||
             Expected(node, fmt::format("unit = one of {}", fmt::join(fitting, ", ")));
    }
    if (std::find(fitting.begin(), fitting.end(), text) == fitting.end())
      return Fault(given->source(), "unit: " + NotAmong(text, fitting));
    const auto unit = std::find_if(Units().begin(), Units().end(),
                                   [&text](const MapUnit& one) { return one.text == text; });
    value.scale = unit->scale;
    return Limit(*given, table.get("limit"), unit->of == MapUnit::kAmount, value);
  }

  bool Limit(const toml::node& unit, const toml::node* limit, bool wanted, ValueField& value) {
    if (limit == nullptr) {
      return !wanted || value.normalised ||
             Fault(unit.source(),
                   "expected limit = a column or a number too: the measure is a share of it");
    }
    if (!wanted)
      return Fault(limit->source(), "expected no limit: only an amount (bytes, cores) has one");
    FieldSource source;
    if (const std::optional<double> number = limit->value<double>()) {
      if (!(*number > 0)) return Expected(*limit, "a limit above 0");
      value.limit_value = *number;
      return true;
    }
    if (!Plain(*limit, "limit", source)) return false;
    value.limit = std::move(source);
    return true;
  }

  bool Table(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Expected(node, "[[table]]");
    TableMap out;
    out.missing = {"NA", "NaN", "nan", "null", "NULL", "None"};
    out.name = fmt::format("{}", map_.tables.size() + 1);
    if (!OnlyKeys(*table, "[[table]]",
                  {"name", "rows", "path", "needs", "header", "missing", "columns", "value",
                   "cold_in_duration"})) {
      return false;
    }
    if (table->get("rows") == nullptr)
      return Expected(
          node, "rows = \"calls\", \"samples\", \"sibling-pairs\" or \"executions\" in [[table]]");
    const toml::node* columns = table->get("columns");
    if (columns == nullptr || !columns->is_table())
      return Expected(columns == nullptr ? node : *columns, "[table.columns]");
    if (!Word(*table, "rows", RowKindWords(), out.rows) || !Text(*table, "name", out.name) ||
        !Text(*table, "path", out.path) || !Texts(table->get("needs"), "needs", out.needs) ||
        !Texts(table->get("header"), "header", out.header) ||
        !Texts(table->get("missing"), "missing", out.missing) ||
        !Flag(*table, "cold_in_duration", out.cold_in_duration) ||
        !Columns(*columns->as_table(), out)) {
      return false;
    }
    if (const toml::node* values = table->get("value")) {
      const toml::array* array = values->as_array();
      if (array == nullptr || out.rows != RowKind::kSamples)
        return Expected(*values, out.rows == RowKind::kSamples
                                     ? "[[table.value]]"
                                     : "no value: only rows = \"samples\" have some");
      for (const toml::node& value : *array) {
        if (!Value(value, out)) return false;
      }
    }
    if (const std::string lacks = WhatLacks(out); !lacks.empty())
      return Fault(columns->source(), fmt::format("table '{}': expected {}", out.name, lacks));
    map_.tables.push_back(std::move(out));
    return true;
  }

  bool Document(const toml::table& root) {
    if (!OnlyKeys(root, "the map", {"table"})) return false;
    const toml::node* tables = root.get("table");
    const toml::array* array = tables == nullptr ? nullptr : tables->as_array();
    if (array == nullptr || array->empty())
      return Expected(tables == nullptr ? root : *tables, "at least one [[table]]");
    for (const toml::node& table : *array) {
      if (!Table(table)) return false;
    }
    return true;
  }

  const std::string& file_;
  ColumnMap map_;
  std::optional<Error> error_;
};

}  // namespace

Result<ColumnMap> ParseMap(std::string_view text, const std::string& file) {
  return MapReader(file).Read(text);
}

Result<ColumnMap> ReadMap(const std::string& file) {
  ASSIGN_OR_RETURN(const auto stream, FileStream::Open(file));
  std::string text(kMostMapBytes + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    ASSIGN_OR_RETURN(const size_t got, stream->Read(text.data() + size, text.size() - size));
    if (got == 0) break;
    size += got;
  }
  if (size > kMostMapBytes)
    return Fail(ErrorKind::kBadInput, "map: longer than 1 MiB, which no map is", {.file = file});
  text.resize(size);
  return ParseMap(text, file);
}

}  // namespace plumbago::formats
