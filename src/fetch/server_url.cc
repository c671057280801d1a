#include "fetch/server_url.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbago::fetch {
namespace {

bool IsPlain(char c) { return c > ' ' && c < '\x7f'; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// "http://host:port" of a whole URL, the port that the scheme has by itself left out; "" if it is
// none, or names a user.
std::string OriginOf(std::string_view url) {
  const std::string lower = Lower(url);
  const bool secure = lower.starts_with("https://");
  if (!secure && !lower.starts_with("http://")) return "";
  const size_t host = secure ? 8 : 7;
  const size_t end = std::min(lower.find_first_of("/?#\\", host), lower.size());
  std::string origin = lower.substr(0, end);
  if (end == host || origin.find('@') != origin.npos) return "";
  const std::string_view own_port = secure ? ":443" : ":80";
  if (origin.ends_with(own_port)) origin.resize(origin.size() - own_port.size());
  return origin;
}

}  // namespace

Result<ServerUrl> ServerUrl::Parse(std::string_view text) {
  const std::string shown(text.substr(0, std::min<size_t>(text.find('@'), 200)));
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return Fail(ErrorKind::kUsage,
                fmt::format("a server is given by its URL, http://HOST:PORT, not '{}'", shown));
  }
  if (!std::all_of(text.begin(), text.end(), IsPlain)) {
    return Fail(ErrorKind::kUsage, "a URL holds no blanks, no control characters, and ASCII alone");
  }
  const size_t host = text.find("://") + 3;
  if (text.substr(host, text.find('/', host) - host).find('@') != text.npos) {
    return Fail(ErrorKind::kUsage,
                "no user and no password in a URL: it stands in the report; a token is read from "
                "the environment (PLUMBAGO_TOKEN)");
  }
  if (text.find_first_of("?#") != text.npos) {
    return Fail(ErrorKind::kUsage,
                fmt::format("the URL of the server alone, without ? and #, not '{}'", shown));
  }
  ServerUrl url;
  while (text.ends_with('/')) text.remove_suffix(1);
  url.text = text;
  url.origin = OriginOf(text);
  if (url.origin.empty())
    return Fail(ErrorKind::kUsage, fmt::format("this URL names no host: '{}'", shown));
  return url;
}

bool ServerUrl::Stays(std::string_view from, std::string_view location, std::string& to) const {
  // What different programs read differently goes nowhere.
  if (location.empty() || !std::all_of(location.begin(), location.end(), IsPlain) ||
      location.find('\\') != location.npos) {
    return false;
  }
  if (location.starts_with('/') && !location.starts_with("//")) {
    to = origin + std::string(location);
    return true;
  }
  if (!location.starts_with("//") && location.find(':') == location.npos) {
    const std::string_view path = from.substr(0, std::min(from.find('?'), from.size()));
    to = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location);
    return OriginOf(to) == origin;
  }
  to = location;
  return OriginOf(location) == origin;
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool as_it_is = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (as_it_is) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace plumbago::fetch
