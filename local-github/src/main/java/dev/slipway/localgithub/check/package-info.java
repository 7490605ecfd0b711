/// Statuses and check runs of commits.
@NullMarked
package dev.slipway.localgithub.check;

import org.jspecify.annotations.NullMarked;
