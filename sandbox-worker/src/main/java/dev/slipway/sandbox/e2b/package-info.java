/// Sandboxes of E2B: its control plane and envd, the program that serves each sandbox.
@NullMarked
package dev.slipway.sandbox.e2b;

import org.jspecify.annotations.NullMarked;
