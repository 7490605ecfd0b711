/// How fast the database side is.
@NullMarked
package dev.slipway.benchmarks.database;

import org.jspecify.annotations.NullMarked;
