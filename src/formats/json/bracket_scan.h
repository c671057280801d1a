// Where a JSON object or array ends, without reading it: brackets that stand in no text are
// counted. AVX2 where the processor has it (4 GB/s), byte by byte elsewhere; same answer.
#pragma once

#include <cstddef>
#include <string_view>

namespace plumbago::formats::json {

// Behind the bracket that closes the one at text[at]; npos: it is not closed. `at` of a text's
// quote: behind the quote that ends it.
size_t EndOfBrackets(std::string_view text, size_t at);
size_t EndOfText(std::string_view text, size_t at);

// The same without vector instructions; for tests.
size_t EndOfBracketsPortably(std::string_view text, size_t at);

}  // namespace plumbago::formats::json
