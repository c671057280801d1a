#include "graph/trace_builder.h"

#include <algorithm>

#include "graph/call_paths.h"
#include "graph/call_positions.h"
#include "graph/damage_detection.h"
#include "graph/graph_measure.h"
#include "graph/rebuild.h"
#include "graph/span_calls.h"
#include "graph/span_tree.h"
#include "graph/span_view.h"
#include "graph/trace_draft.h"
#include "graph/tree_order.h"
#include "graph/written_modes.h"

namespace plumbago::graph {
namespace {

using Choice = CallerChoice::Kind;

// What was done to a row, on what evidence. Of several the one that matters most to the graph.
// Without commas: they stand in CSV.
namespace action {
constexpr const char* kNothing = "";
constexpr const char* kDuplicate =
    "joined with its equal: every column is the same and no second record was expected";
constexpr const char* kSign =
    "both rows of the call claim the same side: the longer was taken for the caller's";
constexpr const char* kSplit =
    "told apart from the other calls of its id: callee or operation or sides or times do not fit "
    "one call";
constexpr const char* kNames =
    "a missing name filled in: from the call's other row or the call above or the calls below";
constexpr const char* kConflict =
    "linked by its id: the caller's name is another but no other call fits";
constexpr const char* kSharedAbove =
    "linked to one of the calls that share the id above: its name and time and siblings fit best";
constexpr const char* kSameId =
    "linked to the call whose id it repeats: that is the caller it names and the times fit";
constexpr const char* kElsewhere =
    "linked to a call elsewhere: that is the caller it names and the times fit and an id is wrong";
constexpr const char* kLost = "the caller's rows are lost: inserted since the id leads there";
constexpr const char* kLostBeside =
    "the caller's rows are lost: inserted beside the call that has its id since the names exclude "
    "that one";
constexpr const char* kUndecided = "several calls fit about as well: the caller is not stated";
constexpr const char* kFolded =
    "folded into the call that its service was working on: work inside a service is no call";
constexpr const char* kSpanLost = "the parent's row is lost: inserted since its id is given";
constexpr const char* kCircle = "the ids of parents lead in a circle: opened here";
constexpr const char* kSpanShared =
    "linked to one of the spans that share the parent's id: its name and time fit best";
constexpr const char* kLeftOut = "left out: not certain or below something that is not";
}  // namespace action

constexpr uint32_t kSpanRow = 1u << 31;

bool HasSpan(const Row& row) {
  return row.path.empty() && (row.call->span | row.call->parent_span) != 0;
}

}  // namespace

struct TraceBuilder::Impl {
  explicit Impl(const model::Names& all_names)
      : names(all_names),
        drafter(all_names),
        rebuild(all_names),
        paths(all_names),
        span_tree(all_names) {}

  const model::Names& names;
  model::TraceId trace;
  std::span<const Row> rows;
  TraceDrafter drafter;
  TraceDraft draft;
  FoundDamage damage;  // of all rows
  Rebuild rebuild;
  bool rebuilt = false;
  WrittenCalls written;
  TreeOrder tree;
  CallPaths paths;
  MeasuredGraph measured;

  // Rows without a path that have span ids. Traces without such rows use none of this.
  bool has_spans = false;
  FoundDamage path_damage, span_damage;
  SpanTree span_tree;
  SpanCalls span_calls;
  bool calls_made = false;                // of an undamaged span tree: the same in every mode
  std::vector<Row> path_rows, span_rows;  // of a trace that has both
  std::vector<uint32_t> path_numbers, span_numbers;  // which rows of the trace they are
  std::vector<uint32_t> place;    // by row: which of its kind; kSpanRow: a span's
  std::vector<DraftCall> joined;  // the drafts of both
  std::vector<uint32_t> joined_draft_of_row;
  std::vector<uint8_t> kept_spans;
  CallPositions positions;
  bool keep_spans = false;
  bool certain_spans = false;  // `span_calls` has marked those that the mode keeps
  SpanView span_view;
  uint32_t first_span_draft = 0;  // the drafts of rows with paths stand before

  // Of the last Build.
  RepairMode mode = RepairMode::kNone;
  const std::vector<DraftCall>* drafts = nullptr;
  const std::vector<uint32_t>* draft_of_row = nullptr;
  std::vector<uint8_t> kept;       // by draft; empty: all
  std::vector<uint32_t> preorder;  // drafts
  std::vector<uint32_t> call_of_draft;
  std::vector<TraceCall> made;  // at least as many as `calls`
  std::span<TraceCall> calls;
  bool inferred = false;  // the calls of rows with paths are those of `rebuild`

