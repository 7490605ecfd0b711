@NullMarked
package dev.slipway.pr.pullrequest;

import org.jspecify.annotations.NullMarked;
