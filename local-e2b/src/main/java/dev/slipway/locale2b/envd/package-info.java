/// The daemon of a sandbox: processes, files and watches, over the Connect protocol and HTTP.
@NullMarked
package dev.slipway.locale2b.envd;

import org.jspecify.annotations.NullMarked;
