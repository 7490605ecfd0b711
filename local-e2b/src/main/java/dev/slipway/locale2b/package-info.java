/// Sandboxes on this machine, for whoever speaks E2B's protocol.
@NullMarked
package dev.slipway.locale2b;

import org.jspecify.annotations.NullMarked;
