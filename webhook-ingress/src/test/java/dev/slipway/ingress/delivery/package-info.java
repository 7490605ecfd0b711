@NullMarked
package dev.slipway.ingress.delivery;

import org.jspecify.annotations.NullMarked;
