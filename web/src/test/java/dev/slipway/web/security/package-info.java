@NullMarked
package dev.slipway.web.security;

import org.jspecify.annotations.NullMarked;
