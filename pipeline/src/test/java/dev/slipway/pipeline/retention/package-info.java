@NullMarked
package dev.slipway.pipeline.retention;

import org.jspecify.annotations.NullMarked;
