/// Whether the log says what the rows say: folds it from its beginning and compares.
@NullMarked
package dev.slipway.pipeline.rebuild;

import org.jspecify.annotations.NullMarked;
