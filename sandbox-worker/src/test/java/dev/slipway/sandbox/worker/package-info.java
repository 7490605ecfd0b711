@NullMarked
package dev.slipway.sandbox.worker;

import org.jspecify.annotations.NullMarked;
