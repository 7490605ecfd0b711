@NullMarked
package dev.slipway.pipeline.core;

import org.jspecify.annotations.NullMarked;
