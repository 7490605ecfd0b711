/// Events as clients see them, as they happen.
@NullMarked
package dev.slipway.notifier;

import org.jspecify.annotations.NullMarked;
