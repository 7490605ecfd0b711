@NullMarked
package dev.slipway.pr.opening;

import org.jspecify.annotations.NullMarked;
