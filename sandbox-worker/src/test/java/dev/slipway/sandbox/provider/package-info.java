@NullMarked
package dev.slipway.sandbox.provider;

import org.jspecify.annotations.NullMarked;
