@NullMarked
package dev.slipway.pipeline.live;

import org.jspecify.annotations.NullMarked;
