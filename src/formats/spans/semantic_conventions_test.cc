#include "formats/spans/semantic_conventions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace plumbago::formats::spans {
namespace {

using model::Kind;

struct Told {
  Kind kind;
  std::string peer;
  friend bool operator==(const Told&, const Told&) = default;
};
std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << model::KindName(told.kind) << " '" << told.peer << "'";
}

Attribute A(std::string_view key, std::string_view text) { return {key, Value::Text(text)}; }
Attribute A(std::string_view key, int64_t number) { return {key, Value::Int(number)}; }

Told Of(SpanKind kind, std::vector<Attribute> attributes) {
  Span span;
  span.kind = kind;
  span.attributes = attributes;
  std::string scratch = "left over";
  const Meaning meaning = MeaningOf(span, scratch);
  // The order of attributes says nothing.
  std::vector<Attribute> backwards(attributes.rbegin(), attributes.rend());
  span.attributes = backwards;
  std::string other;
  const Meaning again = MeaningOf(span, other);
  EXPECT_EQ(again.peer, meaning.peer);
  EXPECT_EQ(again.kind, meaning.kind);
  return {meaning.kind, std::string(meaning.peer)};
}
Told Client(std::vector<Attribute> attributes) { return Of(SpanKind::kClient, attributes); }

TEST(SemanticConventions, DatabasesByOldNamesAndNew) {
  EXPECT_EQ(Client({A("db.system.name", "postgresql"), A("db.namespace", "orders"),
                    A("server.address", "pg-1")}),
            (Told{Kind::kDatabase, "postgresql/orders"}));
  EXPECT_EQ(Client({A("db.system", "mysql"), A("db.name", "users"), A("db.statement", "SELECT 1"),
                    A("net.peer.name", "db.example")}),
            (Told{Kind::kDatabase, "mysql/users"}));
  EXPECT_EQ(Client({A("db.type", "sql"), A("db.instance", "customers")}),
            (Told{Kind::kDatabase, "sql/customers"}));
  // New before old.
  EXPECT_EQ(Client({A("db.system", "old"), A("db.system.name", "new"), A("db.name", "a"),
                    A("db.namespace", "b")}),
            (Told{Kind::kDatabase, "new/b"}));
  EXPECT_EQ(Client({A("db.system", "cassandra"), A("net.peer.name", "ring:9042")}),
            (Told{Kind::kDatabase, "cassandra/ring"}));
  EXPECT_EQ(Client({A("db.system", "mongodb"), A("net.sock.peer.addr", "10.0.0.1")}),
            (Told{Kind::kDatabase, "mongodb"}));
  EXPECT_EQ(Client({A("db.statement", "x"), A("network.peer.address", "10.0.0.1"),
                    A("network.peer.port", 5432)}),
            (Told{Kind::kDatabase, "10.0.0.1:5432"}));
}

TEST(SemanticConventions, Caches) {
  EXPECT_EQ(
      Client({A("db.system", "redis"), A("server.address", "redis-cart"), A("server.port", 6379)}),
      (Told{Kind::kCache, "redis/redis-cart"}));
  // A number is no name, but better than nothing.
  EXPECT_EQ(Client({A("db.system.name", "redis"), A("db.namespace", "0"),
                    A("server.address", "redis-cart")}),
            (Told{Kind::kCache, "redis/redis-cart"}));
  EXPECT_EQ(Client({A("db.system.name", "redis"), A("db.namespace", "0")}),
            (Told{Kind::kCache, "redis/0"}));
  EXPECT_EQ(Client({A("db.system", "Memcached")}), (Told{Kind::kCache, "Memcached"}));
  EXPECT_EQ(Client({A("db.system", "valkey")}).kind, Kind::kCache);
  EXPECT_EQ(Client({A("db.system", "redisearch")}).kind, Kind::kDatabase);
}

TEST(SemanticConventions, ThePeersNameComesFirst) {
  const std::vector<Attribute> rest = {A("db.system", "redis"), A("db.name", "x"),
                                       A("rpc.service", "S"), A("server.address", "h")};
  auto with = rest;
  with.push_back(A("peer.service", "cart-cache"));
  EXPECT_EQ(Client(with), (Told{Kind::kCache, "cart-cache"}));
  with.push_back(A("service.peer.name", "cart"));
  EXPECT_EQ(Client(with), (Told{Kind::kCache, "cart"}));
  with.back() = A("service.peer.name", "");  // says nothing
  EXPECT_EQ(Client(with), (Told{Kind::kCache, "cart-cache"}));
  with.back() = A("service.peer.name", 17);
  EXPECT_EQ(Client(with), (Told{Kind::kCache, "cart-cache"}));
}

