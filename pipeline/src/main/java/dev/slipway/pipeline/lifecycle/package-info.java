/// What runs for as long as the application does.
@NullMarked
package dev.slipway.pipeline.lifecycle;

import org.jspecify.annotations.NullMarked;
