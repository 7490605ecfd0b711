/// Deliveries and pull requests in Postgres.
@NullMarked
package dev.slipway.pr;

import org.jspecify.annotations.NullMarked;
