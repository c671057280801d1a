# Third parties, each as a target. Static where Debian ships an archive or we can make one, so that the program
# needs little more than glibc: only ISA-L and simdjson are shared objects (./dev package puts them beside the program).
find_package(Threads REQUIRED)

function(plumbago_header name file)  # plumbago_header(xxhash xxhash.h): headers alone
  find_path(PLUMBAGO_${name}_INCLUDE ${file} REQUIRED)
  add_library(plumbago_${name} INTERFACE)
  target_include_directories(plumbago_${name} SYSTEM INTERFACE ${PLUMBAGO_${name}_INCLUDE})
  add_library(plumbago::${name} ALIAS plumbago_${name})
endfunction()
plumbago_header(expected tl/expected.hpp)
plumbago_header(xxhash xxhash.h)
plumbago_header(robin_map tsl/robin_map.h)
plumbago_header(tomlplusplus toml++/toml.h)

find_path(PLUMBAGO_FMT_INCLUDE fmt/format-inl.h REQUIRED)
add_library(plumbago_fmt STATIC cmake/fmt.cc)
target_include_directories(plumbago_fmt SYSTEM PUBLIC ${PLUMBAGO_FMT_INCLUDE})
target_compile_options(plumbago_fmt PRIVATE -w)
add_library(plumbago::fmt ALIAS plumbago_fmt)

function(plumbago_library name)  # plumbago_library(zstd libzstd.a): the first file name that is there
  find_library(PLUMBAGO_${name} NAMES ${ARGN} REQUIRED)
  add_library(plumbago::${name} UNKNOWN IMPORTED)
  set_target_properties(plumbago::${name} PROPERTIES IMPORTED_LOCATION ${PLUMBAGO_${name}})
endfunction()
plumbago_library(zstd libzstd.a)
plumbago_library(zlib libz.a)
plumbago_library(isal libisal.a isal)
plumbago_library(simdjson libsimdjson.a simdjson)

if(PLUMBAGO_TESTS)
  find_package(GTest REQUIRED)
  find_path(PLUMBAGO_RAPIDCHECK_INCLUDE rapidcheck.h REQUIRED)
  find_library(PLUMBAGO_RAPIDCHECK rapidcheck REQUIRED)
endif()
if(PLUMBAGO_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
