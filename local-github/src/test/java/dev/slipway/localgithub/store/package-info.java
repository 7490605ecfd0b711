@NullMarked
package dev.slipway.localgithub.store;

import org.jspecify.annotations.NullMarked;
