/// How many webhooks a second are kept.
@NullMarked
package dev.slipway.benchmarks.ingress;

import org.jspecify.annotations.NullMarked;
