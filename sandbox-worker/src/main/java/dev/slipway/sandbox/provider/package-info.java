/// What a worker needs of whoever runs sandboxes, in words that are not that one's own.
@NullMarked
package dev.slipway.sandbox.provider;

import org.jspecify.annotations.NullMarked;
