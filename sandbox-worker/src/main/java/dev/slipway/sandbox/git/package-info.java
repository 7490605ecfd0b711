/// Repositories on their way into sandboxes and out again. No credential of ours ever enters a
/// sandbox, and no object of a sandbox ever enters our git: in goes a snapshot, out comes a patch.
@NullMarked
package dev.slipway.sandbox.git;

import org.jspecify.annotations.NullMarked;
