@NullMarked
package dev.slipway.sandbox.e2b;

import org.jspecify.annotations.NullMarked;
