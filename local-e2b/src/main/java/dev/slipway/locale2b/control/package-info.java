/// The control plane: which sandboxes there are, for how long, and what they may reach.
@NullMarked
package dev.slipway.locale2b.control;

import org.jspecify.annotations.NullMarked;
