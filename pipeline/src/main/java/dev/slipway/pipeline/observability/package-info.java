/// What the kernel tells of itself: readiness, liveness, traces, a paced log.
@NullMarked
package dev.slipway.pipeline.observability;

import org.jspecify.annotations.NullMarked;
