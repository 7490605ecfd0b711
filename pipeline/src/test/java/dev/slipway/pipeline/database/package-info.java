@NullMarked
package dev.slipway.pipeline.database;

import org.jspecify.annotations.NullMarked;
