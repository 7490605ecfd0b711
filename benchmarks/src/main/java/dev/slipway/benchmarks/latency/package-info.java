/// How long it takes from a webhook to a client of the event stream.
@NullMarked
package dev.slipway.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
