/// Reviews of pull requests, what is said about them, and their labels.
@NullMarked
package dev.slipway.localgithub.review;

import org.jspecify.annotations.NullMarked;
