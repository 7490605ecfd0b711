/// Tasks: what is to be done in a repository, from the wish to the end of its one pull request.
@NullMarked
package dev.slipway.pr.task;

import org.jspecify.annotations.NullMarked;
