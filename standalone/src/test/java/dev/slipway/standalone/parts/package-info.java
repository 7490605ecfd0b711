@NullMarked
package dev.slipway.standalone.parts;

import org.jspecify.annotations.NullMarked;
