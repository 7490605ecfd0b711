@NullMarked
package dev.slipway.ingress;

import org.jspecify.annotations.NullMarked;
