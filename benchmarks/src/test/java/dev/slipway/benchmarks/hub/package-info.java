@NullMarked
package dev.slipway.benchmarks.hub;

import org.jspecify.annotations.NullMarked;
