/// How fast a stage answers requests.
@NullMarked
package dev.slipway.benchmarks.door;

import org.jspecify.annotations.NullMarked;
