# Third parties, each as a target that one room links. Static where Debian ships an archive, so that the
# program needs nothing but glibc.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_path(PLUMBAGO_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(PLUMBAGO_XXHASH_INCLUDE xxhash.h REQUIRED)

function(archive name file)
  find_library(PLUMBAGO_${name} NAMES ${file} ${ARGN} REQUIRED)
  add_library(plumbago::${name} UNKNOWN IMPORTED)
  set_target_properties(plumbago::${name} PROPERTIES IMPORTED_LOCATION ${PLUMBAGO_${name}})
endfunction()
archive(zstd libzstd.a)
archive(isal libisal.a isal)  # Debian ships no archive of it: ./dev package puts the library beside the program
archive(zlib libz.a)

if(PLUMBAGO_TESTS)
  find_package(GTest REQUIRED)
  find_path(PLUMBAGO_RAPIDCHECK_INCLUDE rapidcheck.h REQUIRED)
  find_library(PLUMBAGO_RAPIDCHECK rapidcheck REQUIRED)
endif()
if(PLUMBAGO_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
