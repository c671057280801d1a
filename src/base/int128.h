// 128-bit integers for exact sums; ISO C++ has none, so the extension is named once.
#pragma once

namespace plumbago {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

}  // namespace plumbago
