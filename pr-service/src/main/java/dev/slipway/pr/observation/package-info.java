/// What GitHub answered when it was asked, on its way to the log.
@NullMarked
package dev.slipway.pr.observation;

import org.jspecify.annotations.NullMarked;
