/// A GitHub on this machine, for whoever speaks its REST API and git over HTTP.
@NullMarked
package dev.slipway.localgithub;

import org.jspecify.annotations.NullMarked;
