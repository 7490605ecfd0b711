@NullMarked
package dev.slipway.pipeline.observability;

import org.jspecify.annotations.NullMarked;