TEST(SemanticConventions, Queues) {
  EXPECT_EQ(Of(SpanKind::kProducer,
               {A("messaging.system", "kafka"), A("messaging.destination.name", "orders")}),
            (Told{Kind::kMessage, "kafka/orders"}));
  EXPECT_EQ(
      Of(SpanKind::kConsumer, {A("messaging.system", "rabbitmq"),
                               A("messaging.destination", "mail"), A("peer.service", "broker")}),
      (Told{Kind::kMessage, "rabbitmq/mail"}));
  EXPECT_EQ(Of(SpanKind::kProducer, {A("message_bus.destination", "t")}),
            (Told{Kind::kMessage, "t"}));
  EXPECT_EQ(Of(SpanKind::kProducer, {}), (Told{Kind::kMessage, ""}));
  EXPECT_EQ(Client({A("messaging.system", "aws_sqs"), A("rpc.system", "aws-api"),
                    A("rpc.service", "SQS"), A("messaging.destination.name", "q")}),
            (Told{Kind::kMessage, "aws_sqs/q"}));
  // A name that is made for one answer would be a node for each.
  EXPECT_EQ(Of(SpanKind::kProducer, {A("messaging.system", "jms"),
                                     {"messaging.destination.temporary", Value::Bool(true)},
                                     A("messaging.destination.name", "tmp-4711"),
                                     A("server.address", "broker")}),
            (Told{Kind::kMessage, "jms/broker"}));
  EXPECT_EQ(Of(SpanKind::kProducer, {A("messaging.system", "jms"),
                                     {"messaging.destination.temporary", Value::Bool(true)},
                                     A("messaging.destination.name", "tmp-4711"),
                                     A("messaging.destination.template", "tmp-{id}")}),
            (Told{Kind::kMessage, "jms/tmp-{id}"}));
}

// Newer libraries write polls as clients' spans: they take, and do not call the queue.
TEST(SemanticConventions, WhoTakesFromAQueue) {
  const auto receives = [](SpanKind kind, std::vector<Attribute> attributes) {
    Span span;
    span.kind = kind;
    span.attributes = attributes;
    std::string scratch;
    return MeaningOf(span, scratch).receives;
  };
  const Attribute queue = A("messaging.destination.name", "q");
  EXPECT_TRUE(receives(SpanKind::kClient, {queue, A("messaging.operation.type", "receive")}));
  EXPECT_TRUE(receives(SpanKind::kClient, {queue, A("messaging.operation", "process")}));
  EXPECT_FALSE(receives(SpanKind::kClient, {queue, A("messaging.operation.type", "send")}));
  EXPECT_FALSE(receives(SpanKind::kClient, {queue, A("messaging.operation.type", "settle")}));
  EXPECT_FALSE(receives(SpanKind::kClient, {queue}));
  EXPECT_FALSE(receives(SpanKind::kProducer, {queue, A("messaging.operation", "receive")}));
  EXPECT_EQ(Client({queue, A("messaging.operation", "receive"), A("peer.service", "broker")}),
            (Told{Kind::kMessage, "q"}));
  // Zipkin's spans name the broker alone.
  EXPECT_EQ(Of(SpanKind::kConsumer, {A("peer.service", "kafka")}), (Told{Kind::kMessage, "kafka"}));
}

TEST(SemanticConventions, RemoteProcedures) {
  EXPECT_EQ(Client({A("rpc.system.name", "grpc"), A("rpc.method", "shop.Cart/AddItem"),
                    A("server.address", "cart.svc")}),
            (Told{Kind::kRpc, "shop.Cart"}));
  EXPECT_EQ(
      Client({A("rpc.system", "grpc"), A("rpc.service", "shop.Cart"), A("rpc.method", "AddItem")}),
      (Told{Kind::kRpc, "shop.Cart"}));
  EXPECT_EQ(Client({A("rpc.system", "grpc"), A("rpc.method", "AddItem"),
                    A("net.peer.name", "cart:7070")}),
            (Told{Kind::kRpc, "cart"}));
  EXPECT_EQ(Client({A("rpc.system", "aws-api"), A("rpc.service", "DynamoDB"),
                    A("http.url", "https://x.example")}),
            (Told{Kind::kRpc, "DynamoDB"}));
  EXPECT_EQ(Client({A("component", "gRPC")}), (Told{Kind::kRpc, ""}));
  EXPECT_EQ(Client({A("grpc.status_code", "0"), A("http.url", "http://cart:7070/shop.Cart/Add")}),
            (Told{Kind::kRpc, "cart"}));
}

