@NullMarked
package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.NullMarked;
