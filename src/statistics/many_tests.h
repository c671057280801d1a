// Several tests at once: a p-value each, and which of them count.
//
// Benjamini, Hochberg, "Controlling the false discovery rate: a practical and powerful approach to
// multiple testing", JRSS B 57, 1995: of what is reported, at most a share q is expected to be
// chance. It holds for positively dependent tests as well (Benjamini, Yekutieli, Annals of
// Statistics 29, 2001). If nothing at all is there, it reports something in at most a share q of
// all runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumbago::statistics {

// Adjusted p-values: test i counts at level q where the i-th is at most q. `tests`: how many there
// were in all, of which `p` are those that could count (at least p.size()).
std::vector<double> BenjaminiHochberg(std::span<const double> p, size_t tests);

// Probability that of `drawn` balls out of `all`, of which `marked` are marked, at least `hits` are
// marked: Fisher's exact test, one-sided ("Statistical Methods for Research Workers", 1934). Of
// counts that make no sense: 1.
double HypergeometricTail(uint64_t hits, uint64_t drawn, uint64_t marked, uint64_t all);

}  // namespace plumbago::statistics
