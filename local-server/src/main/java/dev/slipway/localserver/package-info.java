/// What the local doubles of foreign services share: a small HTTP server on loopback that counts
/// the calls it gets and misbehaves when it is asked to.
@NullMarked
package dev.slipway.localserver;

import org.jspecify.annotations.NullMarked;
