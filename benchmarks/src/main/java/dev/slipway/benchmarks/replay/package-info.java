/// How fast a log becomes state.
@NullMarked
package dev.slipway.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
