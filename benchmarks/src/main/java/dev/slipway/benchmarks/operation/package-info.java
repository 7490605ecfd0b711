/// How fast operations are made.
@NullMarked
package dev.slipway.benchmarks.operation;

import org.jspecify.annotations.NullMarked;
