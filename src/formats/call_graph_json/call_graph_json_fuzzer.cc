// Any text as a file: it is read without a fault, the same whole and in small blocks, and what is
// written of it reads as the same graphs.
#include <cstdint>

#include "base/check.h"
#include "formats/call_graph_json/call_graph_json.h"
#include "formats/testing/decoded_graphs.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const call_graph_json::CallGraphJson format;
  format.Sniff(text.substr(0, 1u << 16), "");
  plumbago::model::Names names;
  testing::DecodedGraphs whole = testing::DecodeGraphs(format, text, size + 1, &names);
  const testing::DecodedGraphs pieces = testing::DecodeGraphs(format, text, size / 4 + 1, &names);
  CHECK(whole.graphs == pieces.graphs && whole.lines == pieces.lines);
  CHECK(whole.malformed == pieces.malformed && whole.too_long == pieces.too_long);
  CHECK(whole.example == pieces.example && whole.example_line == pieces.example_line);
  testing::DecodedGraphs again =
      testing::DecodeGraphs(format, whole.written, whole.written.size() + 1, &names);
  CHECK(again.malformed + again.too_long == 0 && again.written == whole.written);
  CHECK(again.graphs.size() == whole.graphs.size());
  for (size_t i = 0; i < again.graphs.size(); ++i) {
    again.graphs[i].line = whole.graphs[i].line;
    CHECK(again.graphs[i] == whole.graphs[i]);
  }
  return 0;
}
