#include "store/query.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

namespace plumbago::store {
namespace {

using duckdb::Api;
using duckdb::TypeId;

// Scans of nested columns hold a vector of all; the rest of a run has its own budget.
constexpr const char* kMemoryLimit = "1GB";

struct OpenDatabase {
  const Api* api = nullptr;
  duckdb::Database database = nullptr;
};

Result<OpenDatabase> OpenOnce() {
  ASSIGN_OR_RETURN(const Api* api, DuckDbApi());
  duckdb::Config config = nullptr;
  if (api->create_config(&config) != duckdb::kWell)
    return Fail(ErrorKind::kResource, "DuckDB gives no configuration");
  const char* folder = std::getenv("TMPDIR");
  const std::string temporary = folder != nullptr && *folder != '\0' ? folder : "/tmp";
  const std::pair<const char*, const char*> settings[] = {
      {"threads", "1"},  // beside those that ask
      {"memory_limit", kMemoryLimit},
      {"temp_directory", temporary.c_str()},
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
  };
  OpenDatabase open{api, nullptr};
  for (const auto& [name, value] : settings) {
    if (api->set_config(config, name, value) == duckdb::kWell) continue;
    api->destroy_config(&config);
    return Fail(ErrorKind::kUnsupported,
                fmt::format("DuckDB refuses to set {} to {}", name, value));
  }
  char* text = nullptr;
  const duckdb::State state = api->open(nullptr, &open.database, config, &text);
  api->destroy_config(&config);
  if (state != duckdb::kWell) {
    const std::string why = text == nullptr ? "no reason given" : text;
    api->free(text);
    return Fail(ErrorKind::kResource, "DuckDB does not start: " + why);
  }
  return open;
}

const Result<OpenDatabase>& TheDatabase() {
  static const Result<OpenDatabase> open = OpenOnce();
  return open;
}

// "Invalid Input Error: ..." in one line.
std::string Said(const char* text) {
  std::string said = text == nullptr ? "DuckDB gives no reason" : text;
  for (char& c : said) c = c == '\n' ? ' ' : c;
  return said;
}

Column Describe(const Api& api, std::string name, duckdb::LogicalType type) {
  Column column;
  column.name = std::move(name);
  column.type = static_cast<TypeId>(api.type_id(type));
  if (column.type == TypeId::kList) {
    column.children.push_back(Describe(api, "element", api.list_child_type(type)));
  } else if (column.type == TypeId::kMap) {
    column.children.push_back(Describe(api, "key", api.map_key_type(type)));
    column.children.push_back(Describe(api, "value", api.map_value_type(type)));
  } else if (column.type == TypeId::kStruct) {
    const uint64_t size = api.struct_size(type);
    column.children.reserve(size);
    for (uint64_t i = 0; i < size; ++i) {
      char* const part = api.struct_child_name(type, i);
      column.children.push_back(Describe(api, part, api.struct_child_type(type, i)));
      api.free(part);
    }
  }
  api.destroy_type(&type);
  return column;
}

void Bind(const Api& api, duckdb::Vector vector, Column& column) {
  column.valid = api.vector_validity(vector);
  column.data = column.type == TypeId::kStruct ? nullptr : api.vector_data(vector);
  switch (column.type) {
    case TypeId::kList:
      Bind(api, api.list_child(vector), column.children[0]);
      break;
    case TypeId::kMap: {  // a list of structs of key and value
      const duckdb::Vector entries = api.list_child(vector);
      Bind(api, api.struct_child(entries, 0), column.children[0]);
      Bind(api, api.struct_child(entries, 1), column.children[1]);
      break;
    }
    case TypeId::kStruct:
      for (size_t i = 0; i < column.children.size(); ++i)
        Bind(api, api.struct_child(vector, i), column.children[i]);
      break;
    default:
      break;
  }
}

}  // namespace

Result<duckdb::Connection> Connect() {
  const Result<OpenDatabase>& open = TheDatabase();
  if (!open) return tl::unexpected(open.error());
  duckdb::Connection connection = nullptr;
  if (open->api->connect(open->database, &connection) != duckdb::kWell)
    return Fail(ErrorKind::kResource, "DuckDB gives no connection");
  return connection;
}

Result<std::unique_ptr<Query>> Query::Run(const std::string& sql) {
  auto query = std::unique_ptr<Query>(new Query);
  RETURN_IF_ERROR(query->Start(sql));
  return query;
}

Result<void> Query::Start(const std::string& sql) {
  ASSIGN_OR_RETURN(connection_, Connect());
  api_ = *DuckDbApi();
  if (api_->prepare(connection_, sql.c_str(), &statement_) != duckdb::kWell)
    return Fail(ErrorKind::kBadInput, Said(api_->prepare_error(statement_)));
  duckdb::Pending pending = nullptr;
  if (api_->pending_streaming(statement_, &pending) != duckdb::kWell) {
    const std::string why = Said(api_->pending_error(pending));
    api_->destroy_pending(&pending);
    return Fail(ErrorKind::kBadInput, why);
  }
  const duckdb::State state = api_->execute_pending(pending, &result_);
  has_result_ = true;
  const std::string why = state == duckdb::kWell ? "" : Said(api_->result_error(&result_));
  api_->destroy_pending(&pending);
  if (state != duckdb::kWell) return Fail(ErrorKind::kBadInput, why);
  const uint64_t columns = api_->column_count(&result_);
  columns_.reserve(columns);
  for (uint64_t i = 0; i < columns; ++i)
    columns_.push_back(
        Describe(*api_, api_->column_name(&result_, i), api_->column_type(&result_, i)));
  return {};
}

Result<void> Query::Do(const std::string& sql) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Query> query, Run(sql));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query->Next());
    if (!more) return {};
  }
}

Query::~Query() {
  if (api_ == nullptr) return;
  if (chunk_ != nullptr) api_->destroy_chunk(&chunk_);
  if (has_result_) api_->destroy_result(&result_);
  if (statement_ != nullptr) api_->destroy_prepare(&statement_);
  if (connection_ != nullptr) api_->disconnect(&connection_);
}

Result<bool> Query::Next() {
  if (chunk_ != nullptr) api_->destroy_chunk(&chunk_);
  rows_ = 0;
  chunk_ = api_->fetch_chunk(result_);
  if (chunk_ == nullptr) {
    const char* const error = api_->result_error(&result_);
    if (error != nullptr && *error != '\0') return Fail(ErrorKind::kBadInput, Said(error));
    return false;
  }
  rows_ = api_->chunk_size(chunk_);
  if (rows_ == 0) return false;
  for (size_t i = 0; i < columns_.size(); ++i)
    Bind(*api_, api_->chunk_vector(chunk_, i), columns_[i]);
  return true;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

std::string QuotedName(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string QuotedPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error);
  std::string plain;
  for (const char c : error ? path : whole.string()) {
    if (c == '*' || c == '?' || c == '[') {
      plain += '[';
      plain += c;
      plain += ']';
    } else {
      plain += c;
    }
  }
  return Quoted(plain);
}

}  // namespace plumbago::store
