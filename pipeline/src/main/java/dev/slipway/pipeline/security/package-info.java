/// Who calls ([Caller]), what they may do ([Scope], [AccessRule]), whom a repository belongs to
/// ([Tenants]), and values that nobody may see ([Secret]). No HTTP here: `web` applies it.
@NullMarked
package dev.slipway.pipeline.security;

import org.jspecify.annotations.NullMarked;
