@NullMarked
package dev.slipway.sandbox.inside;

import org.jspecify.annotations.NullMarked;
