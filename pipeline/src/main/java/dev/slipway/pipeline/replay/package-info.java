/// Reading the past again on purpose: replays that operators ask for.
@NullMarked
package dev.slipway.pipeline.replay;

import org.jspecify.annotations.NullMarked;
