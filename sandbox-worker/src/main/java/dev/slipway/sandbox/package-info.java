/// `sandbox-worker`: sandboxes, and what is done in them.
@NullMarked
package dev.slipway.sandbox;

import org.jspecify.annotations.NullMarked;
