@NullMarked
package dev.slipway.pipeline.lifecycle;

import org.jspecify.annotations.NullMarked;
