/// What the API shows of operations, whichever service's worker makes them.
@NullMarked
package dev.slipway.web.operation;

import org.jspecify.annotations.NullMarked;
