// How the figures of a shape answer to headlines: from where a sample or a pilot came out to where
// the next one should.
//
// Steps are damped and bounded, since corrections touch each other: several rounds settle.
#pragma once

#include <optional>

#include "generate/sample_walk.h"
#include "generate/shape.h"
#include "generate/targets.h"
#include "generate/trace_options.h"

namespace plumbago::generate {

// Between 1 / most and most.
double Clamped(double ratio, double most);
// target / measured to a power below 1; 1 where nothing is known.
double Factor(std::optional<double> target, std::optional<double> measured, double power,
              double most = 2);
double Odds(double share);

// Parameters that one headline each answers to most.
void CorrectShape(const Targets& targets, const SampleValues& values, Shape& shape);
// `seen`: of the pilot.
void CorrectTimes(const Targets& targets, const Targets& seen, Shape& shape);
void CorrectDamage(const Targets& targets, const Targets& seen, DamageShares& damage);

}  // namespace plumbago::generate
