/// What an operator sees of a service: health, readiness, metrics, traces.
@NullMarked
package dev.slipway.pipeline.observability;

import org.jspecify.annotations.NullMarked;
