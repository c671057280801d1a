#include "store/parquet/flat_stage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "base/byte_stream.h"
#include "base/temporary_names.h"
#include "formats/spans/span_ids.h"
#include "store/parquet/flat_schema.h"
#include "store/query.h"

namespace plumbago::store {
namespace {

using duckdb::TypeId;
using formats::spans::Attribute;
using formats::spans::Span;

constexpr uint64_t kChunkRows = 2048;

ColumnWriter WriterFor(std::string_view type) {
  ColumnWriter text = ColumnWriter::Of(TypeId::kVarchar);
  ColumnWriter blob = ColumnWriter::Of(TypeId::kBlob);
  ColumnWriter count = ColumnWriter::Of(TypeId::kUInteger);
  if (type == "BLOB") return blob;
  if (type == "VARCHAR") return text;
  if (type == "BIGINT") return ColumnWriter::Of(TypeId::kBigInt);
  if (type == "INTEGER") return ColumnWriter::Of(TypeId::kInteger);
  if (type == "UINTEGER") return count;
  if (type == "BOOLEAN") return ColumnWriter::Of(TypeId::kBoolean);
  if (type == "DOUBLE") return ColumnWriter::Of(TypeId::kDouble);
  if (type.starts_with("MAP")) return ColumnWriter::TextMap();
  const ColumnWriter map = ColumnWriter::TextMap();
  if (type.starts_with("STRUCT(time_ns")) {
    return ColumnWriter::ListOf(
        ColumnWriter::StructOf({ColumnWriter::Of(TypeId::kBigInt), text, map, text, count}));
  }
  return ColumnWriter::ListOf(ColumnWriter::StructOf(
      {blob, blob, text, map, text, count, count, ColumnWriter::Of(TypeId::kBoolean)}));
}

// An empty chunk with the types of the table's columns.
Result<duckdb::Chunk> ChunkLike(const duckdb::Api& api, duckdb::Connection connection) {
  duckdb::QueryResult result{};
  std::vector<duckdb::LogicalType> types;
  if (api.query(connection, "FROM plumbago_spans LIMIT 0", &result) == duckdb::kWell) {
    for (uint64_t i = 0; i < api.column_count(&result); ++i)
      types.push_back(api.column_type(&result, i));
  }
  api.destroy_result(&result);
  duckdb::Chunk chunk = types.empty() ? nullptr : api.create_chunk(types.data(), types.size());
  for (duckdb::LogicalType& type : types) api.destroy_type(&type);
  if (chunk == nullptr) return Fail(ErrorKind::kInternal, "cannot write Parquet: no chunk");
  return chunk;
}

std::string_view BigEndian(uint64_t number, char* out) {
  for (int i = 7; i >= 0; --i, number >>= 8) out[i] = static_cast<char>(number);
  return {out, 8};
}

void PutId(ColumnWriter& out, uint64_t id) {
  char bytes[8];
  if (id == 0) return out.PutNull();
  out.PutText(BigEndian(id, bytes));
}
void PutTrace(ColumnWriter& out, uint64_t hi, uint64_t lo) {
  char bytes[16];
  BigEndian(hi, bytes);
  BigEndian(lo, bytes + 8);
  out.PutText({bytes, 16});
}
// Nothing is a null: it takes no room, and says that nothing was told.
void PutText(ColumnWriter& out, std::string_view text) {
  if (text.empty()) return out.PutNull();
  out.PutText(text);
}
void PutTime(ColumnWriter& out, int64_t ns) {
  if (ns == model::kNoTime) return out.PutNull();
  out.PutInteger(ns);
}

std::string TemporaryPath() {
  static std::atomic<unsigned> number{0};
  const char* folder = std::getenv("TMPDIR");
  return fmt::format("{}/plumbago-{}-{}.parquet",
                     folder != nullptr && *folder != '\0' ? folder : "/tmp", getpid(), ++number);
}

}  // namespace

Result<std::unique_ptr<FileStage>> FlatStage::Open() {
  auto stage = std::unique_ptr<FlatStage>(new FlatStage);
  RETURN_IF_ERROR(stage->Start());
  return stage;
}

Result<void> FlatStage::Do(const std::string& sql) {
  duckdb::QueryResult result{};
  const duckdb::State state = api_->query(connection_, sql.c_str(), &result);
  const char* const text = api_->result_error(&result);
  const std::string why = text == nullptr ? "" : text;
  api_->destroy_result(&result);
  if (state == duckdb::kWell) return {};
  return Fail(ErrorKind::kResource, "cannot write Parquet: " + why);
}

tl::unexpected<Error> FlatStage::AppenderFailed(ErrorKind kind) const {
  const char* const text = api_->appender_error(appender_);
  return Fail(kind, fmt::format("cannot write Parquet: {}", text == nullptr ? "no reason" : text));
}

Result<void> FlatStage::Start() {
  ASSIGN_OR_RETURN(connection_, Connect());
  api_ = *DuckDbApi();
  std::string table = "CREATE TEMP TABLE plumbago_spans (";
  for (const flat::ColumnSpec& column : flat::kColumns) {
    table += fmt::format("{}{} {}", columns_.empty() ? "" : ", ", column.name, column.type);
    columns_.push_back(WriterFor(column.type));
  }
  RETURN_IF_ERROR(Do(table + ")"));
  if (api_->create_appender(connection_, nullptr, "plumbago_spans", &appender_) != duckdb::kWell)
    return AppenderFailed(ErrorKind::kInternal);
  // The types of the chunk are those of the table.
  ASSIGN_OR_RETURN(chunk_, ChunkLike(*api_, connection_));
  for (size_t i = 0; i < columns_.size(); ++i)
    columns_[i].Bind(*api_, api_->chunk_vector(chunk_, i), kChunkRows);
  return {};
}

FlatStage::~FlatStage() {
  if (api_ == nullptr) return;
  if (chunk_ != nullptr) api_->destroy_chunk(&chunk_);
  if (appender_ != nullptr) api_->destroy_appender(&appender_);
  if (connection_ != nullptr) api_->disconnect(&connection_);
}

Result<void> FlatStage::Write(std::string_view packed) {
  if (!rest_.empty()) {
    rest_ += packed;
    packed = rest_;
  }
  PackedSpan span;
  while (packed.size() >= sizeof span) {
    std::memcpy(&span, packed.data(), sizeof span);
    if (packed.size() < span.bytes()) break;
    RETURN_IF_ERROR(AddSpan(span, packed.substr(sizeof span, span.name_bytes),
                            packed.substr(sizeof span + span.name_bytes, span.details_bytes)));
    packed.remove_prefix(span.bytes());
  }
  rest_ = std::string(packed);
  return {};
}

void FlatStage::PutAttributes(ColumnWriter& map, ColumnWriter& types,
                              std::span<const Attribute> attributes, std::string& scratch) {
  ColumnWriter& entries = map.BeginList(attributes.size());
  bool plain = true;
  for (const Attribute& attribute : attributes) {
    entries.BeginStruct();
    entries.part(0).PutText(attribute.key);
    entries.part(1).PutText(flat::ValueText(attribute.value, scratch));
    plain &= attribute.value.type == formats::spans::Value::Type::kText;
  }
  if (plain) return types.PutNull();
  scratch.clear();
  for (const Attribute& attribute : attributes) scratch += flat::TypeLetter(attribute.value.type);
  types.PutText(scratch);
}

void FlatStage::PutAttributes(size_t column, std::span<const Attribute> attributes) {
  PutAttributes(columns_[column], columns_[column + 1], attributes, scratch_);
}

Result<void> FlatStage::AddSpan(const PackedSpan& packed, std::string_view name,
                                std::string_view details) {
  model::Call call;
  call.span = packed.span;
  call.parent_span = packed.parent;
  call.start_ns = packed.start_ns;
  call.duration_ns = packed.duration_ns;
  if (!restored_.Restore(call, details, no_names_))
    return Fail(ErrorKind::kInternal, "a packed span is damaged");
  const Span& span = restored_.span();
  static constexpr formats::spans::Scope kNoScope;
  const formats::spans::Scope& scope = span.scope == nullptr ? kNoScope : *span.scope;
  size_t c = 0;
  PutTrace(columns_[c++], packed.trace_hi, packed.trace_lo);
  PutId(columns_[c++], packed.span);
  PutId(columns_[c++], packed.parent);
  PutText(columns_[c++], span.resource->service);
  PutText(columns_[c++], name);
  columns_[c++].PutText(flat::KindWord(span.kind));
  PutTime(columns_[c++], packed.start_ns);
  PutTime(columns_[c++], packed.duration_ns);
  columns_[c++].PutText(flat::StatusWord(span.status));
  PutText(columns_[c++], span.status_message);
  columns_[c++].PutReal(packed.weight);
  columns_[c++].PutInteger(packed.nested_left);
  columns_[c++].PutInteger(packed.nested_right);
  columns_[c++].PutInteger(packed.depth);
  PutAttributes(c, span.attributes);
  PutAttributes(c + 2, span.resource->attributes);
  c += 4;
  if (span.scope == nullptr) {
    columns_[c++].PutNull();
  } else {
    columns_[c++].PutText(scope.name);
  }
  PutText(columns_[c++], scope.version);
  PutAttributes(c, scope.attributes);
  c += 2;
  ColumnWriter& events = columns_[c++].BeginList(span.events.size());
  for (const formats::spans::Event& event : span.events) {
    events.BeginStruct();
    PutTime(events.part(0), event.time_ns);
    events.part(1).PutText(event.name);
    PutAttributes(events.part(2), events.part(3), event.attributes, scratch_);
    events.part(4).PutInteger(event.dropped_attributes);
  }
  ColumnWriter& links = columns_[c++].BeginList(span.links.size());
  for (const formats::spans::Link& link : span.links) {
    links.BeginStruct();
    const auto id = formats::spans::BitsOf(link.trace);
    PutTrace(links.part(0), id.hi, id.lo);
    PutId(links.part(1), link.span);
    PutText(links.part(2), link.trace_state);
    PutAttributes(links.part(3), links.part(4), link.attributes, scratch_);
    links.part(5).PutInteger(link.dropped_attributes);
    links.part(6).PutInteger(link.flags);
    links.part(7).PutInteger(link.child_of ? 1 : 0);
  }
  PutText(columns_[c++], span.trace_state);
  columns_[c++].PutInteger(span.flags);
  columns_[c++].PutInteger(span.follows_from ? 1 : 0);
  columns_[c++].PutInteger(span.shared ? 1 : 0);
  columns_[c++].PutInteger(packed.from_store != 0 ? 1 : 0);
  columns_[c++].PutInteger(span.dropped_attributes);
  columns_[c++].PutInteger(span.dropped_events);
  columns_[c++].PutInteger(span.dropped_links);
  columns_[c++].PutInteger(span.resource->dropped_attributes);
  columns_[c++].PutInteger(scope.dropped_attributes);
  return ++rows_ == kChunkRows ? FlushChunk() : Result<void>();
}

Result<void> FlatStage::FlushChunk() {
  if (rows_ == 0) return {};
  for (ColumnWriter& column : columns_) column.Finish();
  api_->set_chunk_size(chunk_, rows_);
  if (api_->append_chunk(appender_, chunk_) != duckdb::kWell)
    return AppenderFailed(ErrorKind::kResource);
  rows_ = 0;
  api_->reset_chunk(chunk_);
  for (size_t i = 0; i < columns_.size(); ++i)
    columns_[i].Bind(*api_, api_->chunk_vector(chunk_, i), kChunkRows);
  return {};
}

Result<void> FlatStage::Finish(const std::function<Result<void>(std::string_view)>& put) {
  if (!rest_.empty()) return Fail(ErrorKind::kInternal, "a packed span is cut");
  RETURN_IF_ERROR(FlushChunk());
  if (api_->close_appender(appender_) != duckdb::kWell) return AppenderFailed(ErrorKind::kResource);
  const std::string path = TemporaryPath();
  const int slot = RememberTemporaryName(path);
  const auto read = [&]() -> Result<void> {
    RETURN_IF_ERROR(Do(fmt::format(
        "COPY plumbago_spans TO {} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, "
        "ROW_GROUP_SIZE 122880, KV_METADATA {{plumbago_schema: '1'}})",
        Quoted(path))));
    ASSIGN_OR_RETURN(const auto file, FileStream::Open(path));
    std::string buffer(size_t{1} << 20, '\0');
    while (true) {
      ASSIGN_OR_RETURN(const size_t got, file->Read(buffer.data(), buffer.size()));
      if (got == 0) return {};
      RETURN_IF_ERROR(put(std::string_view(buffer.data(), got)));
    }
  };
  Result<void> done = read();
  unlink(path.c_str());
  ForgetTemporaryName(slot);
  return done;
}

}  // namespace plumbago::store
