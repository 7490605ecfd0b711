/// Whether there is room left where an installation keeps its data.
@NullMarked
package dev.slipway.pipeline.disk;

import org.jspecify.annotations.NullMarked;
