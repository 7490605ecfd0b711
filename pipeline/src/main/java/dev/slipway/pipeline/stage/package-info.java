/// The stage: records in, one transaction, states and positions out.
@NullMarked
package dev.slipway.pipeline.stage;

import org.jspecify.annotations.NullMarked;
