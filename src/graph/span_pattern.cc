#include "graph/span_pattern.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbago::graph {
namespace {

constexpr size_t kMostTerms = 32;  // of a chain: a bit each, and a bit each for "above"

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  void SkipBlanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Take(std::string_view token) {
    SkipBlanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  // A name up to one of `ends`, or in quotes.
  Result<std::string> Name(std::string_view ends) {
    SkipBlanks();
    std::string name;
    if (at_ < text_.size() && text_[at_] == '"') {
      const size_t begin = at_++;
      while (at_ < text_.size() && text_[at_] != '"') name += text_[at_++];
      if (at_ == text_.size()) {
        return Fail(ErrorKind::kUsage,
                    fmt::format("--where: the quote at {} has no end", begin + 1));
      }
      ++at_;
    } else {
      while (at_ < text_.size() && ends.find(text_[at_]) == ends.npos) name += text_[at_++];
      while (name.ends_with(' ')) name.pop_back();
    }
    if (name.empty()) return Expected("a service, service/operation, or *");
    return name;
  }
  tl::unexpected<Error> Expected(const char* what) const {
    return Fail(ErrorKind::kUsage,
                fmt::format("--where: expected {} at {} of '{}'", what, at_ + 1, text_));
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<SpanPattern> SpanPattern::Parse(std::string_view text) {
  SpanPattern pattern;
  Parser parser(text);
  do {
    Chain& chain = pattern.chains_.emplace_back();
    bool below = false;
    while (true) {
      Term term;
      term.below = below;
      ASSIGN_OR_RETURN(term.service, parser.Name("/>&"));
      if (term.service == "*") term.service.clear();
      if (parser.Take("/")) {
        ASSIGN_OR_RETURN(term.operation, parser.Name(">&"));
        if (term.operation == "*") term.operation.clear();
      }
      chain.push_back(std::move(term));
      if (chain.size() > kMostTerms) {
        return Fail(ErrorKind::kUsage,
                    fmt::format("--where: a chain has at most {} terms", kMostTerms));
      }
      if (parser.Take(">>")) {
        below = true;
      } else if (parser.Take(">")) {
        below = false;
      } else {
        break;
      }
    }
  } while (parser.Take("&&"));
  if (!parser.AtEnd()) return parser.Expected(">, >> or &&");
  return pattern;
}

bool SpanPattern::Fits(const Term& term, const TraceSpan& span, const model::Names& names) {
  return (term.service.empty() || names.Text(span.service) == term.service) &&
         (term.operation.empty() || names.Text(span.operation) == term.operation);
}

// Bit t of a span: the chain's terms 0..t are matched by spans above it and itself; bit 32 + t: by
// itself and those above, the last of them anywhere.
bool SpanPattern::Holds(const Chain& chain, std::span<const TraceSpan> spans,
                        const model::Names& names, std::vector<uint64_t>& scratch) {
  scratch.resize(spans.size());
  const uint64_t last = uint64_t{1} << (chain.size() - 1);
  for (size_t i = 0; i < spans.size(); ++i) {
    const uint64_t above = spans[i].parent == kNone ? 0 : scratch[spans[i].parent];
    const auto parent = static_cast<uint32_t>(above);
    const auto ancestors = static_cast<uint32_t>(above >> 32);
    uint32_t here = 0;
    for (size_t t = 0; t < chain.size(); ++t) {
      const uint32_t before = t == 0 ? 1 : (chain[t].below ? ancestors : parent) >> (t - 1) & 1;
      if (before != 0 && Fits(chain[t], spans[i], names)) here |= uint32_t{1} << t;
    }
    if ((here & last) != 0) return true;
    scratch[i] = uint64_t{ancestors | here} << 32 | here;
  }
  return false;
}

bool SpanPattern::Match(std::span<const TraceSpan> spans, const model::Names& names,
                        std::vector<uint64_t>& scratch) const {
  return std::all_of(chains_.begin(), chains_.end(),
                     [&](const Chain& chain) { return Holds(chain, spans, names, scratch); });
}

}  // namespace plumbago::graph
