#include "store/column.h"

#include "model/call.h"

namespace plumbago::store {
namespace {

using duckdb::TypeId;

template <class T>
int64_t As(const void* data, uint64_t row) {
  return static_cast<int64_t>(static_cast<const T*>(data)[row]);
}

int64_t Scaled(int64_t value, int64_t unit_ns) {
  int64_t ns = 0;
  return __builtin_mul_overflow(value, unit_ns, &ns) ? model::kNoTime : ns;
}

}  // namespace

bool Column::is_time() const {
  return type == TypeId::kTimestamp || type == TypeId::kTimestampS ||
         type == TypeId::kTimestampMs || type == TypeId::kTimestampNs ||
         type == TypeId::kTimestampTz;
}

int64_t Column::Integer(uint64_t row) const {
  if (IsNull(row)) return 0;
  switch (type) {
    case TypeId::kBoolean:
      return As<uint8_t>(data, row) != 0 ? 1 : 0;
    case TypeId::kTinyInt:
      return As<int8_t>(data, row);
    case TypeId::kSmallInt:
      return As<int16_t>(data, row);
    case TypeId::kInteger:
      return As<int32_t>(data, row);
    case TypeId::kBigInt:
      return As<int64_t>(data, row);
    case TypeId::kUTinyInt:
      return As<uint8_t>(data, row);
    case TypeId::kUSmallInt:
      return As<uint16_t>(data, row);
    case TypeId::kUInteger:
      return As<uint32_t>(data, row);
    case TypeId::kUBigInt:
      return As<uint64_t>(data, row);
    default:
      return 0;
  }
}

double Column::Real(uint64_t row) const {
  if (IsNull(row)) return 0;
  if (type == TypeId::kDouble) return static_cast<const double*>(data)[row];
  if (type == TypeId::kFloat) return static_cast<double>(static_cast<const float*>(data)[row]);
  return static_cast<double>(Integer(row));
}

int64_t Column::TimeNs(uint64_t row) const {
  if (IsNull(row)) return model::kNoTime;
  switch (type) {
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return Scaled(As<int64_t>(data, row), 1'000);
    case TypeId::kTimestampMs:
      return Scaled(As<int64_t>(data, row), 1'000'000);
    case TypeId::kTimestampS:
      return Scaled(As<int64_t>(data, row), 1'000'000'000);
    case TypeId::kTimestampNs:
      return As<int64_t>(data, row);
    default:
      return model::kNoTime;
  }
}

const Column* Column::Find(std::string_view part) const {
  return type == TypeId::kStruct ? FindColumn(children, part) : nullptr;
}

const Column* FindColumn(const std::vector<Column>& columns, std::string_view name) {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace plumbago::store
