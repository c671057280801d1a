#include "engine/casper_convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>

#include "base/archive.h"
#include "engine/encoder_for.h"
#include "formats/alibaba/words.h"
#include "formats/csv/header.h"
#include "formats/csv/rows.h"
#include "graph/casper/casper_trace.h"

namespace plumbago::engine {
namespace {

using graph::CasperRow;
using graph::CasperYear;

Result<std::string> ReadWhole(const std::string& path) {
  ASSIGN_OR_RETURN(const auto archive, Archive::Open(path));
  ASSIGN_OR_RETURN(const bool any, archive->Next());
  if (!any) return Fail(ErrorKind::kBadInput, "the archive is empty", {path});
  std::string text;
  for (;;) {
    const size_t at = text.size();
    text.resize(at + (1u << 20));
    ASSIGN_OR_RETURN(const size_t size, archive->Read(text.data() + at, text.size() - at));
    text.resize(at + size);
    if (size == 0) break;
  }
  ASSIGN_OR_RETURN(const bool more, archive->Next());
  if (more)
    return Fail(ErrorKind::kUsage, "casper-exact reads one file, and this archive holds more",
                {path});
  return text;
}

enum Column : size_t {
  kTrace,
  kTime,
  kPath,
  kCaller,
  kKind,
  kCallee,
  kOperation,
  kRt,
  kEntry,
  kCallerInstance,
  kCalleeInstance,
  kColumns
};

// Columns as the two releases spell them.
Result<std::vector<uint32_t>> BindColumns(const formats::csv::Header& header) {
  static const formats::csv::ColumnSpec kSpecs[kColumns] = {
      {{"traceid"}, true},         {{"timestamp"}, false},
      {{"rpcid", "rpc_id"}, true}, {{"um"}, true},
      {{"rpctype"}, true},         {{"dm"}, true},
      {{"interface"}, false},      {{"rt"}, true},
      {{"service"}, false},        {{"uminstanceid"}, false},
      {{"dminstanceid"}, false}};
  return formats::csv::Bind(header, kSpecs, "casper-exact");
}

// A file's cells. Lines have the header's number of fields; a shorter one is filled up, a longer
// one cannot be read.
class Cells {
 public:
  // `text` must outlive it.
  static Result<Cells> Read(std::string_view text, uint64_t& skipped) {
    Cells cells;
    text = formats::csv::WithoutByteOrderMark(text);
    const formats::csv::Header header = formats::csv::Header::Parse(text);
    ASSIGN_OR_RETURN(cells.columns_, BindColumns(header));
    cells.year_ =
        header.Has("service") || header.Has("rpc_id") ? CasperYear::k2022 : CasperYear::k2021;
    std::vector<uint32_t> ends;
    std::string line_text;
    size_t at = std::min(text.find('\n'), text.size() - 1) + 1;
    while (at < text.size()) {
      const size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = text.substr(at, end - at);
      at = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      if (formats::csv::Unquote(line, line_text, ends) != 0 || ends.size() - 1 > header.columns()) {
        ++skipped;
        continue;
      }
      cells.Add(line_text, ends);
    }
    return cells;
  }

  size_t rows() const { return cells_.size() / kColumns; }
  CasperYear year() const { return year_; }
  // A view without data: missing.
  std::string_view At(size_t row, Column column) const {
    const auto [begin, size] = cells_[row * kColumns + column];
    return size == kMissing ? std::string_view() : std::string_view(store_.data() + begin, size);
  }

 private:
  static constexpr uint32_t kMissing = ~0u;

  void Add(const std::string& line, const std::vector<uint32_t>& ends) {
    for (size_t i = 0; i < kColumns; ++i) {
      const uint32_t column = columns_[i];
      if (column >= ends.size() - 1) {
        cells_.emplace_back(0, kMissing);
        continue;
      }
      const uint32_t begin = ends[column] + 1;
      const std::string_view cell(line.data() + begin, ends[column + 1] - begin);
      cells_.emplace_back(store_.size(), graph::CasperMissing(cell)
                                             ? kMissing
                                             : static_cast<uint32_t>(cell.size()));
      store_ += cell;
    }
  }

