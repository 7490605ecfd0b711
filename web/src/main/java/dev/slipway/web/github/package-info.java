/// How GitHub, or what speaks as it does, is reached: what several services must agree on.
@NullMarked
package dev.slipway.web.github;

import org.jspecify.annotations.NullMarked;
