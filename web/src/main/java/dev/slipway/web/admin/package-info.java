/// What operators ask of a service's stages.
@NullMarked
package dev.slipway.web.admin;

import org.jspecify.annotations.NullMarked;
