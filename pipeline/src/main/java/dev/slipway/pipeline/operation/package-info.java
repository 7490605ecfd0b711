/// Workers: who makes the calls to the outside that decisions ask for.
@NullMarked
package dev.slipway.pipeline.operation;

import org.jspecify.annotations.NullMarked;
