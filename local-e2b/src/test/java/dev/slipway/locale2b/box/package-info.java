@NullMarked
package dev.slipway.locale2b.box;

import org.jspecify.annotations.NullMarked;
