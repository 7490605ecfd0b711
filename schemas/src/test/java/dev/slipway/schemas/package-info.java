@NullMarked
package dev.slipway.schemas;

import org.jspecify.annotations.NullMarked;
