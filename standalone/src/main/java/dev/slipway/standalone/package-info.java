/// The `slipway` command: everything in one process, its parts one by one, and the tools of
/// operators.
@NullMarked
package dev.slipway.standalone;

import org.jspecify.annotations.NullMarked;
