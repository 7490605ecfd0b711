/// Commands in a sandbox: begun once, followed by whoever holds their operation, published as they
/// print.
@NullMarked
package dev.slipway.sandbox.command;

import org.jspecify.annotations.NullMarked;
