/// Pull requests, from their opening until they are merged or closed.
@NullMarked
package dev.slipway.localgithub.pull;

import org.jspecify.annotations.NullMarked;
