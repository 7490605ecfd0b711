/// Values that nobody may see ([Secret]), where they come from, and settings that are refused.
@NullMarked
package dev.slipway.pipeline.security;

import org.jspecify.annotations.NullMarked;
