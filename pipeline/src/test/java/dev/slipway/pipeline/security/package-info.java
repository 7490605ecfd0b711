@NullMarked
package dev.slipway.pipeline.security;

import org.jspecify.annotations.NullMarked;
