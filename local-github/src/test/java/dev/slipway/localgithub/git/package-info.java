@NullMarked
package dev.slipway.localgithub.git;

import org.jspecify.annotations.NullMarked;
