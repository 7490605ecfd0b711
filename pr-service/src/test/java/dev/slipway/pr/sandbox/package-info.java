@NullMarked
package dev.slipway.pr.sandbox;

import org.jspecify.annotations.NullMarked;
