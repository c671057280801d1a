// A section in full: every headline, finding, table and figure, and how it was computed.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// `top` rows of each table.
void AddSection(const document::Section& section, size_t top, Screen& screen);

// All but the heading with title and question.
void AddSectionBody(const document::Section& section, size_t top, Screen& screen);

// The kinds of damage, each with its help and its first place.
void AddDamageInFull(const document::Document& document, Screen& screen);

}  // namespace plumbago::render
