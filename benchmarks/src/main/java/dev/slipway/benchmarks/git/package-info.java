/// How fast repositories go into sandboxes, and branches come out.
@NullMarked
package dev.slipway.benchmarks.git;

import org.jspecify.annotations.NullMarked;
