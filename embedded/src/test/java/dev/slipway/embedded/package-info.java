@NullMarked
package dev.slipway.embedded;

import org.jspecify.annotations.NullMarked;
