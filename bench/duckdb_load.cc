// duckdb_load FILE.csv [THREADS]: what a user of DuckDB does before asking anything: the file into a table in memory, then
// a count. Prints "rows traces" ("traces" only with --traces, as it takes a query of its own).
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "duckdb.h"

namespace {

duckdb_connection connection;

int64_t Run(const std::string& sql) {
  duckdb_result result;
  if (duckdb_query(connection, sql.c_str(), &result) != DuckDBSuccess) {
    std::fprintf(stderr, "duckdb_load: %s\n", duckdb_result_error(&result));
    std::exit(1);
  }
  const int64_t value = duckdb_row_count(&result) > 0 ? duckdb_value_int64(&result, 0, 0) : 0;
  duckdb_destroy_result(&result);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string file = argv[1];
  const std::string threads = argc > 2 ? argv[2] : "2";
  duckdb_database database;
  if (duckdb_open(nullptr, &database) != DuckDBSuccess ||
      duckdb_connect(database, &connection) != DuckDBSuccess) {
    std::fprintf(stderr, "duckdb_load: cannot open a database in memory\n");
    return 3;
  }
  Run("SET threads=" + threads);
  Run("SET preserve_insertion_order=false");
  Run("CREATE TABLE rows AS SELECT * FROM read_csv('" + file + "', header=true)");
  std::printf("%lld", static_cast<long long>(Run("SELECT count(*) FROM rows")));
  if (argc > 3 && std::strcmp(argv[3], "--traces") == 0) {
    std::printf(" %lld", static_cast<long long>(Run("SELECT count(DISTINCT traceid) FROM rows")));
  }
  std::printf("\n");
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  return 0;
}
