/// Names that notifications are published under and clients ask for.
@NullMarked
package dev.slipway.notifier.topic;

import org.jspecify.annotations.NullMarked;
