// Attributes that stand in a JSON object: ClickHouse's JSON columns, whose dots have become objects
// within objects ({"http":{"method":"GET"}} is http.method). Numbers and booleans keep their type;
// arrays are texts, as the maps of other tables hold them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/json/cursor.h"
#include "formats/json/pool.h"
#include "formats/json/token_index.h"
#include "formats/spans/span.h"

namespace plumbago::store::clickhouse {

class JsonAttributes {
 public:
  // Appends those of the object `text`; they and their keys stay in `arena`. False: it is none.
  bool Read(std::string_view text, formats::json::TextArena& arena,
            std::vector<formats::spans::Attribute>& out);
  // Those of an object that `json` reads next.
  static bool Read(formats::json::Cursor& json, std::string_view prefix, int depth,
                   formats::json::TextArena& arena, std::vector<formats::spans::Attribute>& out);
  // A text, number or boolean that `json` reads next.
  static bool ReadScalar(formats::json::Cursor& json, formats::spans::Value& value);

 private:
  formats::json::TokenIndex tokens_;
  std::string padded_;
};

}  // namespace plumbago::store::clickhouse
