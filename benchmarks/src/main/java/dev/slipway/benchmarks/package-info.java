/// Measurements of Slipway side by side with others: each contestant in turn, several rounds, in
/// one run, because machines differ and are noisy. Only ratios travel.
@NullMarked
package dev.slipway.benchmarks;

import org.jspecify.annotations.NullMarked;
