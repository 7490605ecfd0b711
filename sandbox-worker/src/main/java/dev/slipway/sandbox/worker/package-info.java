/// Who does what sandboxes ask for, and who looks after what the provider has.
@NullMarked
package dev.slipway.sandbox.worker;

import org.jspecify.annotations.NullMarked;
