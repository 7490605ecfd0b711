/// What became of each webhook: the first stage over github.deliveries.
@NullMarked
package dev.slipway.pr.delivery;

import org.jspecify.annotations.NullMarked;
