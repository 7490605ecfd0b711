/// The GitHub App of this server, its installation, and the tokens of that.
@NullMarked
package dev.slipway.localgithub.app;

import org.jspecify.annotations.NullMarked;
