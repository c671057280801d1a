#include "model/damage.h"

#include "base/check.h"

namespace plumbago::model {
namespace {

constexpr DamageInfo kInfos[kDamages] = {
    {Damage::kMalformed, "malformed", "malformed",
     "a line that is no row: wrong number of columns, or a value that cannot be read; the line is "
     "lost"},
    {Damage::kDuplicate, "duplicate", "duplicate",
     "a row said again in every column, beyond the two sides of a call; it is joined with the "
     "first"},
    {Damage::kCopy, "copy", "copy",
     "the same span delivered again by a replicated store; it is joined with the first"},
    {Damage::kMissingParent, "missing_parent", "missing parent",
     "a call whose caller's rows are lost; rebuild inserts the caller"},
    {Damage::kPropagation, "propagation", "propagation",
     "different calls under one id, because the context was not passed on; rebuild tells them "
     "apart"},
    {Damage::kConflictingCaller, "conflicting_caller", "conflicting caller",
     "the row's caller is not the callee of its parent call; rebuild trusts the better evidence"},
    {Damage::kUnknownName, "unknown_name", "unknown name",
     "caller or callee is missing in the row; rebuild fills it in from the other row, the parent "
     "or the children"},
    {Damage::kSign, "sign", "sign",
     "both rows of a call claim the same side; rebuild takes the longer one for the caller's"},
    {Damage::kCutArchive, "cut_archive", "cut archive",
     "a compressed file ends early or is damaged inside; what came before is used"},
    {Damage::kLeftCut, "left_cut", "cut at the start",
     "a trace that began before the data does; its first calls are not there"},
    {Damage::kRightCut, "right_cut", "cut at the end",
     "a trace still at work when the data ends; its last calls may not be there"},
    {Damage::kReusedId, "reused_id", "reused id",
     "a trace whose rows begin long after its id was made: the id was used again, or a long job"},
    {Damage::kUnreadable, "unreadable", "unreadable file",
     "a file that could not be opened or read; the others are used"},
    {Damage::kTooLong, "too_long", "too long",
     "a record, name or id beyond what is kept; it is lost"},
    {Damage::kTooLargeTrace, "too_large_trace", "trace too large",
     "a trace whose rows need more memory than --memory allows; its rows are left out"},
    {Damage::kClosedTooEarly, "closed_too_early", "closed too early",
     "a trace that a saved state counted as whole and another one holds more of: the result is not "
     "exact; save with a longer --open-window, or with --open all"},
    {Damage::kWrongTime, "wrong_time", "wrong time",
     "a span that ends before it starts, or whose time cannot be; it is taken as empty, or as of "
     "no "
     "known time"},
    {Damage::kClockSkew, "clock_skew", "clock skew",
     "a span of a host whose clock differs from those that it calls or is called by: servers would "
     "begin before their clients sent; its times are shifted by what the calls tell"},
    {Damage::kCircle, "circle", "circle",
     "spans that are below themselves by the ids of their parents; the circle is opened at the one "
     "that starts first"},
    {Damage::kNotFetched, "not_fetched", "not fetched",
     "a time window, a trace or a part of one that a server was asked for and did not give; the "
     "table `fetch` says which"},
};

bool Stands(const Example& a, const Origin& b) {
  return a.origin.block != b.block ? a.origin.block < b.block : a.origin.line <= b.line;
}

}  // namespace

const DamageInfo& Describe(Damage damage) { return kInfos[static_cast<size_t>(damage)]; }

void DamageCounts::Add(Damage damage, const Example& example) {
  Add(damage);
  auto& first = examples_[Slot(damage)];
  if (!first || !Stands(*first, example.origin)) first = example;
}

bool DamageCounts::WantsExample(Damage damage, const Origin& origin) const {
  const auto& first = examples_[Slot(damage)];
  return !first || !Stands(*first, origin);
}

const Example* DamageCounts::First(Damage damage) const {
  const auto& first = examples_[Slot(damage)];
  return first ? &*first : nullptr;
}

void DamageCounts::Merge(const DamageCounts& other) {
  for (size_t i = 0; i < kDamages; ++i) {
    counts_[i] += other.counts_[i];
    const auto& theirs = other.examples_[i];
    if (theirs && (!examples_[i] || !Stands(*examples_[i], theirs->origin))) examples_[i] = theirs;
  }
}

}  // namespace plumbago::model
