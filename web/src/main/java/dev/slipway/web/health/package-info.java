/// What an operator sees of a service: health, readiness, metrics, traces.
@NullMarked
package dev.slipway.web.health;

import org.jspecify.annotations.NullMarked;
