@NullMarked
package dev.slipway.localgithub;

import org.jspecify.annotations.NullMarked;
