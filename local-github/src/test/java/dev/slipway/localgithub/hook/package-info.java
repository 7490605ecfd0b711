@NullMarked
package dev.slipway.localgithub.hook;

import org.jspecify.annotations.NullMarked;