  std::vector<uint32_t> columns_;
  CasperYear year_ = CasperYear::k2021;
  std::string store_;
  std::vector<std::pair<size_t, uint32_t>> cells_;
};

// rt as pandas' astype(float) takes it. False: it raises.
bool ParseRt(std::string_view cell, double& rt) {
  if (cell.data() == nullptr) {
    rt = std::nan("");
    return true;
  }
  const std::string text(cell);
  char* end = nullptr;
  rt = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size();
}

class Conversion {
 public:
  Conversion(const Cells& cells, CasperMode mode, const formats::Encoder& encoder, OutputFile& out)
      : cells_(cells), mode_(mode), encoder_(encoder), out_(out) {}

  Result<CasperConverted> Run() {
    std::string header;
    encoder_.Header(header);
    RETURN_IF_ERROR(out_.Write(header));
    for (const std::vector<uint32_t>& rows : Traces()) {
      ++done_.traces;
      if (cells_.year() == CasperYear::k2022 && HasOddRt(rows)) {
        ++done_.dropped;
        continue;
      }
      RETURN_IF_ERROR(Trace(rows));
    }
    return done_;
  }

 private:
  // Rows of each trace, traces in the order of their first row; rows without a trace id are not
  // reached by the original.
  std::vector<std::vector<uint32_t>> Traces() {
    std::vector<std::vector<uint32_t>> traces;
    std::unordered_map<std::string_view, size_t> known;
    for (uint32_t row = 0; row < cells_.rows(); ++row) {
      ++done_.rows_read;
      const std::string_view id = cells_.At(row, kTrace);
      if (id.data() == nullptr) continue;
      const auto [at, added] = known.try_emplace(id, traces.size());
      if (added) traces.emplace_back();
      traces[at->second].push_back(row);
    }
    return traces;
  }

  bool HasOddRt(const std::vector<uint32_t>& rows) const {
    return std::any_of(rows.begin(), rows.end(), [&](uint32_t row) {
      const std::string_view rt = cells_.At(row, kRt);
      return rt == "None" || rt.starts_with("MS_");
    });
  }

  Result<void> Trace(const std::vector<uint32_t>& rows) {
    std::vector<CasperRow> trace;
    bool readable = true;
    for (const uint32_t row : rows) {
      CasperRow r{cells_.At(row, kPath), Name(row, kCaller), cells_.At(row, kKind),
                  Name(row, kCallee), 0};
      readable &= ParseRt(cells_.At(row, kRt), r.rt);
      trace.push_back(r);
    }
    const graph::CasperAnswer answer =
        readable ? graph::CasperTrace(trace, cells_.year())
                 : graph::CasperAnswer{{}, {}, {}, {}, false, false, true};
    if (answer.crashed) {
      ++done_.crashed;
      return {};
    }
    done_.propagation += answer.propagation_error;
    done_.data_loss += answer.data_loss;
    done_.unaffected += !answer.propagation_error && !answer.data_loss;
    const auto& kept = mode_ == CasperMode::kRpcid      ? answer.rpcid
                       : mode_ == CasperMode::kAccurate ? answer.accurate
                       : mode_ == CasperMode::kPartial  ? answer.partial
                                                        : answer.rebuild;
    return Write(rows, kept);
  }

  // 2022 writes UNKNOWN where 2021 writes (?).
  std::string_view Name(uint32_t row, Column column) const {
    const std::string_view name = cells_.At(row, column);
    return cells_.year() == CasperYear::k2022 && name == "UNKNOWN" ? "(?)" : name;
  }

