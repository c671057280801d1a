#include "generate/row_writer.h"

#include <algorithm>

namespace plumbago::generate {
namespace {

constexpr size_t kBatchRows = 256;

void Fill(const RowArena& arena, const RowRecord& row, model::CallBatch& batch) {
  const RowTrace& trace = arena.traces[row.trace];
  model::Call& call = batch.calls.emplace_back();
  call.trace = trace.id;
  call.entry = trace.online_service;
  call.start_ns = int64_t{row.start_ms} * 1'000'000;
  call.duration_ns = int64_t{row.duration_ms} * 1'000'000;
  call.caller = row.caller;
  call.callee = row.callee;
  call.operation = row.operation;
  call.caller_instance = row.caller_pod;
  call.callee_instance = row.callee_pod;
  call.kind = row.kind;
  call.side = row.side;
  if ((row.flags & kRowAnswered) != 0) {
    call.status = (row.flags & kRowFailed) != 0 ? model::Status::kError : model::Status::kOk;
  }
  call.from_user = (row.flags & kRowFromUser) != 0;
  call.path_offset = static_cast<uint32_t>(batch.paths.size());
  call.path_size = row.path_size;
  batch.paths.append(arena.paths, row.path_offset, row.path_size);
}

}  // namespace

void RowWriter::Write(const std::vector<const RowArena*>& arenas, int64_t start_ms,
                      int64_t length_ms, std::string& out) {
  if (order_ == Order::kTrace) {
    for (const RowArena* arena : arenas) {
      for (const RowRecord& row : arena->rows) Add(*arena, row, out);
    }
    Flush(out);
    return;
  }
  slots_.assign(static_cast<size_t>(length_ms) + 1, 0);
  for (const RowArena* arena : arenas) {
    for (const RowRecord& row : arena->rows) {
      ++slots_[static_cast<size_t>(row.start_ms - start_ms) + 1];
    }
  }
  for (size_t i = 1; i < slots_.size(); ++i) slots_[i] += slots_[i - 1];
  refs_.resize(slots_.back());
  for (uint32_t a = 0; a < arenas.size(); ++a) {
    const std::vector<RowRecord>& rows = arenas[a]->rows;
    for (uint32_t r = 0; r < rows.size(); ++r) {
      refs_[slots_[static_cast<size_t>(rows[r].start_ms - start_ms)]++] = {a, r};
    }
  }
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < refs_.size(); ++i) {
    if (i + kAhead < refs_.size()) {
      const Ref& next = refs_[i + kAhead];
      __builtin_prefetch(&arenas[next.arena]->rows[next.row]);
    }
    const RowArena& arena = *arenas[refs_[i].arena];
    Add(arena, arena.rows[refs_[i].row], out);
  }
  Flush(out);
}

void RowWriter::Add(const RowArena& arena, const RowRecord& row, std::string& out) {
  if ((row.flags & (kRowLost | kRowMalformed)) != 0) [[unlikely]] {
    if ((row.flags & kRowLost) == 0) AddGarbage(arena, row, out);
    return;
  }
  Fill(arena, row, batch_);
  if ((row.flags & kRowTwice) != 0) Fill(arena, row, batch_);
  if (batch_.calls.size() >= kBatchRows) Flush(out);
}

void RowWriter::Flush(std::string& out) {
  if (batch_.calls.empty()) return;
  encoder_.Encode(batch_, names_, out);
  batch_.Clear();
}

// What a collector leaves of a row: its beginning, the row run into the next one, or noise. None of
// them has the right number of columns.
void RowWriter::AddGarbage(const RowArena& arena, const RowRecord& row, std::string& out) {
  Flush(out);
  Fill(arena, row, batch_);
  line_.clear();
  Flush(line_);
  while (!line_.empty() && (line_.back() == '\n' || line_.back() == '\r')) line_.pop_back();
  const uint64_t bits = arena.traces[row.trace].id.Hash() + row.path_offset;
  const size_t columns = static_cast<size_t>(std::count(line_.begin(), line_.end(), ','));
  switch (bits % 3) {
    case 0: {  // cut off before the last comma or earlier
      const size_t end = columns == 0 ? 0 : line_.rfind(',');
      out.append(line_, 0, std::min(end, 12 + bits / 3 % 48));
      break;
    }
    case 1:
      out.append(line_);
      out.append(1, ',').append(line_);
      break;
    default:
      out.append("\x01\x02garbage \xff\xfe");
      break;
  }
  out += '\n';
}

}  // namespace plumbago::generate
