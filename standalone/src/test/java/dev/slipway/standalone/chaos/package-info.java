@NullMarked
package dev.slipway.standalone.chaos;

import org.jspecify.annotations.NullMarked;
