#include "formats/call_graph_json/call_graph_json.h"

#include "formats/call_graph_json/decoder.h"
#include "formats/call_graph_json/encoder.h"
#include "formats/call_graph_json/graph_line.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::call_graph_json {

Match CallGraphJson::Sniff(std::string_view head, std::string_view) const {
  std::string_view text = csv::WithoutByteOrderMark(head);
  text.remove_prefix(csv::SkipBlankLines(text).bytes);
  if (!text.starts_with('{')) return Match::kNo;
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  GraphLine graph;
  if (graph.Read(line) == GraphLine::Outcome::kGraph) return Match::kYes;
  // A first line that is damaged, or longer than the head.
  const auto has = [line](std::string_view key) { return line.find(key) != line.npos; };
  return has("\"nodes\"") && (has("\"edges\"") || end == text.npos) ? Match::kMaybe : Match::kNo;
}

size_t CallGraphJson::Cut(std::string_view text, bool end_of_file) const {
  return csv::CutLines(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> CallGraphJson::Open(std::string_view, std::string_view) const {
  return std::make_unique<CallGraphJsonDecoder>();
}

Result<std::unique_ptr<Encoder>> CallGraphJson::Write() const {
  return std::make_unique<CallGraphJsonEncoder>();
}

}  // namespace plumbago::formats::call_graph_json
