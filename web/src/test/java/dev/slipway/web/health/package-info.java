@NullMarked
package dev.slipway.web.health;

import org.jspecify.annotations.NullMarked;
