package dev.slipway.standalone;

import java.io.PrintWriter;

/// Tells people what is going on while they wait, on standard error.
///
/// @param err standard error
/// @param quiet whether to keep silent
record Progress(PrintWriter err, boolean quiet) {
  void say(String what) {
    if (!quiet) {
      err.println(what);
      err.flush();
    }
  }
}
