/// What every HTTP path has in common: who gets in, how much of it, and what an error looks like.
/// [SlipwayApplication] starts a service; services contribute controllers and
/// [dev.slipway.web.security.AccessRule]s, and throw [ApiException].
@NullMarked
package dev.slipway.web;

import org.jspecify.annotations.NullMarked;
