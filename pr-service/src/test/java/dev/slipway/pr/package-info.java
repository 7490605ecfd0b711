@NullMarked
package dev.slipway.pr;

import org.jspecify.annotations.NullMarked;
