@NullMarked
package dev.slipway.pr.reading;

import org.jspecify.annotations.NullMarked;
