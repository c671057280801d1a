// The address of a server, and what is asked of it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago::fetch {

// "http://host:16686/base": without a slash at the end.
struct ServerUrl {
  std::string text;
  std::string origin;  // "http://host:16686", in lower case

  // Errors (kUsage): no http or https, no host, a user or password in it (they would stand in the
  // report; the environment holds them), a question mark, blanks or control characters.
  static Result<ServerUrl> Parse(std::string_view text);
  // True if a redirect to `location`, said by an answer of `from`, stays with this server; `to` is
  // where it leads.
  bool Stays(std::string_view from, std::string_view location, std::string& to) const;
};

// As it may stand in a query: all but letters, digits and -._~ as %XX.
std::string Escaped(std::string_view text);

}  // namespace plumbago::fetch
