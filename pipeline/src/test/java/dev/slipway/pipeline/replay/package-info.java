@NullMarked
package dev.slipway.pipeline.replay;

import org.jspecify.annotations.NullMarked;
