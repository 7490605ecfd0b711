/// The two kinds of failure that a caller must tell apart; every other exception is a bug.
@NullMarked
package dev.slipway.pipeline.error;

import org.jspecify.annotations.NullMarked;
