/// The stage of "a new stage in one hour" (docs/ARCHITECTURE.md), compiled and run.
@NullMarked
package dev.slipway.pipeline.example;

import org.jspecify.annotations.NullMarked;
