// What a state consists of, listed once: merging, saving, loading and spilling follow from the
// list.
//
//   struct State {
//     uint64_t traces = 0;
//     statistics::CountHistogram depth;
//     PairCounts<ServiceId, ServiceId> edges;
//     std::vector<uint32_t> scratch;                 // working memory: not listed
//     static constexpr auto Fields() {
//       return std::tuple(Field{"traces", &State::traces}, Field{"depth", &State::depth},
//                         Field{"edges", &State::edges});
//     }
//   };
//
// A field is a number (merged by adding), a flag (or), an array of fields, a struct with Fields()
// of its own, anything with Merge, Save and Load, or a table: something whose records are kept in
// sorted runs (runs(), Freeze(); statistics/keyed_runs.h), which is saved apart, block by block.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "statistics/id_maps.h"
#include "statistics/keyed_runs.h"
#include "statistics/state_bytes.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

template <class S, class T>
struct Field {
  const char* name;
  T S::* member;
};
template <class S, class T>
Field(const char*, T S::*) -> Field<S, T>;

template <class T>
concept Table = requires(T& t) {
  t.runs();
  t.Freeze();
};
template <class T>
concept Listed = requires { T::Fields(); };
template <class T>
inline constexpr bool kIsArray = false;
template <class T, size_t N>
inline constexpr bool kIsArray<std::array<T, N>> = true;

// f(field) for each field of S.
template <Listed S, class F>
void ForEachField(F&& f) {
  std::apply([&](const auto&... field) { (f(field), ...); }, S::Fields());
}

template <class T>
void MergeFields(T& into, std::type_identity_t<T>&& from) {
  if constexpr (std::same_as<T, bool>) {
    into = into || from;
  } else if constexpr (std::same_as<T, uint64_t>) {
    statistics::AddSaturating(into, from);
  } else if constexpr (std::same_as<T, int64_t>) {
    statistics::AddWrapping(into, from);
  } else if constexpr (std::integral<T>) {
    into += from;
  } else if constexpr (kIsArray<T>) {
    for (size_t i = 0; i < into.size(); ++i) MergeFields(into[i], std::move(from[i]));
  } else if constexpr (Listed<T>) {
    ForEachField<T>(
        [&](const auto& field) { MergeFields(into.*field.member, std::move(from.*field.member)); });
  } else {
    into.Merge(std::move(from));
  }
}

// All but the tables.
template <class T>
void SaveFields(const T& value, std::string& out) {
  if constexpr (std::integral<T>) {
    static_assert(std::unsigned_integral<T>);
    statistics::AppendVarint(out, static_cast<uint64_t>(value));
  } else if constexpr (kIsArray<T>) {
    for (const auto& one : value) SaveFields(one, out);
  } else if constexpr (Listed<T>) {
    ForEachField<T>([&](const auto& field) { SaveFields(value.*field.member, out); });
  } else if constexpr (!Table<T>) {
    value.Save(out);
  }
}

// What SaveFields wrote, with the ids of names as they are here. False: the bytes are no such
// state.
template <class T>
[[nodiscard]] bool LoadFields(T& value, statistics::StateReader& in,
                              const statistics::IdMaps& maps) {
  if constexpr (std::same_as<T, bool>) {
    const uint64_t bit = in.Varint();
    value = bit == 1;
    return in.ok() && bit <= 1;
  } else if constexpr (std::integral<T>) {
    const uint64_t number = in.Varint();
    value = static_cast<T>(number);
    return in.ok() && value == number;
  } else if constexpr (kIsArray<T>) {
    for (auto& one : value) {
      if (!LoadFields(one, in, maps)) return false;
    }
    return true;
  } else if constexpr (Listed<T>) {
    bool ok = true;
    ForEachField<T>(
        [&](const auto& field) { ok = ok && LoadFields(value.*field.member, in, maps); });
    return ok;
  } else if constexpr (Table<T>) {
    return true;
  } else if constexpr (requires { value.Load(in, maps); }) {
    return value.Load(in, maps);
  } else {
    return value.Load(in);
  }
}

// f(name, table) for each table; one in an array has its place after the name: "pairs.3".
template <class T, class F>
void ForEachTable(T& state, F&& f) {
  using S = std::remove_const_t<T>;
  if constexpr (Listed<S>) {
    ForEachField<S>([&](const auto& field) {
      auto& value = state.*field.member;
      using V = std::remove_cvref_t<decltype(value)>;
      if constexpr (Table<V>) {
        f(std::string(field.name), value);
      } else if constexpr (kIsArray<V>) {
        if constexpr (Table<typename V::value_type>) {
          for (size_t i = 0; i < value.size(); ++i) {
            f(std::string(field.name) + "." + std::to_string(i), value[i]);
          }
        }
      }
    });
  }
}

}  // namespace plumbago::analysis
