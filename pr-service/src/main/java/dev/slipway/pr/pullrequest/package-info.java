/// Pull requests: a join of everything that GitHub says of them, so that neither order nor
/// repetition of what came in shows in the row.
@NullMarked
package dev.slipway.pr.pullrequest;

import org.jspecify.annotations.NullMarked;
