@NullMarked
package dev.slipway.pr.delivery;

import org.jspecify.annotations.NullMarked;
