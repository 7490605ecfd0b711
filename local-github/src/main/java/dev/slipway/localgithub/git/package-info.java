/// The machine's git: repositories, and what clients send to and get from them.
@NullMarked
package dev.slipway.localgithub.git;

import org.jspecify.annotations.NullMarked;
