/// How fast tasks become pull requests, and where their time goes.
@NullMarked
package dev.slipway.benchmarks.task;

import org.jspecify.annotations.NullMarked;
