@NullMarked
package dev.slipway.pipeline.web;

import org.jspecify.annotations.NullMarked;
