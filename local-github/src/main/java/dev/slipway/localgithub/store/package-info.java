/// What the server knows besides its git repositories, on disk.
@NullMarked
package dev.slipway.localgithub.store;

import org.jspecify.annotations.NullMarked;
