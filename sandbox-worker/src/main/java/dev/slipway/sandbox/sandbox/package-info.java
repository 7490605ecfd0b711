/// Sandboxes: from the wish for one to its end, and what is done in them.
@NullMarked
package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.NullMarked;
