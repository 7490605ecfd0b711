/// Who calls ([Caller]), what they may do ([Scope], [AccessRule]), whom a repository belongs to
/// ([Tenants]). No HTTP here: the package above applies it.
@NullMarked
package dev.slipway.web.security;

import org.jspecify.annotations.NullMarked;