  Result<void> Write(const std::vector<uint32_t>& rows,
                     const std::vector<graph::CasperKept>& kept) {
    batch_.Clear();
    for (const graph::CasperKept& k : kept) {
      model::Call call;
      call.trace = model::TraceId::Parse(cells_.At(rows.front(), kTrace));
      call.caller = Service(k.um);
      call.callee = Service(k.dm);
      call.from_user = k.um == "USER";
      if (k.source != graph::CasperKept::kInserted) FillFromRow(rows[k.source], call);
      batch_.SetPath(call, k.rpcid);
      batch_.calls.push_back(call);
    }
    text_.clear();
    encoder_.Encode(batch_, names_, text_);
    done_.rows_written += kept.size();
    return out_.Write(text_);
  }

  void FillFromRow(uint32_t row, model::Call& call) {
    const auto operation = cells_.At(row, kOperation);
    if (!formats::alibaba::IsMissing(operation)) call.operation = names_.Operation(operation);
    call.entry = names_.Operation(cells_.At(row, kEntry));
    const auto instance = [&](Column column) {
      const std::string_view text = cells_.At(row, column);
      return formats::alibaba::IsMissing(text) ? model::kNoInstance : names_.Instance(text);
    };
    call.caller_instance = instance(kCallerInstance);
    call.callee_instance = instance(kCalleeInstance);
    call.kind = formats::alibaba::ParseKind(cells_.At(row, kKind));
    double time = 0;
    if (cells_.At(row, kTime).data() != nullptr && ParseRt(cells_.At(row, kTime), time)) {
      call.start_ns = static_cast<int64_t>(time) * 1'000'000;
      if (cells_.year() == CasperYear::k2021) call.start_ns += formats::alibaba::kEpoch2021Ns;
    }
    double rt = 0;
    if (ParseRt(cells_.At(row, kRt), rt) && !std::isnan(rt)) {
      call.duration_ns = std::llround(std::abs(rt) * 1e6);
      if (cells_.year() == CasperYear::k2021 && rt != 0) {
        call.side = rt < 0 ? model::Side::kServer : model::Side::kClient;
      }
    }
  }

  model::ServiceId Service(std::string_view name) {
    return formats::alibaba::IsMissing(name) || name == "USER" ? model::kNoService
                                                               : names_.Service(name);
  }

  const Cells& cells_;
  CasperMode mode_;
  const formats::Encoder& encoder_;
  OutputFile& out_;
  model::Names names_;
  model::CallBatch batch_;
  std::string text_;
  CasperConverted done_;
};

}  // namespace

std::optional<CasperMode> ParseCasperMode(std::string_view text) {
  static constexpr std::pair<std::string_view, CasperMode> kModes[] = {
      {"casper-exact", CasperMode::kRebuild},
      {"casper-exact:rebuild", CasperMode::kRebuild},
      {"casper-exact:partial", CasperMode::kPartial},
      {"casper-exact:rpcid", CasperMode::kRpcid},
      {"casper-exact:accurate", CasperMode::kAccurate}};
  for (const auto& [name, mode] : kModes) {
    if (name == text) return mode;
  }
  return std::nullopt;
}

Result<CasperConverted> ConvertLikeCasper(const std::string& path, CasperMode mode,
                                          const formats::Format* to, OutputFile& out) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  uint64_t skipped = 0;
  auto cells = Cells::Read(text, skipped);
  if (!cells) {
    cells.error().where = {path, 1};
    return tl::unexpected(cells.error());
  }
  if (to == nullptr) {
    ASSIGN_OR_RETURN(to, formats::FindFormat(cells->year() == CasperYear::k2021 ? "alibaba-2021"
                                                                                : "alibaba-2022"));
  }
  ASSIGN_OR_RETURN(const auto encoder, EncoderFor(*to, out));
  ASSIGN_OR_RETURN(CasperConverted done, Conversion(*cells, mode, *encoder, out).Run());
  done.rows_skipped = skipped;
  return done;
}

}  // namespace plumbago::engine
