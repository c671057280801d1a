// The encoder of a format, and the file made ready for what it writes.
#pragma once

#include <memory>

#include "base/output_file.h"
#include "base/result.h"
#include "formats/format.h"

namespace plumbago::engine {

// Errors: kUnsupported if the format is only read; those of its stage.
inline Result<std::unique_ptr<formats::Encoder>> EncoderFor(const formats::Format& to,
                                                            OutputFile& out) {
  ASSIGN_OR_RETURN(auto encoder, to.Write());
  ASSIGN_OR_RETURN(auto stage, encoder->Stage());
  out.Through(std::move(stage));
  return encoder;
}

}  // namespace plumbago::engine
