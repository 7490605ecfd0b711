@NullMarked
package dev.slipway.locale2b.envd;

import org.jspecify.annotations.NullMarked;
