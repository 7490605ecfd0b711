/// Commits, trees and files.
@NullMarked
package dev.slipway.localgithub.content;

import org.jspecify.annotations.NullMarked;
