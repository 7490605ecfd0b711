/// The rules that every HTTP path follows: who gets in, how much of it, and what an error looks
/// like. Services contribute controllers and [dev.slipway.pipeline.security.AccessRule]s, and throw
/// [ApiException].
@NullMarked
package dev.slipway.pipeline.web;

import org.jspecify.annotations.NullMarked;
