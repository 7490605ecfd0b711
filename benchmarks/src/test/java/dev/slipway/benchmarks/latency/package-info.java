@NullMarked
package dev.slipway.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
