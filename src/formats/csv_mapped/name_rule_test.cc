#include "formats/csv_mapped/name_rule.h"

#include <gtest/gtest.h>

namespace plumbago::formats {
namespace {

TEST(StripKubernetesSuffix, LeavesWhatThePodBelongsTo) {
  EXPECT_EQ(StripKubernetesSuffix("ts-order-service-5b7c9d-x2x4k"), "ts-order-service");
  EXPECT_EQ(StripKubernetesSuffix("frontend-579b9bff58-t2dbm"), "frontend");
  EXPECT_EQ(StripKubernetesSuffix("ts-travel2-service-6f6cfc45b-d9pnv"), "ts-travel2-service");
  EXPECT_EQ(StripKubernetesSuffix("mysql-0"), "mysql");
  EXPECT_EQ(StripKubernetesSuffix("kube-proxy-x2x4k"), "kube-proxy");
  EXPECT_EQ(StripKubernetesSuffix("node-db-x2x4k"), "node-db");  // db is no hash: too short
  EXPECT_EQ(StripKubernetesSuffix("ts-order-service"), "ts-order-service");
  EXPECT_EQ(StripKubernetesSuffix("order-service"), "order-service");
  EXPECT_EQ(StripKubernetesSuffix("cart-12345"), "cart-12345");  // 1 and 3 are in no suffix
  EXPECT_EQ(StripKubernetesSuffix("-x2x4k"), "-x2x4k");
  EXPECT_EQ(StripKubernetesSuffix("x2x4k"), "x2x4k");
  EXPECT_EQ(StripKubernetesSuffix("a-"), "a-");
  EXPECT_EQ(StripKubernetesSuffix(""), "");
}

TEST(NameRule, LeavesNamesThatThePatternDoesNotMatch) {
  const NameRule rule = NameRule::Match(*Pattern::Compile("(.*)@.*"));
  Pattern::Matcher matcher;
  EXPECT_EQ(rule.Apply("cart@eu", matcher), "cart");
  EXPECT_EQ(rule.Apply("cart", matcher), "cart");
  EXPECT_EQ(NameRule().Apply("cart-0", matcher), "cart-0");
  EXPECT_EQ(NameRule::StripKubernetes().Apply("cart-0", matcher), "cart");
}

}  // namespace
}  // namespace plumbago::formats
