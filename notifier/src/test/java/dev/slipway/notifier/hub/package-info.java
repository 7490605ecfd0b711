@NullMarked
package dev.slipway.notifier.hub;

import org.jspecify.annotations.NullMarked;
