@NullMarked
package dev.slipway.pr.github;

import org.jspecify.annotations.NullMarked;
