#include "engine/details_store.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace plumbago::engine {
namespace {

struct Kept {
  uint64_t address;
  std::string bytes;
};

std::vector<Kept> Fill(DetailsStore& store, uint32_t seed, size_t count, size_t most) {
  std::mt19937 random(seed);
  DetailsStore::Writer writer(store);
  std::vector<Kept> kept;
  for (size_t i = 0; i < count; ++i) {
    std::string bytes(random() % most, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    auto address = writer.Add(bytes);
    EXPECT_TRUE(address);
    kept.push_back({*address, std::move(bytes)});
  }
  return kept;
}

void Check(const DetailsStore& store, const std::vector<Kept>& kept) {
  std::string scratch;
  for (const Kept& one : kept) {
    const auto read = store.Read(one.address, static_cast<uint32_t>(one.bytes.size()), scratch);
    ASSERT_TRUE(read);
    ASSERT_EQ(*read, one.bytes);
  }
}

TEST(DetailsStore, WhatWasAddedIsReadBack) {
  DetailsStore store(SIZE_MAX, nullptr);
  const auto a = Fill(store, 1, 3000, 2000);
  const auto b = Fill(store, 2, 3000, 2000);  // another thread's writer
  Check(store, a);
  Check(store, b);
}

TEST(DetailsStore, BeyondItsShareItLiesInTheSpillFile) {
  auto spill = std::make_shared<SpillFile>();
  DetailsStore store(3u << 20, spill);
  const auto a = Fill(store, 3, 4000, 3000);
  const auto large = Fill(store, 4, 4, 5u << 20);
  EXPECT_GT(spill->bytes(), 2u << 20);
  Check(store, a);
  Check(store, large);
}

}  // namespace
}  // namespace plumbago::engine
