/// The data directory of an installation: its state, its secrets, its locks and where its parts
/// listen.
@NullMarked
package dev.slipway.standalone.directory;

import org.jspecify.annotations.NullMarked;
