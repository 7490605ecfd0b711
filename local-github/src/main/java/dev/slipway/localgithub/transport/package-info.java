/// Git over HTTP, as GitHub serves it.
@NullMarked
package dev.slipway.localgithub.transport;

import org.jspecify.annotations.NullMarked;
