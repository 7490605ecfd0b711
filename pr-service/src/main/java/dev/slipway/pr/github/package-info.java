/// What is said to GitHub: typed calls, within the budget of calls that write.
@NullMarked
package dev.slipway.pr.github;

import org.jspecify.annotations.NullMarked;
