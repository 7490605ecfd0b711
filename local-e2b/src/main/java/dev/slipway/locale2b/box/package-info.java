/// Boxes: the machine's own programs run in them, with files, processes and a network of their own.
///
/// Convenience isolation, not a boundary for hostile code: a box shares the kernel with everything
/// else, and a hole in the kernel is a way out of it.
@NullMarked
package dev.slipway.locale2b.box;

import org.jspecify.annotations.NullMarked;
