@NullMarked
package dev.slipway.web.github;

import org.jspecify.annotations.NullMarked;