  bool undamaged() const { return !damage.changes_graph; }
  void LoadSpans(model::DamageCounts& counts);
  void ChooseDrafts();
  void ChooseSpanCalls();
  void JoinSpanCalls();
  bool IsSpan(uint32_t row) const { return has_spans && (place[row] & kSpanRow) != 0; }
  uint8_t MarksOf(uint32_t row) const {
    if (!has_spans) return draft.marks[row];
    return IsSpan(row) ? span_tree.marks()[place[row] & ~kSpanRow] : draft.marks[place[row]];
  }
  bool Folded(uint32_t row) const {
    return IsSpan(row) && span_calls.folded(span_tree.node_of_row(place[row] & ~kSpanRow));
  }
  const char* SpanAction(uint32_t row) const;
  void FillCalls();
  void FillGraph(CallGraph& graph) const;
  const char* Action(uint32_t row) const;
};

// Parts the rows by how they are linked.
void TraceBuilder::Impl::LoadSpans(model::DamageCounts& counts) {
  path_rows.clear();
  span_rows.clear();
  path_numbers.clear();
  span_numbers.clear();
  place.resize(rows.size());
  for (uint32_t row = 0; row < rows.size(); ++row) {
    const bool span = HasSpan(rows[row]);
    std::vector<Row>& part = span ? span_rows : path_rows;
    place[row] = static_cast<uint32_t>(part.size()) | (span ? kSpanRow : 0u);
    part.push_back(rows[row]);
    (span ? span_numbers : path_numbers).push_back(row);
  }
  drafter.Draft(path_rows, draft);
  path_damage = FindDamage(draft, names, counts);
  uint32_t roots = 0;
  for (const PathGroup& group : draft.groups) roots += group.ancestor == kNone ? 1 : 0;
  span_tree.Load(span_rows);
  span_tree.Link(SpanTree::Reading::kRebuilt);
  span_damage = span_tree.FindDamage(roots, counts);
  calls_made = false;
  damage.duplicates = path_damage.duplicates + span_damage.duplicates;
  damage.damaged_rows = path_damage.damaged_rows + span_damage.damaged_rows;
  damage.changes_graph = path_damage.changes_graph || span_damage.changes_graph;
}

void TraceBuilder::Impl::ChooseDrafts() {
  kept.clear();
  drafts = &draft.drafts;
  draft_of_row = &draft.draft_of_row;
  inferred = false;
  const bool path_damaged = has_spans ? path_damage.changes_graph : damage.changes_graph;
  if (path_damaged) {
    if (mode == RepairMode::kNone || mode == RepairMode::kRpcid) {
      LinkAsWritten(draft, mode == RepairMode::kNone, written);
      drafts = &written.drafts;
      draft_of_row = &written.draft_of_row;
    } else {
      if (!rebuilt) rebuild.Run(draft);
      rebuilt = true;
      inferred = true;
      drafts = &rebuild.drafts();
      if (mode == RepairMode::kPartial) rebuild.MarkCertain(kept);
    }
  }
  if (!has_spans) return;
  ChooseSpanCalls();
  JoinSpanCalls();
}

void TraceBuilder::Impl::ChooseSpanCalls() {
  kept_spans.clear();
  certain_spans = false;
  if (calls_made) return;
  if (!span_damage.changes_graph) {
    span_calls.Make(span_tree, true);
    calls_made = true;
    return;
  }
  const bool as_written = mode == RepairMode::kNone || mode == RepairMode::kRpcid;
  span_tree.Link(as_written ? SpanTree::Reading::kWritten : SpanTree::Reading::kRebuilt);
  span_calls.Make(span_tree, !as_written);
  if (mode == RepairMode::kPartial) {
    span_calls.MarkCertain(span_tree, kept_spans);
    certain_spans = true;
  }
}

// The calls of spans behind those of rows with paths.
void TraceBuilder::Impl::JoinSpanCalls() {
  const auto first = static_cast<uint32_t>(drafts->size());
  first_span_draft = first;
  joined_draft_of_row.resize(rows.size());
  for (uint32_t row = 0; row < rows.size(); ++row) {
    const uint32_t at = place[row] & ~kSpanRow;
    joined_draft_of_row[row] =
        IsSpan(row) ? first + span_calls.draft_of(span_tree.node_of_row(at)) : (*draft_of_row)[at];
  }
  if (!kept.empty() || !kept_spans.empty()) {
    if (kept.empty()) kept.assign(first, 1);
    if (kept_spans.empty()) kept_spans.assign(span_calls.drafts().size(), 1);
    kept.insert(kept.end(), kept_spans.begin(), kept_spans.end());
  }
  draft_of_row = &joined_draft_of_row;
  if (first == 0 && path_rows.empty()) {
    drafts = &span_calls.drafts();
    return;
  }
  joined = *drafts;
  for (DraftCall& call : joined) {
    if (call.first_row != kNone) call.first_row = path_numbers[call.first_row];
  }
  for (DraftCall call : span_calls.drafts()) {
    if (call.first_row != kNone) call.first_row = span_numbers[call.first_row];
    if (call.parent != kNone) call.parent += first;
    joined.push_back(call);
  }
  drafts = &joined;
}

void TraceBuilder::Impl::FillCalls() {
  call_of_draft.assign(drafts->size(), kNone);
  // Every field is set here or in Measure, so what was there stays.
  if (made.size() < preorder.size()) made.resize(preorder.size());
  calls = std::span(made).first(preorder.size());
  for (uint32_t i = 0; i < preorder.size(); ++i) {
    const DraftCall& from = (*drafts)[preorder[i]];
    call_of_draft[preorder[i]] = i;
    TraceCall& call = calls[i];
    call.parent = from.parent == kNone ? kNone : call_of_draft[from.parent];
    call.caller = from.caller;
    call.callee = from.callee;
    call.operation = from.operation;
    call.caller_instance = from.caller_instance;
    call.callee_instance = from.callee_instance;
    call.client = from.client;
    call.server = from.server;
    call.confidence = from.confidence;
    call.rows = from.rows;
    call.mended = from.mended;
    call.kind = from.kind;
    call.status = from.status;
  }
}

void TraceBuilder::Impl::FillGraph(CallGraph& graph) const {
  graph = {};
  graph.trace = trace;
  graph.weight = rows.front().call->weight;
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  for (const uint32_t d : preorder) {
    const DraftCall& call = (*drafts)[d];
    if (call.start_ns == model::kNoTime || call.rows == 0) continue;
    if (graph.start_ns == model::kNoTime || call.start_ns < graph.start_ns)
      graph.start_ns = call.start_ns;
    graph.end_ns =
        std::max(graph.end_ns, call.timed() ? call.start_ns + call.duration_ns : call.start_ns);
  }
  const DraftCall& entry = (*drafts)[preorder.front()];
  graph.entry_service = entry.callee;
  graph.entry = entry.entry != model::kNoOperation ? entry.entry : entry.operation;

  Repairs& repairs = graph.repairs;
  repairs.rows = static_cast<uint32_t>(rows.size()) - damage.duplicates;
  if (has_spans) {
    repairs.folded = span_calls.folded_rows();
    repairs.sides_inferred = span_calls.inferred();
    repairs.from_queues = span_calls.from_queues();
  }
  if (undamaged()) return;
  for (const TraceCall& call : calls) {
    if (call.mended == kMendedNothing) continue;
    if (call.mended & kMendedLink) {
      ++repairs.mended_links;
      repairs.confidence_links += static_cast<double>(call.confidence);
    }
    repairs.mended_names +=
        (call.mended & (kMendedCaller | kMendedCallee)) != 0 && call.rows > 0 ? 1 : 0;
    repairs.inserted += (call.mended & kMendedInserted) != 0 ? 1 : 0;
    repairs.split += (call.mended & kMendedSplit) != 0 ? 1 : 0;
  }
  if (kept.empty()) return;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    if ((MarksOf(row) & kRowDuplicate) == 0 && !kept[(*draft_of_row)[row]]) ++repairs.rows_unplaced;
  }
}

