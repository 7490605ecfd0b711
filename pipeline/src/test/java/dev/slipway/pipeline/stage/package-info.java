@NullMarked
package dev.slipway.pipeline.stage;

import org.jspecify.annotations.NullMarked;
