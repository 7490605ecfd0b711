/// Opens one pull request for a head: a request becomes an operation, whose worker looks before it
/// creates and once more behind it.
@NullMarked
package dev.slipway.pr.opening;

import org.jspecify.annotations.NullMarked;
