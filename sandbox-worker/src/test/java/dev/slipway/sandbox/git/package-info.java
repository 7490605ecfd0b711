@NullMarked
package dev.slipway.sandbox.git;

import org.jspecify.annotations.NullMarked;
