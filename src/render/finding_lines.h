// Findings as lines of a screen: short for the first screen, in full for a section.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// Verdict mark and claim, then the effect with its interval, or why it cannot be said. `note` (may
// be empty) stands at the right edge where there is room.
Lines ShortFinding(const document::Finding& finding, std::string_view note, int width);

// Everything a finding holds.
Lines FullFinding(const document::Finding& finding, int width);

// ✓ supported, ✗ contradicted, ? cannot say.
const char* VerdictSign(document::Verdict verdict);
// "supported", "contradicted", "cannot say".
const char* VerdictText(document::Verdict verdict);

// "callers: 8.70 % (7.90 – 9.60 %; 95 %, bootstrap over traces)", "" where there is no effect.
std::string EffectText(const document::Effect& effect);

}  // namespace plumbago::render
