/// From notifications to the clients that wait for them, over server-sent events.
@NullMarked
package dev.slipway.notifier.hub;

import org.jspecify.annotations.NullMarked;
