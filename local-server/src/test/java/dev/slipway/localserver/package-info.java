@NullMarked
package dev.slipway.localserver;

import org.jspecify.annotations.NullMarked;
