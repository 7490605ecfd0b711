@NullMarked
package dev.slipway.standalone.directory;

import org.jspecify.annotations.NullMarked;