const char* TraceBuilder::Impl::Action(uint32_t row) const {
  if (IsSpan(row)) return SpanAction(row);
  const uint8_t marks = MarksOf(row);
  if (inferred) {
    const uint32_t d = (*draft_of_row)[row];
    const CallerChoice& choice = rebuild.choices()[d];
    const DraftCall& call = (*drafts)[d];
    if (!choice.decided) return action::kUndecided;
    if (choice.kind == Choice::kLost) return choice.beside ? action::kLostBeside : action::kLost;
    if (choice.kind == Choice::kCall) {
      if (choice.off_path) {
        return draft.drafts[choice.parent].group == draft.drafts[d].group ? action::kSameId
                                                                          : action::kElsewhere;
      }
      if (choice.candidates > 1) return action::kSharedAbove;
      if (marks & kRowConflict) return action::kConflict;
    }
    if (call.shared) return action::kSplit;
  }
  if (marks & kRowDuplicate) return action::kDuplicate;
  if ((marks & kRowUnknownName) && (inferred || mode == RepairMode::kRpcid)) return action::kNames;
  if (marks & kRowSign) return action::kSign;
  return action::kNothing;
}

const char* TraceBuilder::Impl::SpanAction(uint32_t row) const {
  const uint8_t marks = MarksOf(row);
  const SpanNode& node = span_tree.nodes()[span_tree.node_of_row(place[row] & ~kSpanRow)];
  const bool lost = node.link == SpanNode::Link::kLost && node.parent != kNone;
  if (node.link == SpanNode::Link::kCut) return action::kCircle;
  if (lost) return action::kSpanLost;
  if (node.confidence < 1) return action::kSpanShared;
  if (marks & kRowShared) return action::kSplit;
  if (marks & kRowDuplicate) return action::kDuplicate;
  if (marks & kRowConflict) return action::kConflict;
  return action::kNothing;
}

