/// One webhook call, from its headers to its record.
@NullMarked
package dev.slipway.ingress.delivery;

import org.jspecify.annotations.NullMarked;
