/// From domain events to public notifications, each exactly once.
@NullMarked
package dev.slipway.notifier.router;

import org.jspecify.annotations.NullMarked;
