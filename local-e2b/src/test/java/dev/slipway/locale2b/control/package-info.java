@NullMarked
package dev.slipway.locale2b.control;

import org.jspecify.annotations.NullMarked;
