/// Tests of publishing.
@NullMarked
package dev.slipway.pipeline.publish;

import org.jspecify.annotations.NullMarked;
