/// What services share about live events: where an event is addressed to, and how clients name a
/// place in the log of notifications.
@NullMarked
package dev.slipway.pipeline.live;

import org.jspecify.annotations.NullMarked;