TEST(SemanticConventions, HttpHosts) {
  EXPECT_EQ(Client({A("http.request.method", "GET"), A("server.address", "api.example"),
                    A("url.full", "https://other/")}),
            (Told{Kind::kHttp, "api.example"}));
  EXPECT_EQ(Client({A("url.full", "https://me:pw@api.example:8443/a@b?c=//d")}),
            (Told{Kind::kHttp, "api.example"}));
  EXPECT_EQ(Client({A("http.url", "http://[::1]:80/x")}), (Told{Kind::kHttp, "::1"}));
  EXPECT_EQ(Client({A("http.url", "/hotels?x=1"), A("http.host", "shop:5000")}),
            (Told{Kind::kHttp, "shop"}));
  EXPECT_EQ(Client({A("http.method", "GET"), A("net.sock.peer.addr", "10.1.2.3"),
                    A("net.sock.peer.port", "8080")}),
            (Told{Kind::kHttp, "10.1.2.3:8080"}));
  // A port that belongs to another address.
  EXPECT_EQ(Client({A("http.method", "GET"), A("net.sock.peer.addr", "10.1.2.3"),
                    A("net.peer.port", 8080)}),
            (Told{Kind::kHttp, "10.1.2.3"}));
  EXPECT_EQ(Client({A("component", "net/http")}), (Told{Kind::kHttp, ""}));
  EXPECT_EQ(Client({A("server.address", "fe80::1")}), (Told{Kind::kUnknown, "fe80::1"}));
}

TEST(SemanticConventions, OnlyCallersHavePeers) {
  const std::vector<Attribute> all = {A("db.system", "redis"), A("peer.service", "p"),
                                      A("server.address", "h")};
  EXPECT_EQ(Of(SpanKind::kInternal, all), (Told{Kind::kInternal, ""}));
  EXPECT_EQ(Of(SpanKind::kServer, {A("http.method", "GET"), A("peer.service", "p")}),
            (Told{Kind::kHttp, ""}));
  EXPECT_EQ(Of(SpanKind::kUnspecified, all), (Told{Kind::kCache, ""}));
  EXPECT_EQ(Of(SpanKind::kUnspecified, {}), (Told{Kind::kUnknown, ""}));
  EXPECT_EQ(Client({A("", "x"), A("d", "x"), A("db", "x"), A("http", "x"), A("dbx.system", "x"),
                    A("networks", "x")}),
            (Told{Kind::kUnknown, ""}));
}

TEST(SemanticConventions, Instances) {
  const auto of = [](std::vector<Attribute> attributes) {
    Resource resource;
    resource.attributes = attributes;
    return std::string(InstanceOf(resource));
  };
  std::vector<Attribute> told = {A("container.id", "c")};
  EXPECT_EQ(of(told), "c");
  told.insert(told.begin(), A("hostname", "h"));
  EXPECT_EQ(of(told), "h");
  told.push_back(A("host.name", "n"));
  EXPECT_EQ(of(told), "n");
  told.push_back(A("service.instance.id", "i"));
  EXPECT_EQ(of(told), "i");
  told.insert(told.begin(), A("k8s.pod.name", "p"));
  EXPECT_EQ(of(told), "p");
  EXPECT_EQ(of({A("host.id", "x")}), "");
}

TEST(SemanticConventions, Places) {
  const std::vector<Attribute> told = {A("cloud.zone", "old"), A("k8s.cluster.name", "c"),
                                       A("cloud.availability_zone", "z"), A("cloud.region", "r"),
                                       A("k8s.node.name", "n")};
  Resource resource;
  resource.attributes = told;
  const Place place = PlaceOf(resource);
  EXPECT_EQ(place.cluster, "c");
  EXPECT_EQ(place.zone, "z");
  EXPECT_EQ(place.region, "r");
  EXPECT_EQ(place.node, "n");
  resource.attributes = resource.attributes.first(1);
  EXPECT_EQ(PlaceOf(resource).zone, "old");
  EXPECT_EQ(PlaceOf(resource).cluster, "");
}

TEST(SemanticConventions, Weights) {
  EXPECT_EQ(WeightOf(""), 1);
  EXPECT_EQ(WeightOf("ot=th:0"), 1);
  EXPECT_EQ(WeightOf("ot=th:8"), 2);  // 8 is 0x80000000000000: half
  EXPECT_EQ(WeightOf("ot=th:c"), 4);
  EXPECT_EQ(WeightOf("ot=th:C"), 4);
  EXPECT_NEAR(WeightOf("ot=th:fd70a3d70a3d71"), 100, 1e-3);  // 1 %
  EXPECT_EQ(WeightOf("ot=th:ffffffffffffff"), std::ldexp(1.0f, 56));
  EXPECT_EQ(WeightOf("vendor=x, ot=rv:abcdef01234567;th:e \t,z=th:8"), 8);
  EXPECT_EQ(WeightOf("ot=rv:abcdef01234567"), 1);
  EXPECT_EQ(WeightOf("xot=th:8"), 1);
  EXPECT_EQ(WeightOf("ot=th:"), 1);
  EXPECT_EQ(WeightOf("ot=th:800000000000000"), 1);  // 15 digits
  EXPECT_EQ(WeightOf("ot=th:8x"), 1);
  EXPECT_EQ(WeightOf(",,;=ot"), 1);
}

}  // namespace
}  // namespace plumbago::formats::spans
