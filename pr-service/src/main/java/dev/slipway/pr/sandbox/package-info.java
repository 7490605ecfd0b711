/// Sandboxes as far as pull requests come of them: which repository they are for, what they pushed,
/// and which pull request that became.
@NullMarked
package dev.slipway.pr.sandbox;

import org.jspecify.annotations.NullMarked;
