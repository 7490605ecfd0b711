@NullMarked
package dev.slipway.pr.task;

import org.jspecify.annotations.NullMarked;
