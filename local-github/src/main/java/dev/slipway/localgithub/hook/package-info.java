/// Webhooks: who is told what happens, and what became of each delivery.
@NullMarked
package dev.slipway.localgithub.hook;

import org.jspecify.annotations.NullMarked;
