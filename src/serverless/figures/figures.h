// What a workload of functions looks like: one file a section, each a pure function of the
// workload. Figures 1 to 8 of "Serverless in the Wild" by the paper's definitions, over its curves;
// and periods, bursts, applications invoked together, starts of instances.
//
// An application with a weight stands for so many: they count so often everywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "document/document.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// What all sections may know.
struct FigureContext {
  const Workload& load;
  unsigned threads = 1;
  size_t table_rows = 20;  // so many of a long table are wanted

  // Of what is known of whom; set by Context().
  double days = 0;           // that the counts by minute tell of, missing days not counted
  uint64_t apps = 0;         // invoked, by weight
  uint64_t functions = 0;    // invoked, by weight
  uint64_t invocations = 0;  // by weight
  bool triggers = false;     // at least one is known
  bool apps_whole = false;   // functions are known by application: not each one alone
  bool weighted = false;     // some application stands for several

  bool whole_day() const { return days >= 1; }
};
FigureContext Context(const Workload& load, unsigned threads, size_t table_rows);

struct FigureSection {
  const char* id;
  const char* title;
  const char* question;
  const char* source;
  // Fills headline, findings, tables, figures and what of `computed` depends on the data; false:
  // the data are of another kind, and there is no such section.
  bool (*make)(const FigureContext& context, document::Section& section);
};

// In the order of the report.
std::span<const FigureSection> FigureSections();

std::vector<document::Section> MakeFigureSections(const FigureContext& context);

}  // namespace plumbago::serverless
