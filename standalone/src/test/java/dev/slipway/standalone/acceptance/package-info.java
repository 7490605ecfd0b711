/// The product seen from outside: real processes, real HTTP, no knowledge of the code behind it.
@NullMarked
package dev.slipway.standalone.acceptance;

import org.jspecify.annotations.NullMarked;
