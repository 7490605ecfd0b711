@NullMarked
package dev.slipway.pipeline.disk;

import org.jspecify.annotations.NullMarked;
