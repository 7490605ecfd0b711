@NullMarked
package dev.slipway.pipeline.rebuild;

import org.jspecify.annotations.NullMarked;
