/// Does things later.
@NullMarked
package dev.slipway.locale2b.timer;

import org.jspecify.annotations.NullMarked;
