@NullMarked
package dev.slipway.notifier.router;

import org.jspecify.annotations.NullMarked;
