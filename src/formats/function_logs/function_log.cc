#include "formats/function_logs/function_log.h"

#include <fmt/format.h>

#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/csv_mapped/table_layout.h"
#include "formats/function_logs/known_maps.h"
#include "formats/function_logs/wanted_keys.h"
#include "formats/json/record_reader.h"

namespace plumbago::formats::function_logs {
namespace {

// An array of records, or records: nothing leads to them.
constexpr std::span<const std::string_view> kWrappers;
constexpr int kMostDepth = 16;
constexpr size_t kRows = 256;

class LogReader final : public json::RecordReader {
 public:
  LogReader(const TableMap& table, const WantedKeys& keys, const Block& block,
            DecodeContext& context, json::Scratch& scratch)
      : RecordReader(block, context, scratch, kWrappers),
        table_(table),
        keys_(keys),
        block_(block),
        context_(context),
        maker_(table, context.names) {}

  void Finish() {
    if (rows_.functions.empty()) return;
    context_.sink.Accept(rows_);
    rows_.Clear();
  }

 private:
  bool Record() override {
    if (json.Peek() == '[') {
      if (depth_ >= kMostDepth) return json.Fail("an execution, in at most 16 arrays");
      ++depth_;
      const bool ok = Elements(Array::kRecords, [this] { return Record(); });
      --depth_;
      return ok;
    }
    if (json.Peek() != '{') return json.Fail("an object");
    const size_t begin = json.position();
    if (!keys_.Read(json, texts_)) return false;
    model::Execution execution;
    ExecutionFault fault;
    if (maker_.Make(keys_.CellsOf(texts_), execution, fault)) {
      execution.origin = {block_.index, LineAt(begin)};
      rows_.functions.executions.push_back(execution);
      if (rows_.functions.executions.size() >= kRows) Finish();
    } else if (fault.field != nullptr) {
      Wrong(begin, fault);
    }
    return true;
  }

  [[gnu::noinline]] void Wrong(size_t begin, const ExecutionFault& fault) {
    const std::string key =
        fault.field->columns.empty() ? std::string("a constant") : fault.field->columns.front();
    const KeyTexts::Found* const found = keys_.FoundOf(*fault.field, texts_);
    if (found == nullptr) {
      Bad(begin, fmt::format("'{}' is missing, expected {}", key, fault.expected));
    } else {
      Bad(found->position,
          fmt::format("{} is '{}', expected {}", key, csv::Shown(found->text), fault.expected));
    }
  }

  const TableMap& table_;
  const WantedKeys& keys_;
  const Block& block_;
  DecodeContext& context_;
  ExecutionMaker maker_;
  KeyTexts texts_;
  model::CallBatch rows_;
  int depth_ = 0;
};

class LogDecoder final : public json::ShapedDecoder {
 public:
  LogDecoder(json::Shape shape, TableMap table)
      : ShapedDecoder(shape, kWrappers), table_(std::move(table)), keys_(table_) {}
  void Decode(const Block& block, DecodeContext& context) const override {
    thread_local json::Scratch scratch;
    LogReader reader(table_, keys_, block, context, scratch);
    reader.Read(shape());
    reader.Finish();
  }

 private:
  const TableMap table_;
  const WantedKeys keys_;
};

// Whether an object of the first ones of a file, which may be cut anywhere, fits the map.
bool FitsHead(const TableMap& table, std::string_view head) {
  constexpr int kMostObjects = 100;
  const WantedKeys keys(table);
  head = csv::WithoutByteOrderMark(head);
  thread_local json::TokenIndex index;
  if (!index.Index(head)) index.IndexLoosely(head);
  json::TextArena arena;
  // Texts with escapes are looked at eight bytes at a time, and what is behind the head is not
  // ours.
  const std::string padded = std::string(head) + std::string(64, ' ');
  json::Cursor json(padded.data(), index.at(), index.at() + index.size(), &arena,
                    head.find('\\') != head.npos);
  KeyTexts texts;
  for (int i = 0; i < kMostObjects && !json.done(); ++i) {
    while (json.TakeIf('[') || json.TakeIf(',') || json.TakeIf(']')) {
    }
    if (json.Peek() != '{') return false;
    if (!keys.Read(json, texts)) return false;
    if (keys.Fits(table, texts)) return true;
  }
  return false;
}

const TableMap* FindLog(const ColumnMap& map, std::string_view head, std::string_view path) {
  const std::string_view line = csv::FirstLine(head);
  if (!line.starts_with('{') && !line.starts_with('[')) return nullptr;
  for (const TableMap& table : map.tables) {
    if (!table.path.empty() && !MatchesPath(table.path, path)) continue;
    if (FitsHead(table, head)) return &table;
  }
  return nullptr;
}

}  // namespace

FunctionLog::FunctionLog(const ColumnMap& map) : map_(ExecutionsOf(map, KnownLogs())) {}

Match FunctionLog::Sniff(std::string_view head, std::string_view path) const {
  return FindLog(map_, head, path) == nullptr ? Match::kNo : Match::kYes;
}

size_t FunctionLog::Cut(std::string_view text, bool end_of_file) const {
  return json::DocumentCutter(kWrappers).Cut(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> FunctionLog::Open(std::string_view head,
                                                   std::string_view path) const {
  const TableMap* const table = FindLog(map_, head, path);
  if (table == nullptr) {
    return Fail(ErrorKind::kBadInput,
                "function-log: no object with the keys of an application and a start or end; "
                "--map says which keys they are",
                {.file = std::string(path), .line = 1});
  }
  return std::make_unique<LogDecoder>(json::ShapeOf(head), *table);
}

Result<std::unique_ptr<Encoder>> FunctionLog::Write() const {
  return Fail(ErrorKind::kUnsupported, "logs of functions are read only");
}

}  // namespace plumbago::formats::function_logs
