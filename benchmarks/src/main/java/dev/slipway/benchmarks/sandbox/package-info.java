/// How fast commands run in sandboxes, and how soon their output is seen.
@NullMarked
package dev.slipway.benchmarks.sandbox;

import org.jspecify.annotations.NullMarked;
