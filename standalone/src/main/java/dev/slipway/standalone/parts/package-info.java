/// The parts of an installation: which there are, on which ports, how they start and end.
@NullMarked
package dev.slipway.standalone.parts;

import org.jspecify.annotations.NullMarked;
