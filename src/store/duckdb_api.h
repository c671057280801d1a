// The part of DuckDB's C API that we use, declared by ourselves: the program is built without
// DuckDB's header, and looks the functions up by name when it needs them. The C API only grows; a
// name that is missing makes the library unusable, with an error that says which.
#pragma once

#include <cstdint>

namespace plumbago::store::duckdb {

// Handles: pointers to things of the library.
struct DatabaseTag;
struct ConnectionTag;
struct ConfigTag;
struct StatementTag;
struct PendingTag;
struct ChunkTag;
struct VectorTag;
struct TypeTag;
struct AppenderTag;
using Database = DatabaseTag*;
using Connection = ConnectionTag*;
using Config = ConfigTag*;
using Statement = StatementTag*;
using Pending = PendingTag*;
using Chunk = ChunkTag*;
using Vector = VectorTag*;
using LogicalType = TypeTag*;
using Appender = AppenderTag*;

using State = int;  // 0: well
inline constexpr State kWell = 0;

struct QueryResult {  // duckdb_result
  uint64_t old_numbers[3];
  void* old_pointers[2];
  void* internal_data;
};

// duckdb_list_entry: which values of the child belong to a row.
struct ListEntry {
  uint64_t offset;
  uint64_t length;
};

// duckdb_string_t: texts of up to 12 bytes stand in it.
struct StringValue {
  uint32_t length;
  char prefix[4];  // of a longer one; a shorter one goes on over `pointer`
  const char* pointer;
};
inline constexpr uint32_t kInlineBytes = 12;

// duckdb_type
enum class TypeId : int {
  kInvalid = 0,
  kBoolean = 1,
  kTinyInt = 2,
  kSmallInt = 3,
  kInteger = 4,
  kBigInt = 5,
  kUTinyInt = 6,
  kUSmallInt = 7,
  kUInteger = 8,
  kUBigInt = 9,
  kFloat = 10,
  kDouble = 11,
  kTimestamp = 12,  // us
  kHugeInt = 16,
  kVarchar = 17,
  kBlob = 18,
  kDecimal = 19,
  kTimestampS = 20,
  kTimestampMs = 21,
  kTimestampNs = 22,
  kEnum = 23,
  kList = 24,
  kStruct = 25,
  kMap = 26,
  kUuid = 27,
  kTimestampTz = 31,  // us
  kUHugeInt = 32,
  kArray = 33,
};

// X(member, name in the library, result, arguments)
#define PLUMBAGO_DUCKDB_FUNCTIONS(X)                                                        \
  X(version, duckdb_library_version, const char*, ())                                       \
  X(create_config, duckdb_create_config, State, (Config*))                                  \
  X(set_config, duckdb_set_config, State, (Config, const char*, const char*))               \
  X(destroy_config, duckdb_destroy_config, void, (Config*))                                 \
  X(open, duckdb_open_ext, State, (const char*, Database*, Config, char**))                 \
  X(close, duckdb_close, void, (Database*))                                                 \
  X(connect, duckdb_connect, State, (Database, Connection*))                                \
  X(disconnect, duckdb_disconnect, void, (Connection*))                                     \
  X(interrupt, duckdb_interrupt, void, (Connection))                                        \
  X(free, duckdb_free, void, (void*))                                                       \
  X(query, duckdb_query, State, (Connection, const char*, QueryResult*))                    \
  X(destroy_result, duckdb_destroy_result, void, (QueryResult*))                            \
  X(result_error, duckdb_result_error, const char*, (QueryResult*))                         \
  X(prepare, duckdb_prepare, State, (Connection, const char*, Statement*))                  \
  X(prepare_error, duckdb_prepare_error, const char*, (Statement))                          \
  X(destroy_prepare, duckdb_destroy_prepare, void, (Statement*))                            \
  X(pending_streaming, duckdb_pending_prepared_streaming, State, (Statement, Pending*))     \
  X(pending_error, duckdb_pending_error, const char*, (Pending))                            \
  X(destroy_pending, duckdb_destroy_pending, void, (Pending*))                              \
  X(execute_pending, duckdb_execute_pending, State, (Pending, QueryResult*))                \
  X(fetch_chunk, duckdb_fetch_chunk, Chunk, (QueryResult))                                  \
  X(column_count, duckdb_column_count, uint64_t, (QueryResult*))                            \
  X(column_name, duckdb_column_name, const char*, (QueryResult*, uint64_t))                 \
  X(column_type, duckdb_column_logical_type, LogicalType, (QueryResult*, uint64_t))         \
  X(type_id, duckdb_get_type_id, int, (LogicalType))                                        \
  X(list_child_type, duckdb_list_type_child_type, LogicalType, (LogicalType))               \
  X(map_key_type, duckdb_map_type_key_type, LogicalType, (LogicalType))                     \
  X(map_value_type, duckdb_map_type_value_type, LogicalType, (LogicalType))                 \
  X(struct_size, duckdb_struct_type_child_count, uint64_t, (LogicalType))                   \
  X(struct_child_name, duckdb_struct_type_child_name, char*, (LogicalType, uint64_t))       \
  X(struct_child_type, duckdb_struct_type_child_type, LogicalType, (LogicalType, uint64_t)) \
  X(create_type, duckdb_create_logical_type, LogicalType, (int))                            \
  X(create_list_type, duckdb_create_list_type, LogicalType, (LogicalType))                  \
  X(create_map_type, duckdb_create_map_type, LogicalType, (LogicalType, LogicalType))       \
  X(create_struct_type, duckdb_create_struct_type, LogicalType,                             \
    (LogicalType*, const char**, uint64_t))                                                 \
  X(destroy_type, duckdb_destroy_logical_type, void, (LogicalType*))                        \
  X(create_chunk, duckdb_create_data_chunk, Chunk, (LogicalType*, uint64_t))                \
  X(destroy_chunk, duckdb_destroy_data_chunk, void, (Chunk*))                               \
  X(reset_chunk, duckdb_data_chunk_reset, void, (Chunk))                                    \
  X(chunk_size, duckdb_data_chunk_get_size, uint64_t, (Chunk))                              \
  X(set_chunk_size, duckdb_data_chunk_set_size, void, (Chunk, uint64_t))                    \
  X(chunk_vector, duckdb_data_chunk_get_vector, Vector, (Chunk, uint64_t))                  \
  X(vector_data, duckdb_vector_get_data, void*, (Vector))                                   \
  X(vector_validity, duckdb_vector_get_validity, uint64_t*, (Vector))                       \
  X(make_validity, duckdb_vector_ensure_validity_writable, void, (Vector))                  \
  X(set_invalid, duckdb_validity_set_row_invalid, void, (uint64_t*, uint64_t))              \
  X(set_text, duckdb_vector_assign_string_element_len, void,                                \
    (Vector, uint64_t, const char*, uint64_t))                                              \
  X(list_child, duckdb_list_vector_get_child, Vector, (Vector))                             \
  X(list_size, duckdb_list_vector_get_size, uint64_t, (Vector))                             \
  X(set_list_size, duckdb_list_vector_set_size, State, (Vector, uint64_t))                  \
  X(reserve_list, duckdb_list_vector_reserve, State, (Vector, uint64_t))                    \
  X(struct_child, duckdb_struct_vector_get_child, Vector, (Vector, uint64_t))               \
  X(create_appender, duckdb_appender_create, State,                                         \
    (Connection, const char*, const char*, Appender*))                                      \
  X(appender_error, duckdb_appender_error, const char*, (Appender))                         \
  X(append_chunk, duckdb_append_data_chunk, State, (Appender, Chunk))                       \
  X(close_appender, duckdb_appender_close, State, (Appender))                               \
  X(destroy_appender, duckdb_appender_destroy, State, (Appender*))

struct Api {
#define PLUMBAGO_DUCKDB_MEMBER(member, name, result, arguments) result(*member) arguments = nullptr;
  PLUMBAGO_DUCKDB_FUNCTIONS(PLUMBAGO_DUCKDB_MEMBER)
#undef PLUMBAGO_DUCKDB_MEMBER
};

}  // namespace plumbago::store::duckdb
