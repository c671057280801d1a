// Makes the formats of this room known to the registry of formats, and what folders of stores mean.
#pragma once

namespace plumbago::store {

// Before the registry is first asked, while there is one thread; once.
void RegisterStore();

}  // namespace plumbago::store
