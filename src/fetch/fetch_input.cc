#include "fetch/fetch_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "fetch/dialect.h"
#include "fetch/fetch_reader.h"
#include "fetch/server_url.h"
#include "fetch/trace_puller.h"

namespace plumbago::fetch {
namespace {

using Probe = Result<std::unique_ptr<Dialect>> (*)(RequestQueue&, const std::vector<std::string>&);

class ServerScheme final : public formats::InputScheme {
 public:
  ServerScheme(Probe probe, const char* tenant_header, const FetchOptions& options,
               std::shared_ptr<ByteBudget> budget)
      : probe_(probe),
        tenant_header_(tenant_header),
        options_(options),
        budget_(std::move(budget)) {}

  Result<Opened> Open(std::string_view address, const formats::ReaderSettings& settings,
                      formats::ReaderFile file) const override {
    Result<Opened> opened = OpenNamed(address, settings, file);
    // A password is not repeated.
    if (!opened && opened.error().where.file.empty() && file.name.find('@') == file.name.npos)
      opened.error().where.file = file.name;
    return opened;
  }

 private:
  Result<Opened> OpenNamed(std::string_view address, const formats::ReaderSettings& settings,
                           const formats::ReaderFile& file) const {
    Pulling pulling;
    ASSIGN_OR_RETURN(ServerUrl url, ServerUrl::Parse(address));
    RequestQueue::Settings asking;
    asking.server = std::move(url);
    asking.limits = options_.limits;
    asking.retries = options_.retries;
    asking.connections = options_.connections;
    if (!options_.token.empty())
      asking.headers.push_back("Authorization: Bearer " + options_.token);
    if (!options_.tenant.empty())
      asking.headers.push_back(fmt::format("{}: {}", tenant_header_, options_.tenant));
    pulling.budget = budget_;
    ASSIGN_OR_RETURN(pulling.queue, RequestQueue::Make(std::move(asking), *budget_));
    ASSIGN_OR_RETURN(auto dialect, probe_(*pulling.queue, options_.services));
    ASSIGN_OR_RETURN(const formats::Format* format, formats::FindFormat(dialect->format));
    PullSettings pull;
    pull.from_ns = options_.from_ns;
    pull.until_ns = options_.until_ns;
    pull.now_ns = options_.now_ns;
    pull.ahead = options_.connections;
    formats::FetchReport report;
    report.source = file.name;
    pulling.puller =
        std::make_unique<TracePuller>(*pulling.queue, std::move(dialect), pull, std::move(report));
    return Opened{std::make_unique<FetchReader>(settings, file, format, std::move(pulling)),
                  format};
  }

  Probe probe_;
  const char* tenant_header_;
  FetchOptions options_;
  std::shared_ptr<ByteBudget> budget_;
};

Result<std::string> Secret(const char* name) {
  const char* const value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  if (std::any_of(text.begin(), text.end(), is_control))
    return Fail(ErrorKind::kUsage, fmt::format("{} holds a control character", name));
  return text;
}

}  // namespace

Result<void> TakeSecrets(FetchOptions& options) {
  ASSIGN_OR_RETURN(options.token, Secret("PLUMBAGO_TOKEN"));
  ASSIGN_OR_RETURN(options.tenant, Secret("PLUMBAGO_TENANT"));
  return {};
}

void RegisterFetch(const FetchOptions& options) {
  // What is read may refer to them until the process ends.
  static std::vector<std::unique_ptr<ServerScheme>> schemes;
  const auto budget = std::make_shared<ByteBudget>(options.bytes);
  const auto add = [&](const char* name, Probe probe, const char* tenant_header) {
    schemes.push_back(std::make_unique<ServerScheme>(probe, tenant_header, options, budget));
    formats::RegisterInputScheme(name, schemes.back().get());
  };
  add("jaeger", ProbeJaeger, "X-Tenant");
  add("tempo", ProbeTempo, "X-Scope-OrgID");
  add("zipkin", ProbeZipkin, "X-Scope-OrgID");
}

}  // namespace plumbago::fetch
