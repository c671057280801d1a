// One trace as a picture of its spans in time, with its critical path.
#pragma once

#include "engine/trace_search.h"
#include "render/waterfall.h"

namespace plumbago::cli {

// At most `most_spans`: first those on the critical path and above, then the others as they stand.
render::Waterfall WaterfallOf(const engine::ShownTrace& shown, const model::Names& names,
                              size_t most_spans);

}  // namespace plumbago::cli
