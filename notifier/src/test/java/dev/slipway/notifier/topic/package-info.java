@NullMarked
package dev.slipway.notifier.topic;

import org.jspecify.annotations.NullMarked;