TraceBuilder::TraceBuilder(const model::Names& names) : impl_(std::make_unique<Impl>(names)) {}
TraceBuilder::~TraceBuilder() = default;

void TraceBuilder::KeepSpans(bool keep) { impl_->keep_spans = keep; }

bool TraceBuilder::Load(const model::TraceId& trace, std::span<const Row> rows,
                        model::DamageCounts& damage) {
  Impl& impl = *impl_;
  impl.trace = trace;
  impl.rebuilt = false;
  impl.drafts = nullptr;
  impl.rows = rows;
  impl.has_spans = std::any_of(rows.begin(), rows.end(), HasSpan);
  if (impl.has_spans) {
    impl.LoadSpans(damage);
  } else {
    impl.drafter.Draft(rows, impl.draft);
    impl.damage = FindDamage(impl.draft, impl.names, damage);
  }
  return impl.undamaged();
}

uint32_t TraceBuilder::damaged_rows() const { return impl_->damage.damaged_rows; }

uint32_t TraceBuilder::joined_rows() const {
  return static_cast<uint32_t>(impl_->rows.size()) - impl_->damage.duplicates;
}

bool TraceBuilder::Build(RepairMode mode, CallGraph& graph) {
  Impl& impl = *impl_;
  impl.mode = mode;
  impl.drafts = nullptr;
  if (impl.rows.empty() || (mode == RepairMode::kAccurate && !impl.undamaged())) return false;
  impl.ChooseDrafts();
  impl.tree.Order(*impl.drafts, impl.kept, impl.preorder);
  if (impl.preorder.empty()) {
    impl.drafts = nullptr;
    return false;
  }
  impl.FillCalls();
  Measure(impl.calls, impl.measured);
  impl.FillGraph(graph);
  if (impl.has_spans) {
    impl.positions.Start(impl.calls);
    if (impl.keep_spans) {
      graph.spans = impl.span_view.Make(
          impl.span_tree, impl.span_calls,
          std::span<const uint32_t>(impl.call_of_draft).subspan(impl.first_span_draft),
          impl.certain_spans);
    }
  } else {
    impl.paths.Start(*impl.drafts, impl.preorder, impl.inferred);
  }
  return true;
}

void TraceBuilder::Fates(std::vector<RowFate>& fates) const {
  const Impl& impl = *impl_;
  fates.assign(impl.rows.size(), {});
  if (impl.drafts == nullptr) return;
  const std::vector<DraftCall>& drafts = *impl.drafts;
  for (uint32_t row = 0; row < fates.size(); ++row) {
    RowFate& fate = fates[row];
    const uint32_t d = (*impl.draft_of_row)[row];
    if (impl.Folded(row)) {
      fate.action = action::kFolded;
      continue;
    }
    fate.call = impl.call_of_draft[d];
    fate.placed = fate.call != kNone;
    if (!fate.placed) {
      fate.action = action::kLeftOut;
      continue;
    }
    fate.confidence = drafts[d].confidence;
    fate.action = impl.Action(row);
    const bool stated = !impl.inferred || impl.IsSpan(row) || impl.rebuild.choices()[d].decided;
    const uint32_t parent = drafts[d].parent;
    if (parent == kNone || !stated) continue;
    fate.parent_row = drafts[parent].first_row;
    fate.parent_inserted = drafts[parent].rows == 0;
  }
}

std::string TraceBuilder::CallPath(uint32_t call) const {
  return impl_->has_spans ? impl_->positions.Text(call) : impl_->paths.Text(impl_->preorder[call]);
}

}  // namespace plumbago::graph
