// How far the files of an interrupted run were read, as bytes in its state.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/read_progress.h"
#include "statistics/state_bytes.h"

namespace plumbago::engine {

void SaveProgress(std::span<const formats::FileProgress> files, std::string& out);
// False: the bytes make no sense.
[[nodiscard]] bool LoadProgress(statistics::StateReader& in,
                                std::vector<formats::FileProgress>& files);

}  // namespace plumbago::engine
