/// What is deleted when it is old, where an installation does not keep everything.
@NullMarked
package dev.slipway.pipeline.retention;

import org.jspecify.annotations.NullMarked;
