/// What all of GitHub's answers have in common: who asks, errors, pages, conditions.
@NullMarked
package dev.slipway.localgithub.api;

import org.jspecify.annotations.NullMarked;
