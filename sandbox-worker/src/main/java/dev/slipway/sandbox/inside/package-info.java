/// What callers see and change inside of a sandbox at once, without an operation: files, and what
/// it uses.
@NullMarked
package dev.slipway.sandbox.inside;

import org.jspecify.annotations.NullMarked;
